"""Finds the model's character n-grams of a text in one sweep of plain arrays, ten times as fast as a dictionary.

A pair is looked up as a number made of its two characters' numbers, a triple as its pair's place and its third
character. A triple stands in no more texts than its pairs do, so whoever holds the triple holds both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

IntArray = NDArray[np.int64]
PLANE = 0x10000  # a prepared text holds characters of the basic plane only
_NEVER = np.iinfo(np.int64).max  # a key past all others, so that every search ends inside the table


@dataclass(frozen=True, slots=True, eq=False)
class GramIndex:
    """Columns by character number (0: unknown), and by the sorted keys of pairs and of triples."""

    numbers: IntArray
    singles: IntArray
    pair_keys: IntArray
    pairs: IntArray
    triple_keys: IntArray
    triples: IntArray

    def find(self, prepared: str) -> IntArray:
        """The columns of the known n-grams of a prepared text, each once, in ascending order."""
        codes = np.frombuffer(prepared.encode("utf-16-le"), dtype=np.uint16)
        numbers = self.numbers[codes]
        singles = self.singles[numbers]
        base = len(self.singles)
        keys = numbers[:-1] * base + numbers[1:]
        places = self.pair_keys.searchsorted(keys)
        hits = self.pair_keys[places] == keys
        both = np.flatnonzero(hits[:-1] & hits[1:])
        keys = places[both] * base + numbers[both + 2]
        found = self.triple_keys.searchsorted(keys)
        triples = self.triples[found[self.triple_keys[found] == keys]]
        columns = np.concatenate((singles[singles >= 0], self.pairs[places[hits]], triples))
        columns.sort()
        first = np.ones(len(columns), dtype=bool)
        np.not_equal(columns[1:], columns[:-1], out=first[1:])
        result: IntArray = columns[first]
        return result


def _table(rows: Iterable[tuple[int, int]]) -> tuple[IntArray, IntArray]:
    """Sorted keys with their columns, and an end that no key reaches."""
    ordered = [*sorted(rows), (_NEVER, -1)]
    table = np.asarray(ordered, dtype=np.int64)
    return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])


def build(grams: Mapping[str, int]) -> GramIndex:
    """The index of n-grams of one to three characters with their columns."""
    characters = sorted({char for gram in grams for char in gram})
    number = {char: place for place, char in enumerate(characters, start=1)}
    numbers = np.zeros(PLANE, dtype=np.int64)
    numbers[[ord(char) for char in characters]] = list(number.values())
    base = len(characters) + 1
    singles = np.asarray([-1, *(grams.get(char, -1) for char in characters)], dtype=np.int64)
    pairs = {gram: column for gram, column in grams.items() if len(gram) == 2}  # noqa: PLR2004 - a pair has two.
    pair_keys, pair_columns = _table(
        (number[pair[0]] * base + number[pair[1]], column) for pair, column in pairs.items()
    )
    ordered = sorted(pairs, key=lambda pair: number[pair[0]] * base + number[pair[1]])
    places = {pair: place for place, pair in enumerate(ordered)}
    triple_keys, triple_columns = _table(
        (places[gram[:2]] * base + number[gram[2]], column)
        for gram, column in grams.items()
        if gram[:2] in places and len(gram) > 2  # noqa: PLR2004 - more than a pair.
    )
    return GramIndex(numbers, singles, pair_keys, pair_columns, triple_keys, triple_columns)
