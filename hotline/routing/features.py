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
from itertools import cycle
from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotline.routing.character_index import BLANK
from hotline.routing.segment import LIMIT, word_groups
from hotline.routing.term_index import index_terms
from hotline.routing.token_index import index_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hotline.routing.character_index import IntArray
    from hotline.routing.key_block import Block
    from hotline.routing.term_index import TermIndex

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
_WEIGHTS: FloatArray = np.asarray([SPEC["words"]["weight"], SPEC["grams"]["weight"]], dtype=np.float32)
_ONES: FloatArray = np.ones(2 * LIMIT + 2, dtype=np.float32)  # as many as a text has keys of one block at most
_NO_NORM = 1e-30  # of what is no term: a block without any has sums of zero, which stay so
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

    Columns run: words, grams, groups, groups of the opening. `idf` has the inverse document frequency of words and
    grams, `group_weights` those of the two blocks of groups.
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
        """What stands in the columns of words and n-grams by key instead, with zeros for what is no term.

        The last row is for every key of an opening's tokens: `take` with `mode="clip"` reads it.
        """
        spread = np.zeros((self.index.first_opening + 1, *columns.shape[1:]), dtype=np.float32)
        spread[1 : len(self.words) + 1] = columns[: len(self.words)]
        spread[self.index.first_gram + 1 : -1] = columns[len(self.words) : self.terms]
        return spread


class Texts(NamedTuple):
    """Texts as the keys of their words and n-grams, and as dense rows of groups, before these are weighed."""

    terms: Block
    groups: FloatArray

    def known_words(self, row: int) -> int:
        """How many of the model's words stand in one text."""
        begin, end, *_ = self.terms.bounds[row]
        return end - begin - 1

    def known_grams(self, row: int) -> int:
        """How many of the model's characters and pairs stand in one text."""
        _, _, begin, end, _ = self.terms.bounds[row]
        return end - begin - 1


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Weights of columns as serving multiplies them.

    `terms` has for each key the weights times the inverse document frequency, and in a last column its square, so that
    the sum over a block's keys gives scores and norm at once; `groups` has the weights of groups times those of their
    blocks.
    """

    terms: FloatArray
    groups: FloatArray


def build(document_counts: Mapping[str, Mapping[str, int]], documents: int) -> Vocabulary:
    """The vocabulary from how many documents hold each term; `document_counts` has `words` and `grams`.

    Args:
        document_counts: In the order of the columns, as `count_documents` gives it.
        documents: How many there are.
    """
    words, grams = (tuple(document_counts[block]) for block in ("words", "grams"))
    touches = word_groups()
    groups = tuple(sorted({name for names in touches.values() for name in names}))
    index = index_terms(index_tokens(words, {name: place for place, name in enumerate(groups)}, touches), grams)
    weights = np.repeat([SPEC[block]["weight"] for block in ("groups", "opening")], len(groups)).astype(np.float32)
    counted = np.fromiter(
        (count for block in ("words", "grams") for count in document_counts[block].values()), np.int64
    )
    idf = np.log((1 + documents) / (1 + counted)) + 1
    return Vocabulary(words, grams, groups, idf.astype(np.float32), weights, index)


def tables(weights: Sequence[NDArray[np.floating[Any]]], vocabulary: Vocabulary) -> Tables:
    """What serving multiplies, from the weights of all columns of each model, laid side by side."""
    columns = np.hstack([*weights, np.ones((vocabulary.size, 1), dtype=np.float16)]).astype(np.float32, copy=False)
    idf = vocabulary.by_key(vocabulary.idf)
    terms = vocabulary.by_key(columns)
    terms *= idf[:, None]
    terms[:, -1] *= idf
    terms[[0, vocabulary.index.first_gram], -1] = _NO_NORM
    return Tables(terms, columns[vocabulary.terms :, :-1] * vocabulary.group_weights[:, None])


def count_documents(texts: Sequence[tuple[str, Sequence[str]]]) -> dict[str, dict[str, int]]:
    """In how many (prepared text, tokens) each term stands; rare ones are left out.

    Frequent terms come first: what most texts look up then lies close together, and stays in the processor's cache.
    """
    words: Counter[str] = Counter()
    grams: Counter[str] = Counter()
    for prepared, tokens in texts:
        words.update(set(tokens) - {BLANK})
        grams.update(gram_terms(prepared))
    return {
        block: {
            term: count
            for term, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            if count >= SPEC[block]["min_df"] and sum(map(str.isdigit, term)) < MOST_DIGITS
        }
        for block, counts in (("words", words), ("grams", grams))
    }


def read(texts: Iterable[tuple[str, Sequence[str]]], vocabulary: Vocabulary) -> Texts:
    """Find the terms and groups of (prepared text, tokens)."""
    found = vocabulary.index.find(texts, SPEC["opening"]["tokens"])
    return Texts(found, _LOGARITHMS.take(vocabulary.index.touched(found), mode="clip"))


def score(found: Texts, served: Tables) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The scores of texts without the bias, the rows of their keys, and what the rows of words and n-grams weigh.

    The latter is one number for the words and one for the n-grams of each text; see `rows` for what is computed.
    """
    terms = served.terms.take(found.terms.keys, axis=0, mode="clip")
    spans = [span for begin, _, grams, opening, _ in found.terms.bounds for span in ((begin, grams), (grams, opening))]
    by_span = np.asarray([_ONES[: end - begin] @ terms[begin:end] for begin, end in spans])
    sums = by_span.reshape(len(found.terms.bounds), 2, -1)
    weights: FloatArray = _WEIGHTS / np.sqrt(sums[:, :, -1])
    scores: FloatArray = np.matmul(weights[:, None], sums[:, :, :-1])[:, 0]
    scores += found.groups @ served.groups
    return scores, terms, weights


def rows(found: Texts, vocabulary: Vocabulary) -> tuple[FloatArray, IntArray, IntArray, FloatArray]:
    """The features as training takes them: values, columns, where each text's end in these, and the groups apart.

    Words have their inverse document frequency, divided by the norm of all words of the text; so have n-grams.
    """
    values = vocabulary.by_key(vocabulary.idf).take(found.terms.keys, mode="clip")
    parts = [part for begin, _, middle, _, end in found.terms.bounds for part in ((begin, middle), (middle, end))]
    squares = np.add.reduceat(values * values, [begin for begin, _ in parts]).tolist()
    for (begin, end), square, weight in zip(parts, squares, cycle(_WEIGHTS.tolist()), strict=False):
        values[begin:end] *= weight / math.sqrt(square or 1.0)
    kept = values.nonzero()[0]
    keys = found.terms.keys[kept].astype(np.int64)
    keys -= np.where(keys < vocabulary.index.first_gram, 1, vocabulary.index.first_gram + 1 - len(vocabulary.words))
    ends = kept.searchsorted([0, *(end for *_, end in found.terms.bounds)])
    return values[kept], keys, ends, found.groups * vocabulary.group_weights
