"""Passwords: argon2id, hashed and checked outside any transaction, few at a time so that memory stays bounded."""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hotline.errors import InvalidInputError

LEAST = 10
MOST = 128
CONCURRENT = 2
"""How many hashes one process computes at once; each takes 46 MiB (OWASP's first recommended setting)."""

_hasher = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
_room = threading.BoundedSemaphore(CONCURRENT)


def check_new_password(password: str, username: str) -> None:
    """Refuse a password that is too short, too long, of few different characters, or holds the user name.

    Raises:
        InvalidInputError: The message says what to change.
    """
    wrong = ""
    if not LEAST <= len(password) <= MOST:
        wrong = f"口令应有{LEAST}到{MOST}个字符"
    elif len(set(password)) < LEAST // 2:
        wrong = "口令中不同的字符太少，请换一个"
    elif username and username.casefold() in password.casefold():
        wrong = "口令中不要包含用户名"
    if wrong:
        message = f"{wrong}。"
        raise InvalidInputError(message, new_password=wrong)


def hash_password(password: str) -> str:
    """The argon2id hash of a password, with its own salt and parameters in it."""
    with _room:
        return _hasher.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; without a hash the same work is done and the answer is no."""
    with _room:
        try:
            _hasher.verify(password_hash or _nobody(), password if len(password) <= MOST else "")
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


@cache
def _nobody() -> str:
    """A hash that no password fits, so that an unknown user name takes as long as a wrong password."""
    return _hasher.hash("\x00")
