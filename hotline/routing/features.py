"""What the linear models see of a text: its words, its characters and their pairs, and the dictionary's groups.

The groups come twice, the second time those of the opening only: callers tend to begin with where it happened.

A term counts once however often it stands in the text (TF-IDF with a binary term frequency): in cross-validation that
is as good as a logarithm, and nobody can push a complaint into a class by repeating a word. Each block has its own
length norm, so that a long text weighs no more than a short one.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from itertools import cycle
from operator import add
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hotline.routing.segment import word_groups
from hotline.routing.term_index import BLANK, index_terms, index_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.routing.term_index import Block, IntArray, TermIndex

FloatArray = NDArray[np.float32]

MOST_DIGITS = 5  # a term with as many could be part of a telephone or identity number: it is no term
SPEC: Mapping[str, Any] = {
    "words": {"min_df": 2, "weight": 1.0, "unknown": "read as its ending"},
    "grams": {"ngrams": [1, 2], "min_df": 3, "weight": 2.0},
    "groups": {"weight": 0.15},
    "opening": {"weight": 0.1, "tokens": 15},
    "tf": "binary",
    "norm": "l2 per block",
}
_WEIGHTS = (SPEC["words"]["weight"], SPEC["grams"]["weight"])
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
    """The terms of the model, each block's in the order of its columns.

    Columns run: words, grams, groups, groups of the opening. `idf` has the inverse document frequency by key of the
    index, 0 for what is no term; `group_weights` those of the two blocks of groups.
    """

    words: Sequence[str]
    grams: Sequence[str]
    groups: Sequence[str]
    idf: FloatArray
    group_weights: FloatArray
    index: TermIndex

    @property
    def size(self) -> int:
        """How many columns there are."""
        return len(self.words) + len(self.grams) + 2 * len(self.groups)

    @property
    def terms(self) -> int:
        """How many columns are words and n-grams."""
        return len(self.words) + len(self.grams)

    def by_key(self, columns: FloatArray) -> FloatArray:
        """What stands in the columns of words and n-grams by key instead, with zeros for what is no term."""
        spread = np.zeros((self.index.width, *columns.shape[1:]), dtype=np.float32)
        spread[1 : len(self.words) + 1] = columns[: len(self.words)]
        spread[self.index.first_gram + 1 :] = columns[len(self.words) : self.terms]
        return spread


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts as sparse rows of words and n-grams, by key of the index, and as dense rows of groups."""

    terms: Block
    values: FloatArray
    groups: FloatArray

    def known_words(self, row: int) -> int:
        """How many of the model's words stand in one text."""
        begin, end, *_ = self.terms.bounds[row]
        return end - begin - 1

    def columns(self, vocabulary: Vocabulary) -> tuple[FloatArray, IntArray, IntArray]:
        """The words and n-grams as values, columns, and where each text's end in these (the first begins at 0)."""
        kept = self.values.nonzero()[0]
        keys = self.terms.keys[kept].astype(np.int64)
        keys -= np.where(keys < vocabulary.index.first_gram, 1, vocabulary.index.first_gram + 1 - len(vocabulary.words))
        ends = kept.searchsorted([0, *(end for *_, end in self.terms.bounds)])
        return self.values[kept], keys, ends


def build(document_counts: Mapping[str, Mapping[str, int]], documents: int) -> Vocabulary:
    """The vocabulary from how many documents hold each term; `document_counts` has `words` and `grams`."""
    # Frequent terms first: what most texts look up then lies close together, and stays in the processor's cache.
    counts = [
        sorted(document_counts[block].items(), key=lambda item: (-item[1], item[0])) for block in ("words", "grams")
    ]
    words, grams = (tuple(term for term, _ in block) for block in counts)
    touches = word_groups()
    groups = tuple(sorted({name for names in touches.values() for name in names}))
    index = index_terms(
        index_tokens(words, {name: place for place, name in enumerate(groups)}, touches),
        {gram: place for place, gram in enumerate(grams)},
    )
    weights = np.repeat([SPEC[block]["weight"] for block in ("groups", "opening")], len(groups)).astype(np.float32)
    vocabulary = Vocabulary(words, grams, groups, np.empty(0, dtype=np.float32), weights, index)
    counted = np.asarray([count for block in counts for _, count in block])
    idf = np.log((1 + documents) / (1 + counted)) + 1
    return replace(vocabulary, idf=vocabulary.by_key(idf.astype(np.float32)))


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
    found = vocabulary.index.find(texts, SPEC["opening"]["tokens"])
    values = vocabulary.idf.take(found.keys)
    # A text's opening weighs nothing here, so that its values are those of its tokens, then those of its characters.
    parts = [part for begin, _, middle, end in found.bounds for part in ((begin, middle), (middle, end))]
    squares = np.add.reduceat(values * values, [begin for begin, _ in parts]).tolist()
    for (begin, end), square, weight in zip(parts, squares, cycle(_WEIGHTS), strict=False):
        values[begin:end] *= weight / math.sqrt(square or 1.0)
    touched = vocabulary.index.tokens.touched(found)
    return Texts(found, values, _LOGARITHMS.take(touched, mode="clip") * vocabulary.group_weights)
