"""Finds the model's terms in many texts at once, in sweeps of plain arrays.

Each term has a key: tokens first, then characters and pairs of them, then tokens once more for those of a text's
opening. Key 0 is a token that is no term, `first_gram` a character or a pair that is none.

Texts are laid one after the other with a blank behind each, which stands in no term.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from hotline.routing.character_index import index_characters
from hotline.routing.key_block import Block, each_once

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hotline.routing.character_index import CharacterIndex, IntArray, SmallArray
    from hotline.routing.token_index import TokenIndex


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
        keys = each_once(np.concatenate(found))
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
        keys = each_once(np.concatenate(found))
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


def index_terms(tokens: TokenIndex, grams: Sequence[str]) -> TermIndex:
    """The index of a vocabulary."""
    opening = tokens.count + 1 + len(grams)
    marks = np.asarray((0, tokens.words + 1, tokens.count, opening), dtype=np.int32)
    return TermIndex(tokens, index_characters(grams, tokens.count), marks, opening + tokens.count)
