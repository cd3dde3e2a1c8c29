"""How rare a pair of neighbouring characters is in complaints, and which pairs of a text an index keeps.

`rarity.txt` holds the pairs that stand in several of the corpus's texts (`training_data/texts`) with the number of
those texts, as `table_of` writes it; any other pair is rarer. The table belongs to the rows of `text_gram`: whoever
changes it makes these anew, in a migration.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import product, repeat
from math import log
from pathlib import Path
from string import digits
from typing import TYPE_CHECKING

from hotline.intake.duplicates import bigrams

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE = Path(__file__).with_suffix(".txt")
KEPT, ASKED = 10, 16
"""Pairs of a text that the index keeps, and that a look-up asks for: more, as the other text may say more or less."""
_LEAST = 5
_UNKNOWN = 1
_LAST = 2**31
_SPREAD, _HASH_MASK = 2_654_435_761, 2**32 - 1
_BACK = pow(_SPREAD, -1, 2**32)


def posting_grams(text: str) -> tuple[int, ...]:
    """The numbers under which a text is kept, and found by another that shares some of them."""
    return rarest(text, KEPT)


def rarest(text: str, most: int) -> tuple[int, ...]:
    """The numbers of a text's rarest pairs. Digits say too little: phones, prices and houses are made of the same.

    Of pairs that are equally rare any text takes the same ones, as a hash puts them in order.
    """
    places, pairs = _table().places, bigrams(text)
    found = sorted([_place(pair, _UNKNOWN) for pair in pairs if pair not in places])
    if len(found) < most:  # Those of the table are all less rare.
        found += sorted([places[pair] for pair in pairs if pair in places])
    return tuple([(place & _HASH_MASK) * _BACK & _HASH_MASK for place in found[:most] if place < _LAST << 32])


def weight(pair: str) -> float:
    """What a pair that two texts share tells: nothing for one in every text, about 8 for one that is in none."""
    table = _table()
    return table.weights.get(pair, table.most)


def total_weight(pairs: Iterable[str]) -> float:
    """What all of these pairs tell."""
    table = _table()
    return sum(map(table.weights.get, pairs, repeat(table.most)))


def gram_number(pair: str) -> int:
    """A pair of characters as one number: both code points, as `bigrams` takes none beyond 16 bits."""
    return ord(pair[0]) << 16 | ord(pair[1])


def table_of(texts: Iterable[str]) -> str:
    """The contents of the file for these texts: how many there are, then the pairs that as many of them hold."""
    number, counts = 0, Counter[str]()
    for text in texts:
        number += 1
        counts.update(bigrams(text))
    lines: dict[int, list[str]] = {}
    for pair, count in counts.items():
        if count >= _LEAST:
            lines.setdefault(count, []).append(pair)
    rows = (f"{count} {''.join(sorted(pairs))}" for count, pairs in sorted(lines.items(), reverse=True))
    return "\n".join([str(number), *rows, ""])


def _place(pair: str, count: int) -> int:
    """Where a pair stands in the order of rarity: by count, then by a hash of its number.

    Multiplying by an odd number loses nothing, so that the place tells the pair.
    """
    return count << 32 | (ord(pair[0]) << 16 | ord(pair[1])) * _SPREAD & _HASH_MASK


@dataclass(frozen=True, slots=True)
class _Table:
    """What each pair tells (`most`: one that is not in the table), and its place in the order of rarity.

    Every pair of digits has a place, at the end.
    """

    most: float
    weights: Mapping[str, float]
    places: Mapping[str, int]


@cache
def _table() -> _Table:
    number, *rows = FILE.read_text(encoding="utf-8").splitlines()
    counts: dict[str, int] = {}
    for row in rows:
        count, pairs = row.split(" ", 1)
        counts |= {pairs[at : at + 2]: int(count) for at in range(0, len(pairs), 2)}
    return _Table(
        most=log(int(number) / _UNKNOWN),
        weights={pair: log(int(number) / count) for pair, count in counts.items()},
        places={pair: _place(pair, count) for pair, count in counts.items()}
        | {pair: _place(pair, _LAST) for pair in map("".join, product(digits, repeat=2))},
    )
