"""What the linear models see of a text: words and word pairs, character n-grams, and the dictionary's groups.

A term counts once however often it stands in the text (TF-IDF with a binary term frequency): in cross-validation that
is as good as a logarithm, and nobody can push a complaint into a class by repeating a word. Each block has its own
length norm, so that a long text weighs no more than a short one.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from operator import add
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hotline.routing import gram_index
from hotline.routing.segment import word_groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hotline.routing.gram_index import GramIndex

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

PAIR = "_"  # joins the two words of a pair; it never stands in a prepared text
MOST_DIGITS = 5  # a term with as many could be part of a telephone or identity number: it is no term
SPEC: Mapping[str, Any] = {
    "words": {"ngrams": [1, 2], "min_df": 2, "weight": 1.0},
    "grams": {"ngrams": [1, 2, 3], "min_df": 2, "weight": 1.4},
    "groups": {"weight": 0.15},
    "tf": "binary",
    "norm": "l2 per block",
}


def word_terms(tokens: Sequence[str]) -> set[str]:
    """The words, and the pairs that stand side by side with no break between them."""
    terms = set(tokens)
    terms.update(left + PAIR + right for left, right in pairwise(tokens) if " " not in (left, right))
    terms.discard(" ")
    return terms


def gram_terms(prepared: str) -> set[str]:
    """The runs of one, two and three characters; those across a blank are in no vocabulary."""
    pairs = list(map(add, prepared, prepared[1:]))
    terms = set(prepared)
    terms.update(pairs)
    terms.update(map(add, pairs, prepared[2:]))
    return terms


def group_words(tokens: Iterable[str]) -> dict[str, list[str]]:
    """The dictionary's groups that the text touches, each with the words that touch it.

    A word that is not in the dictionary belongs where its last two characters do, else its last one.
    """
    known = word_groups().get
    found: dict[str, list[str]] = {}
    for token in dict.fromkeys(tokens):
        for name in known(token) or known(token[-2:]) or known(token[-1]) or ():
            found.setdefault(name, []).append(token)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The terms of the model, their columns, and the inverse document frequency of each column.

    Columns run: words, grams, groups. `idf` of a group is its block weight.
    """

    words: Mapping[str, int]
    grams: Mapping[str, int]
    groups: Mapping[str, int]
    idf: FloatArray
    index: GramIndex

    @property
    def size(self) -> int:
        """How many columns there are."""
        return len(self.words) + len(self.grams) + len(self.groups)


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """One text as columns and values, and how many of the model's words stand in it."""

    columns: IntArray
    values: FloatArray
    known_words: int
    touched: Mapping[str, Sequence[str]]


def build(document_counts: Mapping[str, Mapping[str, int]], documents: int) -> Vocabulary:
    """The vocabulary from how many documents hold each term; `document_counts` has `words` and `grams`."""
    words = {term: column for column, term in enumerate(document_counts["words"])}
    grams = {term: column for column, term in enumerate(document_counts["grams"], start=len(words))}
    names = sorted({name for names in word_groups().values() for name in names})
    groups = {name: column for column, name in enumerate(names, start=len(words) + len(grams))}
    counts = [*document_counts["words"].values(), *document_counts["grams"].values()]
    idf = [math.log((1 + documents) / (1 + count)) + 1 for count in counts]
    idf += [SPEC["groups"]["weight"]] * len(groups)
    return Vocabulary(words, grams, groups, np.asarray(idf, dtype=np.float32), gram_index.build(grams))


def count_documents(texts: Sequence[tuple[str, Sequence[str]]]) -> dict[str, dict[str, int]]:
    """In how many (prepared text, tokens) each term stands; rare ones are left out, the rest sorted."""
    words: Counter[str] = Counter()
    grams: Counter[str] = Counter()
    for prepared, tokens in texts:
        words.update(word_terms(tokens))
        grams.update(term for term in gram_terms(prepared) if " " not in term)
    found = {"words": words, "grams": grams}
    least = {block: SPEC[block]["min_df"] for block in found}
    return {
        block: {
            term: counts[term]
            for term in sorted(counts)
            if counts[term] >= least[block] and sum(map(str.isdigit, term)) < MOST_DIGITS
        }
        for block, counts in found.items()
    }


def _normed(columns: IntArray, vocabulary: Vocabulary, weight: float) -> FloatArray:
    """The block's values: inverse document frequency, scaled to the length `weight`."""
    values = vocabulary.idf[columns]
    length = math.sqrt(float(values @ values))
    return values * np.float32(weight / length if length else 0.0)


def _lookup(terms: set[str], columns: Mapping[str, int]) -> IntArray:
    """The columns of the terms that the model knows, in ascending order (sets have none that stays the same)."""
    return np.array(sorted([columns[term] for term in terms if term in columns]), dtype=np.int64)


def extract(prepared: str, tokens: Sequence[str], vocabulary: Vocabulary) -> Features:
    """One text as a sparse row; a text without a known term gives an empty one."""
    words = _lookup(word_terms(tokens), vocabulary.words)
    grams = vocabulary.index.find(prepared)
    touched = group_words(tokens)
    named = [(vocabulary.groups[name], len(hits)) for name, hits in touched.items() if name in vocabulary.groups]
    groups = np.asarray([column for column, _ in sorted(named)], dtype=np.int64)
    counts = np.asarray([count for _, count in sorted(named)], dtype=np.float32)
    values = (
        _normed(words, vocabulary, SPEC["words"]["weight"]),
        _normed(grams, vocabulary, SPEC["grams"]["weight"]),
        vocabulary.idf[groups] * (1 + np.log(counts)),
    )
    return Features(np.concatenate((words, grams, groups)), np.concatenate(values), len(words), touched)
