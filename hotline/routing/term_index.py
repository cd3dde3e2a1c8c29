"""Finds the model's terms in many texts at once, in sweeps of plain arrays.

Each term has a key: tokens first, then characters and pairs of them, then tokens once more for those of a text's
opening. Key 0 is a token that is no term, `first_gram` a character or a pair that is none.

A token and a character become numbers once; a pair of characters is then a place in a table, of which only the pages
that hold a pair are kept. Texts are laid one after the other with a blank behind each, which stands in no term.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

IntArray = NDArray[np.int64]
SmallArray = NDArray[np.signedinteger[Any]]  # of 32 bits wherever they suffice: sorted three times as fast
BLANK = " "  # has number 0, and so has all that stands in no term
_PLANE = 0x10000  # a prepared text holds characters of the basic plane only
_PAGE_BITS = 4
_PAGE = 1 << _PAGE_BITS  # second characters a page: in larger ones more places would be empty
_MOST_NUMBERS = 100_000  # tokens remembered; rarer ones are looked up anew each time
_LONGEST = 12  # characters; a longer token is a run of letters that will hardly come again


class Block(NamedTuple):
    """The keys of texts, those of a text ascending and each once; every text has key 0 and that of no character.

    `bounds` has for each text where its tokens begin, its words end, its characters begin, its opening begins, and
    where it ends; `numbers` those of its tokens as they stand.
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
    only come after them: `count` numbers in all. `groups` has a row for each number, then one for each in an opening,
    where the groups count on; rows are filled up with the number that is no group. `touches_any` says for each number
    whether there is one.
    """

    numbers: Mapping[str, int]
    words: int
    count: int
    groups: IntArray
    touches_any: NDArray[np.bool_]
    group_count: int

    def number(self, tokens: Sequence[str]) -> SmallArray:
        """The number of each token."""
        return np.fromiter(map(self.numbers.__getitem__, tokens), np.int32, len(tokens))

    def touching(
        self, tokens: Sequence[str], numbers: SmallArray, wanted: Collection[int]
    ) -> Mapping[int, Sequence[str]]:
        """The different tokens that touch each wanted group, from tokens and their numbers."""
        found: dict[int, list[str]] = {group: [] for group in wanted}
        places = self.touches_any.take(numbers).nonzero()[0]
        rows = self.groups.take(numbers.take(places), axis=0).tolist()
        named = dict(zip([tokens[place] for place in places.tolist()], rows, strict=True))
        none = 2 * self.group_count
        for token, groups in named.items():
            for group in groups:
                if group in found:
                    found[group].append(token)
                elif group == none:
                    break
        return found


@dataclass(frozen=True, slots=True, eq=False)
class TermIndex:
    """Finds the keys of texts; `width` is how many there are.

    `marks` are key 0, the first key that is no word, that of no character, and the first of an opening.
    """

    tokens: TokenIndex
    characters: CharacterIndex
    marks: SmallArray
    width: int

    @property
    def first_gram(self) -> int:
        """The key of a character or pair that is no term."""
        return self.tokens.count

    @property
    def first_opening(self) -> int:
        """The first key of an opening's tokens; those before it have columns of their own, or none."""
        return self.width - self.tokens.count

    def find(self, texts: Iterable[tuple[str, Sequence[str]]], opening: int) -> Block:
        """The keys of (prepared text, tokens); the opening is the first tokens, as many as `opening`.

        The tokens of a text are numbered before the next text is asked for, and not kept.
        """
        prepared, own = [], []
        for text, tokens in texts:
            prepared.append(text)
            own.append(self.tokens.number(tokens))
        if len(own) > 1:
            return self._find_all(prepared, own, opening)
        (numbers,) = own
        found = (self.marks[:1], numbers, *self.characters.find(prepared), numbers[:opening] + self.first_opening)
        keys = _each_once(np.concatenate(found))
        return Block(keys, [(*keys.searchsorted(self.marks).tolist(), len(keys))], [numbers])

    def _find_all(self, texts: Sequence[str], own: Sequence[SmallArray], opening: int) -> Block:
        """The same for several texts: their keys are sorted at once, those of each text in a range of its own."""
        kind = np.int32 if len(texts) * self.width < np.iinfo(np.int32).max else np.int64
        starts: SmallArray = (np.arange(len(texts)) * self.width).astype(kind)
        lengths = list(map(len, own))
        numbers = np.concatenate(own)
        opened = np.arange(len(numbers)) - np.repeat(np.cumsum(lengths) - lengths, lengths) < opening
        numbers = numbers + np.repeat(starts, lengths)
        singles, pairs = self.characters.find(texts)
        rows = np.repeat(starts, [len(prepared) + 1 for prepared in texts])
        found = (starts, numbers, singles + rows, pairs + rows[:-1], numbers[opened] + self.first_opening)
        keys = _each_once(np.concatenate(found))
        marks: IntArray = np.asarray(keys.searchsorted(starts[:, None] + self.marks))
        ends = np.append(marks[1:, 0], len(keys))
        keys -= np.repeat(starts, ends - marks[:, 0])
        return Block(keys, np.column_stack((marks, ends)).tolist(), own)

    def touched(self, block: Block) -> IntArray:
        """How many different tokens touch each group, then how many of the opening: a row a text."""
        texts, width = len(block.bounds), 2 * self.tokens.group_count + 1
        keys, shift = block.keys, self.first_opening - self.tokens.count
        spans = [(keys[begin:end], keys[opening:to] - shift) for begin, _, end, opening, to in block.bounds]
        parts = list(chain.from_iterable(spans))
        hits = self.tokens.groups.take(np.concatenate(parts), axis=0)
        if texts > 1:
            hits += np.repeat(np.arange(2 * texts) // 2 * width, list(map(len, parts)))[:, None]
        return np.bincount(hits.ravel(), minlength=texts * width).reshape(texts, width)[:, :-1]


def _each_once(keys: SmallArray) -> SmallArray:
    """Keys sorted, each once (`numpy.unique` costs five times as much on short arrays)."""
    keys.sort()
    first = np.empty(len(keys), dtype=bool)
    first[0] = True
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first]


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


def index_tokens(words: Sequence[str], groups: Mapping[str, int], touches: Mapping[str, Sequence[str]]) -> TokenIndex:
    """The index of words, and of the dictionary's words with the groups they touch."""
    numbers = _Numbers((token, place) for place, token in enumerate(dict.fromkeys((BLANK, *words, *touches))))
    count, none = len(numbers), 2 * len(groups)
    longest = max(map(len, touches.values()))
    rows = np.full((2 * count, longest), none, dtype=np.int64)
    own = {token: [groups[name] for name in names] for token, names in touches.items()}
    for place, token in enumerate(numbers):
        found = own.get(token) or own.get(token[-2:]) or own.get(token[-1:])
        if found:
            rows[place, : len(found)] = found
    opened = rows[count:]
    np.copyto(opened, rows[:count] + len(groups), where=rows[:count] < none)
    return TokenIndex(numbers, len(words), count, rows, rows[:count, 0] < none, len(groups))


def index_terms(tokens: TokenIndex, grams: Sequence[str]) -> TermIndex:
    """The index of a vocabulary."""
    opening = tokens.count + 1 + len(grams)
    marks = np.asarray((0, tokens.words + 1, tokens.count, opening), dtype=np.int32)
    return TermIndex(tokens, index_characters(grams, tokens.count), marks, opening + tokens.count)
