"""Wrong passwords, counted for all workers together: 5 per account and 20 per address in 15 minutes.

Keys are keyed digests, so that the table names neither a user nor an address.
"""

from __future__ import annotations

from datetime import timedelta

from flask import request

from hotline.store import attempts
from hotline.web.context import now, services

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 5
PER_ADDRESS = 20


def admitted(username: str) -> bool:
    """Count an attempt and say whether its password may be checked.

    It is counted before, because a check takes a while: of many attempts at once none may slip through meanwhile.
    """
    if _closed(username):  # Asked first, so that a closed door costs no write.
        return False
    engine, moment = services().engine, now()
    counts = [attempts.count_attempt(engine, key, moment, WINDOW) <= limit for key, limit in _keys(username)]
    return all(counts)


def forget(username: str) -> None:
    """After the right password: forget the account's failures, and take this attempt off those of the address."""
    (account, _), (address, _) = _keys(username)
    attempts.forget_attempts(services().engine, account)
    attempts.give_back_attempt(services().engine, address, now(), WINDOW)


def _closed(username: str) -> bool:
    with services().read() as store:
        return any(attempts.attempts(store.session, key, now(), WINDOW) >= limit for key, limit in _keys(username))


def _keys(username: str) -> tuple[tuple[str, int], tuple[str, int]]:
    sign = services().keyring.sign
    return (
        (sign(f"login|account|{username.casefold()}".encode()), PER_ACCOUNT),
        (sign(f"login|address|{request.remote_addr}".encode()), PER_ADDRESS),
    )
