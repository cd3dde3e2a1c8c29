"""What a file has named so far, in sixteen bytes a name: a million ids cost 32 MB and no text is kept."""

from __future__ import annotations

import hashlib
from array import array

_START = 1 << 10


def word(text: str) -> int:
    """64 bits of a text's digest, never 0; two of a million texts agree once in forty million files."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1


class Seen:
    """A table from words to words (open addressing, at most half full); it only grows."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._count = 0
        self._keys = array("Q", bytes(8 * _START))
        self._values = array("Q", bytes(8 * _START))

    def __len__(self) -> int:
        """How many words it knows."""
        return self._count

    def get(self, key: int) -> int:
        """What stands under a word; 0 where nothing does."""
        return self._values[self._place(key)]

    def put(self, key: int, value: int) -> None:
        """Note a value under a word (neither is 0)."""
        place = self._place(key)
        if not self._keys[place]:
            self._count += 1
            self._keys[place] = key
        self._values[place] = value
        if self._count * 2 > len(self._keys):
            self._grow()

    def _place(self, key: int) -> int:
        """Where a word stands, or the free place where it would."""
        keys = self._keys
        last = len(keys) - 1
        place = key & last
        while keys[place] and keys[place] != key:
            place = (place + 1) & last
        return place

    def _grow(self) -> None:
        """Twice the places."""
        keys, values = self._keys, self._values
        self._keys = array("Q", bytes(16 * len(keys)))
        self._values = array("Q", bytes(16 * len(keys)))
        for key, value in zip(keys, values, strict=True):
            if key:
                place = self._place(key)
                self._keys[place], self._values[place] = key, value
