"""What is kept of a random token, of a login or of a channel."""

from __future__ import annotations

import hashlib


def hash_token(token: str) -> str:
    """What is kept of a random token; it is long and random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
