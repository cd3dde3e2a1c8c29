"""Wrong passwords, counted for all workers together: 5 per account and 20 per address in 15 minutes.

Keys are keyed digests, so that the table names neither a user nor an address.
"""

from __future__ import annotations

from datetime import timedelta

from flask import request

from hotline.store import accounts
from hotline.web.context import now, services

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 5
PER_ADDRESS = 20


def throttled(username: str) -> bool:
    """Whether this account or this address has failed too often in the present window."""
    with services().read() as store:
        return any(accounts.attempts(store.session, key, now(), WINDOW) >= limit for key, limit in _keys(username))


def count_failure(username: str) -> None:
    """Count one wrong password against the account and the address."""
    for key, _ in _keys(username):
        accounts.count_attempt(services().engine, key, now(), WINDOW)


def forget(username: str) -> None:
    """Forget the account's failures after a login that succeeded; the address keeps its own."""
    key, _ = _keys(username)[0]
    with services().read() as store:
        failed = accounts.attempts(store.session, key, now(), WINDOW)
    if failed:
        accounts.forget_attempts(services().engine, key)


def _keys(username: str) -> tuple[tuple[str, int], tuple[str, int]]:
    sign = services().keyring.sign
    return (
        (sign(f"login|account|{username.casefold()}".encode()), PER_ACCOUNT),
        (sign(f"login|address|{request.remote_addr}".encode()), PER_ADDRESS),
    )
