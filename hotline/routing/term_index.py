"""Finds the model's terms in many texts at once, in sweeps of plain arrays.

Each term has a key: tokens first, then tokens once more for those of a text's opening, then characters and pairs of
them. Key 0 is a token that is no term, `first_gram` a character or a pair that is none.

A token and a character become numbers once; a pair of characters is then a place in a table, of which only the pages
that hold a pair are kept. Texts are laid one after the other with a blank behind each, which stands in no term.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

IntArray = NDArray[np.int64]
SmallArray = NDArray[np.signedinteger[Any]]  # of 32 bits wherever they suffice: sorted three times as fast
BLANK = " "  # has number 0, and so has all that stands in no term
_PLANE = 0x10000  # a prepared text holds characters of the basic plane only
_PAGE_BITS = 4
_PAGE = 1 << _PAGE_BITS  # second characters a page: in larger ones more places would be empty
_MOST_NUMBERS = 100_000  # tokens remembered; rarer ones are looked up anew each time
_LONGEST = 12  # characters; a longer token is a run of letters that will hardly come again


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The keys of texts, those of a text ascending and each once; every text has key 0 and that of no character.

    `bounds` has for each text where its tokens begin, its words end, its characters begin, and where it ends; `numbers`
    those of its tokens as they stand.
    """

    keys: SmallArray
    bounds: Sequence[Sequence[int]]
    numbers: Sequence[SmallArray]


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


class _Numbers(dict[str, int]):
    """Token numbers; a token that the model does not know is read as its ending."""

    def __missing__(self, token: str) -> int:
        """The number of the token's last two characters, else of its last one, else 0; remembered."""
        number = self.get(token[-2:]) or self.get(token[-1:], 0)
        if len(self) < _MOST_NUMBERS and len(token) <= _LONGEST:
            self[token] = number
        return number


@dataclass(frozen=True, slots=True, eq=False)
class TokenIndex:
    """Number of each token, and by number the groups that it touches.

    Words of the model have the numbers from 1 on in the order of their columns; endings that are in the dictionary
    only come after them. `groups` has a row for each number, then one for each in an opening, where the groups count
    on; rows are filled up with the number that is no group. `touches` says the same in tuples,
    without the openings, `touches_any` whether there is one.
    """

    numbers: Mapping[str, int]
    words: int
    groups: IntArray
    touches: Sequence[tuple[int, ...]]
    touches_any: NDArray[np.bool_]
    group_count: int

    def number(self, tokens: Sequence[str]) -> SmallArray:
        """The number of each token."""
        return np.fromiter(map(self.numbers.__getitem__, tokens), np.int32, len(tokens))

    def touching(self, tokens: Sequence[str], numbers: SmallArray) -> Mapping[int, Collection[str]]:
        """The different tokens that touch each group, from tokens and their numbers."""
        found: dict[int, dict[str, None]] = {}
        for place in self.touches_any.take(numbers).nonzero()[0].tolist():
            token = tokens[place]
            for group in self.touches[self.numbers[token]]:
                found.setdefault(group, {})[token] = None
        return found

    def touched(self, block: Block) -> IntArray:
        """How many different tokens touch each group, then how many of the opening: a row a text."""
        texts, width = len(block.bounds), 2 * self.group_count + 1
        spans = [(begin, end) for begin, _, end, _ in block.bounds]
        keys = [block.keys[begin:end] for begin, end in spans]
        hits = self.groups.take(np.concatenate(keys) if texts > 1 else keys[0], axis=0)
        if texts > 1:
            hits += np.repeat(np.arange(texts) * width, [end - begin for begin, end in spans])[:, None]
        return np.bincount(hits.ravel(), minlength=texts * width).reshape(texts, width)[:, :-1]


