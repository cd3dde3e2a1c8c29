"""Finds the keys of characters and of pairs of them.

A character becomes a number once; a pair is then a place in a table, of which only the pages that hold a pair are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

IntArray = NDArray[np.int64]
SmallArray = NDArray[np.signedinteger[Any]]  # of 32 bits wherever they suffice: sorted three times as fast
BLANK = " "  # has number 0, and so has all that stands in no term
_PLANE = 0x10000  # a prepared text holds characters of the basic plane only
_PAGE_BITS = 4
_PAGE = 1 << _PAGE_BITS  # second characters a page: in larger ones more places would be empty


@dataclass(frozen=True, slots=True, eq=False)
class CharacterIndex:
    """Keys of characters by number, and of pairs by both numbers: a table answers ten times as fast as a search.

    A table of all pairs would be nearly empty, so only its pages with a pair are kept: `pages` says where in `pairs`
    the page of a first character (`in_row` pages each) and of some second ones begins.
    """

    numbers: SmallArray
    singles: SmallArray
    pages: SmallArray
    pairs: SmallArray
    in_row: int

    def find(self, texts: Sequence[str]) -> tuple[SmallArray, SmallArray]:
        """The keys of the characters of prepared texts and of the blank behind each, and those of all neighbours."""
        joined = BLANK.join((*texts, "")).encode("utf-16-le")
        numbers = self.numbers.take(np.frombuffer(joined, dtype=np.uint16))
        second = numbers[1:]
        pages = self.pages.take(numbers[:-1] * self.in_row + (second >> _PAGE_BITS))
        return self.singles.take(numbers), self.pairs.take(pages + (second & (_PAGE - 1)))


def _codes(terms: Sequence[str]) -> IntArray:
    """The characters of terms of one length, a row a term."""
    codes = np.frombuffer("".join(terms).encode("utf-16-le"), dtype=np.uint16).astype(np.int64)
    return codes.reshape(len(terms), -1) if terms else codes.reshape(0, 1)


def index_characters(grams: Sequence[str], none: int = 0) -> CharacterIndex:
    """The index of n-grams of one and two characters in the order of their columns; their keys come after that of none.

    Characters of many n-grams get low numbers, so that what most texts look up lies close together.
    """
    columns = np.arange(none + 1, none + 1 + len(grams), dtype=np.int32)
    is_pair = np.fromiter(map(len, grams), np.int64, len(grams)) > 1
    single = _codes([gram for gram in grams if len(gram) == 1])[:, 0]
    pair = _codes([gram for gram in grams if len(gram) > 1]).reshape(-1, 2)
    counts = np.bincount(np.concatenate((single, pair.ravel())), minlength=_PLANE)
    characters = (-counts).argsort(kind="stable")[: np.count_nonzero(counts)]
    numbers = np.zeros(_PLANE, dtype=np.int32)
    numbers[characters] = np.arange(1, len(characters) + 1)
    singles = np.full(len(characters) + 1, none, dtype=np.int32)
    singles[numbers[single]] = columns[~is_pair]
    in_row = len(singles) // _PAGE + 1
    places = numbers[pair[:, 0]].astype(np.int64) * (in_row * _PAGE) + numbers[pair[:, 1]]
    used, page = np.unique(places >> _PAGE_BITS, return_inverse=True)
    pages = np.zeros(len(singles) * in_row, dtype=np.int32)
    pages[used] = np.arange(1, len(used) + 1) << _PAGE_BITS  # the page at 0 is that of all pages without a pair
    pairs = np.full((len(used) + 1) << _PAGE_BITS, none, dtype=np.int32)
    pairs[((page + 1) << _PAGE_BITS) + (places & (_PAGE - 1))] = columns[is_pair]
    return CharacterIndex(numbers, singles, pages, pairs, in_row)
