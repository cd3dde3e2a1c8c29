"""Finds the model's terms in many texts at once, in sweeps of plain arrays.

A token and a character become numbers once; a pair of characters is then a place in a table. Texts are laid one after
the other with a blank behind each, which stands in no term.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

IntArray = NDArray[np.int64]
BLANK = " "  # has number 0, and so has all that stands in no term
_PLANE = 0x10000  # a prepared text holds characters of the basic plane only
_MOST_NUMBERS = 100_000  # tokens remembered; rarer ones are looked up anew each time


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The columns of texts: those of text k, ascending and each once, lie between `ends[k]` and `ends[k + 1]`."""

    columns: IntArray
    ends: Sequence[int]

    def row(self, text: int) -> IntArray:
        """The columns of one text."""
        return self.columns[self.ends[text] : self.ends[text + 1]]

    def between(self, first: int, end: int) -> Block:
        """Only the columns from `first` to before `end`, counted from `first`."""
        if len(self.ends) == 2:  # noqa: PLR2004 - one text has a begin and an end, and its columns ascend.
            low, high = self.columns.searchsorted((first, end)).tolist()
            return Block(self.columns[low:high] - first, (0, high - low))
        kept = (self.columns >= first) & (self.columns < end)
        before = np.concatenate(([0], kept.cumsum()))
        return Block(self.columns[kept] - first, before.take(self.ends).tolist())


def _block(columns: IntArray, rows: IntArray | None, texts: int, width: int) -> Block:
    """Columns below `width`, sorted, each once a text (`numpy.unique` costs five times as much on short arrays).

    `rows` says in which text each stands; None where there is only one, which spares it half the steps.
    """
    keys = columns if rows is None else rows * width + columns
    keys.sort()
    first = np.ones(len(keys), dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    keys = keys[first]
    if rows is None:
        return Block(keys, (0, len(keys)))
    return Block(keys % width, keys.searchsorted(np.arange(texts + 1) * width).tolist())


def _spread(lengths: Sequence[int]) -> IntArray | None:
    """For each place of texts laid in a row: the number of its text; None for one text."""
    return np.repeat(np.arange(len(lengths)), lengths) if len(lengths) > 1 else None


@dataclass(frozen=True, slots=True, eq=False)
class CharacterIndex:
    """Columns of characters by number, and of pairs by both numbers: a table answers ten times as fast as a search.

    Both hold the column plus one, so that 0 is none, in the smallest type that can, since the table is large.
    """

    numbers: IntArray
    singles: NDArray[Any]
    pairs: NDArray[Any]
    width: int

    def find(self, texts: Sequence[str]) -> Block:
        """The columns of the known characters and pairs of prepared texts."""
        joined = BLANK.join((*texts, "")).encode("utf-16-le")
        numbers = self.numbers[np.frombuffer(joined, dtype=np.uint16)]
        rows = _spread([len(text) + 1 for text in texts])
        found = np.concatenate((self.singles[numbers], self.pairs[numbers[:-1], numbers[1:]]))
        known = found.nonzero()[0]
        rows = None if rows is None else np.concatenate((rows, rows[:-1]))[known]
        return _block(found[known] - np.int64(1), rows, len(texts), self.width)


class _Numbers(dict[str, int]):
    """Token numbers; a token that the model does not know is read as its ending."""

    def __missing__(self, token: str) -> int:
        """The number of the token's last two characters, else of its last one, else 0; remembered."""
        number = self.get(token[-2:]) or self.get(token[-1:], 0)
        if len(self) < _MOST_NUMBERS and len(token) <= _LONGEST:
            self[token] = number
        return number


_LONGEST = 12  # characters; a longer token is a run of letters that will hardly come again


@dataclass(frozen=True, slots=True, eq=False)
class TokenIndex:
    """Number of each token; by number whether it is a word of the model, and the groups that it touches.

    Words have the numbers from 1 on in the order of their columns; endings that are in the dictionary only come after
    them. `groups` has a row for each number, filled up with the number of groups, which is no group; `touches`
    says the same in plain tuples, of those numbers that touch any.
    """

    numbers: Mapping[str, int]
    words: int
    groups: IntArray
    touches: Mapping[int, tuple[int, ...]]
    group_count: int

    def number(self, texts: Sequence[Sequence[str]]) -> Block:
        """The numbers that stand in texts, as a block; 0 and those that are no word's come along."""
        tokens = list(chain.from_iterable(texts))
        numbers = np.fromiter(map(self.numbers.__getitem__, tokens), np.int64, len(tokens))
        return _block(numbers, _spread(list(map(len, texts))), len(texts), len(self.groups))

    def touching(self, tokens: Sequence[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The different tokens that touch a group, each with its groups."""
        touches = self.touches
        different = dict.fromkeys(tokens)
        for token, number in zip(different, map(self.numbers.__getitem__, different), strict=True):
            if number in touches:
                yield token, touches[number]

    def touched(self, numbers: Block) -> IntArray:
        """How many different words of each text touch each group: a row a text."""
        texts, width = len(numbers.ends) - 1, self.group_count + 1
        rows = _spread([end - start for start, end in zip(numbers.ends, numbers.ends[1:], strict=False)])
        hits = self.groups[numbers.columns]
        if rows is not None:
            hits += (rows * width)[:, None]
        return np.bincount(hits.ravel(), minlength=texts * width).reshape(texts, width)[:, :-1]


def index_characters(grams: Mapping[str, int]) -> CharacterIndex:
    """The index of n-grams of one and two characters with their columns."""
    characters = [char for char, _ in Counter("".join(grams)).most_common()]  # those of many pairs close together
    number = {char: place for place, char in enumerate(characters, start=1)}
    numbers = np.zeros(_PLANE, dtype=np.int64)
    numbers[[ord(char) for char in characters]] = list(number.values())
    width = len(grams) + 1
    singles = np.zeros(len(characters) + 1, dtype=np.min_scalar_type(width))
    pairs = np.zeros((len(singles), len(singles)), dtype=singles.dtype)
    for gram, column in grams.items():
        if len(gram) == 1:
            singles[number[gram]] = column + 1
        else:
            pairs[number[gram[0]], number[gram[1]]] = column + 1
    return CharacterIndex(numbers, singles, pairs, width)


def index_tokens(words: Sequence[str], groups: Mapping[str, int], touches: Mapping[str, Sequence[str]]) -> TokenIndex:
    """The index of words, and of the dictionary's words with the groups they touch."""
    numbers = _Numbers((token, place) for place, token in enumerate(dict.fromkeys((BLANK, *words, *touches))))
    named = [touches.get(token) or touches.get(token[-2:]) or touches.get(token[-1:], ()) for token in numbers]
    rows = np.full((len(numbers), max(map(len, named))), len(groups), dtype=np.int64)
    touches_of = [tuple(groups[name] for name in names) for names in named]
    for place, touched in enumerate(touches_of):
        rows[place, : len(touched)] = touched
    return TokenIndex(
        numbers, len(words), rows, {place: touched for place, touched in enumerate(touches_of) if touched}, len(groups)
    )
