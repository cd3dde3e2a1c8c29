"""What the linear models see of a text: its words, its characters and their pairs, and the dictionary's groups.

The groups come twice, the second time those of the opening only: callers tend to begin with where it happened.

A term counts once however often it stands in the text (TF-IDF with a binary term frequency): in cross-validation that
is as good as a logarithm, and nobody can push a complaint into a class by repeating a word. Each block has its own
length norm, so that a long text weighs no more than a short one.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from operator import add
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hotline.routing.segment import word_groups
from hotline.routing.term_index import BLANK, index_characters, index_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.routing.term_index import Block, CharacterIndex, IntArray, TokenIndex

FloatArray = NDArray[np.float32]

MOST_DIGITS = 5  # a term with as many could be part of a telephone or identity number: it is no term
SPEC: Mapping[str, Any] = {
    "words": {"min_df": 2, "weight": 1.0, "unknown": "read as its ending"},
    "grams": {"ngrams": [1, 2], "min_df": 2, "weight": 2.0},
    "groups": {"weight": 0.15},
    "opening": {"weight": 0.1, "tokens": 15},
    "tf": "binary",
    "norm": "l2 per block",
}
_MOST_TOUCHES = 200
_LOGARITHMS: FloatArray = np.asarray(
    [0.0, *(1 + math.log(count) for count in range(1, _MOST_TOUCHES))], dtype=np.float32
)


def gram_terms(prepared: str) -> set[str]:
    """The characters, and the pairs of characters with no break between them."""
    terms = set(prepared)
    terms.update(pair for pair in map(add, prepared, prepared[1:]) if BLANK not in pair)
    terms.discard(BLANK)
    return terms


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The terms of the model, each block's in the order of its columns, and the inverse document frequencies.

    Columns run: words, grams, groups, groups of the opening.
    """

    words: Sequence[str]
    grams: Sequence[str]
    groups: Sequence[str]
    word_idf: FloatArray
    gram_idf: FloatArray
    tokens: TokenIndex
    characters: CharacterIndex

    @property
    def size(self) -> int:
        """How many columns there are."""
        return len(self.words) + len(self.grams) + 2 * len(self.groups)


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts as sparse rows of words and n-grams, each block with its values, and as dense rows of groups."""

    words: Block
    word_values: FloatArray
    grams: Block
    gram_values: FloatArray
    groups: FloatArray

    def known_words(self, row: int) -> int:
        """How many of the model's words stand in one text."""
        return self.words.ends[row + 1] - self.words.ends[row]

    def terms(self, row: int, vocabulary: Vocabulary) -> tuple[IntArray, FloatArray]:
        """The words and n-grams of one text: columns and values; both empty where none is known."""
        words, grams = slice(*self.words.ends[row : row + 2]), slice(*self.grams.ends[row : row + 2])
        columns = (self.words.columns[words], self.grams.columns[grams] + len(vocabulary.words))
        return np.concatenate(columns), np.concatenate((self.word_values[words], self.gram_values[grams]))


def build(document_counts: Mapping[str, Mapping[str, int]], documents: int) -> Vocabulary:
    """The vocabulary from how many documents hold each term; `document_counts` has `words` and `grams`."""
    # Frequent terms first: what most texts look up then lies close together, and stays in the processor's cache.
    counts = [
        sorted(document_counts[block].items(), key=lambda item: (-item[1], item[0])) for block in ("words", "grams")
    ]
    words, grams = (tuple(term for term, _ in block) for block in counts)
    touches = word_groups()
    groups = tuple(sorted({name for names in touches.values() for name in names}))
    word_idf, gram_idf = (
        (np.log((1 + documents) / (1 + np.asarray([count for _, count in block]))) + 1).astype(np.float32)
        for block in counts
    )
    return Vocabulary(
        words=words,
        grams=grams,
        groups=groups,
        word_idf=word_idf,
        gram_idf=gram_idf,
        tokens=index_tokens(words, {name: place for place, name in enumerate(groups)}, touches),
        characters=index_characters({gram: place for place, gram in enumerate(grams)}),
    )


def count_documents(texts: Sequence[tuple[str, Sequence[str]]]) -> dict[str, dict[str, int]]:
    """In how many (prepared text, tokens) each term stands; rare ones are left out, the rest sorted."""
    words: Counter[str] = Counter()
    grams: Counter[str] = Counter()
    for prepared, tokens in texts:
        words.update(set(tokens) - {BLANK})
        grams.update(gram_terms(prepared))
    return {
        block: {
            term: counts[term]
            for term in sorted(counts)
            if counts[term] >= SPEC[block]["min_df"] and sum(map(str.isdigit, term)) < MOST_DIGITS
        }
        for block, counts in (("words", words), ("grams", grams))
    }


def read(texts: Sequence[tuple[str, Sequence[str]]], vocabulary: Vocabulary) -> Texts:
    """Find the terms of (prepared text, tokens), with their values."""
    index = vocabulary.tokens
    numbers = index.number([tokens for _, tokens in texts])
    opening = index.number([tokens[: SPEC["opening"]["tokens"]] for _, tokens in texts])
    words = numbers.between(1, len(vocabulary.words) + 1)
    grams = vocabulary.characters.find([prepared for prepared, _ in texts])
    return Texts(
        words,
        _scaled(vocabulary.word_idf.take(words.columns), words.ends, SPEC["words"]["weight"]),
        grams,
        _scaled(vocabulary.gram_idf.take(grams.columns), grams.ends, SPEC["grams"]["weight"]),
        np.concatenate(
            (_group_values(index.touched(numbers), "groups"), _group_values(index.touched(opening), "opening")), axis=1
        ),
    )


def _group_values(touched: IntArray, block: str) -> FloatArray:
    """The values of groups by how many words touch each."""
    return _LOGARITHMS[np.minimum(touched, _MOST_TOUCHES - 1)] * np.float32(SPEC[block]["weight"])


def _scaled(values: FloatArray, ends: Sequence[int], weight: float) -> FloatArray:
    """Values of texts, those of each scaled to the length `weight`; idf is never below one: only no value is no length.

    One text is as frequent as many, and needs half the steps.
    """
    if len(ends) == 2:  # noqa: PLR2004 - one text has a begin and an end.
        return values * np.float32(weight / math.sqrt(values.dot(values) or 1.0))
    lengths = np.diff(ends)
    squares = np.bincount(np.repeat(np.arange(len(lengths)), lengths), values * values, len(lengths))
    return values * np.repeat((weight / np.sqrt(np.maximum(squares, 1.0))).astype(np.float32), lengths)
