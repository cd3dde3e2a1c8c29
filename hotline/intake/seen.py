"""What a file has named so far, on scratch paper: a temporary file, so that memory does not grow with the rows.

It is SQLite's because that keeps a large table on the disk and a small part of it in memory; nothing of it outlives the
reading, and it holds digests only, no text.
"""

from __future__ import annotations

import hashlib
import sqlite3

_IN_MEMORY = 4_096
"""Kilobytes of a table that stay in memory."""
_GET = "SELECT value FROM seen WHERE name = ?"
_PUT = "INSERT INTO seen VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


def word(text: str) -> int:
    """64 bits of a text's digest, never 0; two of a million texts agree once in forty million files."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True) or 1


class Seen:
    """A table from words to words; it only grows, and vanishes with its owner."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        # Without a name SQLite makes a file that the system deletes when it is closed, by whatever end.
        held = sqlite3.connect("", isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_IN_MEMORY}"):
            held.execute(f"PRAGMA {pragma}")
        held.execute("CREATE TABLE seen (name INTEGER PRIMARY KEY, value INTEGER NOT NULL)")
        held.execute("BEGIN")
        self._ask = held.execute

    def get(self, key: int) -> int:
        """What stands under a word; 0 where nothing does."""
        found = self._ask(_GET, (key,)).fetchone()
        return int(found[0]) if found else 0

    def put(self, key: int, value: int) -> None:
        """Note a value under a word."""
        self._ask(_PUT, (key, value))