@dataclass(frozen=True, slots=True, eq=False)
class TermIndex:
    """Finds the keys of texts. `marks` are key 0, the first key that is no word, and that of no character."""

    tokens: TokenIndex
    characters: CharacterIndex
    marks: SmallArray
    width: int

    @property
    def first_gram(self) -> int:
        """The key of a character or pair that is no term."""
        return 2 * len(self.tokens.touches)

    def find(self, texts: Sequence[tuple[str, Sequence[str]]], opening: int) -> Block:
        """The keys of (prepared text, tokens); the opening is the first tokens, as many as `opening`."""
        if len(texts) > 1:
            return self._find_all(texts, opening)
        ((prepared, tokens),) = texts
        numbers = self.tokens.number(tokens)
        found = (self.marks[:1], numbers, numbers[:opening] + len(self.tokens.touches))
        keys = _each_once(np.concatenate((*found, *self.characters.find([prepared]))))
        return Block(keys, [(*keys.searchsorted(self.marks).tolist(), len(keys))], [numbers])

    def _find_all(self, texts: Sequence[tuple[str, Sequence[str]]], opening: int) -> Block:
        """The same for several texts: their keys are sorted at once, those of each text in a range of its own."""
        kind = np.int32 if len(texts) * self.width < np.iinfo(np.int32).max else np.int64
        starts: SmallArray = (np.arange(len(texts)) * self.width).astype(kind)
        lengths = [len(tokens) for _, tokens in texts]
        numbers = self.tokens.number(list(chain.from_iterable(tokens for _, tokens in texts)))
        opened = np.arange(len(numbers)) - np.repeat(np.cumsum(lengths) - lengths, lengths) < opening
        own = np.split(numbers, np.cumsum(lengths)[:-1])
        numbers = numbers + np.repeat(starts, lengths)
        singles, pairs = self.characters.find([prepared for prepared, _ in texts])
        rows = np.repeat(starts, [len(prepared) + 1 for prepared, _ in texts])
        found = (starts, numbers, numbers[opened] + len(self.tokens.touches), singles + rows, pairs + rows[:-1])
        keys = _each_once(np.concatenate(found))
        marks: IntArray = np.asarray(keys.searchsorted(starts[:, None] + self.marks))
        ends = np.append(marks[1:, 0], len(keys))
        keys -= np.repeat(starts, ends - marks[:, 0])
        return Block(keys, np.column_stack((marks, ends)).tolist(), own)


def _each_once(keys: SmallArray) -> SmallArray:
    """Keys sorted, each once (`numpy.unique` costs five times as much on short arrays)."""
    keys.sort()
    first = np.empty(len(keys), dtype=bool)
    first[0] = True
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first]


def index_characters(grams: Mapping[str, int], none: int = 0) -> CharacterIndex:
    """The index of n-grams of one and two characters with their columns, whose keys come after that of none."""
    characters = [char for char, _ in Counter("".join(grams)).most_common()]  # those of many pairs close together
    number = {char: place for place, char in enumerate(characters, start=1)}
    numbers = np.zeros(_PLANE, dtype=np.int32)
    numbers[[ord(char) for char in characters]] = list(number.values())
    singles = np.full(len(characters) + 1, none, dtype=np.int32)
    in_row = len(singles) // _PAGE + 1
    places, keys = [], []
    for gram, column in grams.items():
        if len(gram) == 1:
            singles[number[gram]] = none + 1 + column
        else:
            places.append(number[gram[0]] * in_row * _PAGE + number[gram[1]])
            keys.append(none + 1 + column)
    used, page = np.unique(np.asarray(places, dtype=np.int64) >> _PAGE_BITS, return_inverse=True)
    pages = np.zeros(len(singles) * in_row, dtype=np.int32)
    pages[used] = np.arange(1, len(used) + 1) << _PAGE_BITS  # the page at 0 is that of all pages without a pair
    pairs = np.full((len(used) + 1) << _PAGE_BITS, none, dtype=np.int32)
    pairs[((page + 1) << _PAGE_BITS) + (np.asarray(places, dtype=np.int64) & (_PAGE - 1))] = keys
    return CharacterIndex(numbers, singles, pages, pairs, in_row)


def index_tokens(words: Sequence[str], groups: Mapping[str, int], touches: Mapping[str, Sequence[str]]) -> TokenIndex:
    """The index of words, and of the dictionary's words with the groups they touch."""
    numbers = _Numbers((token, place) for place, token in enumerate(dict.fromkeys((BLANK, *words, *touches))))
    named = [touches.get(token) or touches.get(token[-2:]) or touches.get(token[-1:], ()) for token in numbers]
    touched = [tuple(groups[name] for name in names) for names in named]
    count, none = len(numbers), 2 * len(groups)
    rows = np.full((2 * count, max(map(len, touched))), none, dtype=np.int64)
    for place, found in enumerate(touched):
        if found:
            rows[place, : len(found)] = found
            rows[count + place, : len(found)] = [group + len(groups) for group in found]
    return TokenIndex(numbers, len(words), rows, touched, rows[:count, 0] < none, len(groups))


def index_terms(tokens: TokenIndex, grams: Mapping[str, int]) -> TermIndex:
    """The index of a vocabulary."""
    first_gram = 2 * len(tokens.touches)
    marks = np.asarray((0, tokens.words + 1, first_gram), dtype=np.int32)
    return TermIndex(tokens, index_characters(grams, first_gram), marks, first_gram + 1 + len(grams))
