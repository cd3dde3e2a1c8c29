"""Fitting linear models to labelled texts, and scoring texts of hands that a model has not seen.

The only module that needs scikit-learn; serving never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from hotline.routing import features, segment
from hotline.routing.taxonomy import OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hotline.routing.calibration import Rows, Scores
    from hotline.routing.corpus import Example
    from hotline.routing.features import Vocabulary
    from hotline.routing.taxonomy import Taxonomy

PENALTY = {"category": 0.5, "setting": 0.4}  # C of the support vector machine, chosen by grouped cross-validation
BLOCKS = {"category": ("words", "grams", "groups"), "setting": ("words", "grams", "groups", "opening")}
FOLDS = 3  # where all texts are of one hand


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """The examples with their prepared text, tokens and labels as numbers."""

    examples: tuple[Example, ...]
    texts: tuple[tuple[str, list[str]], ...]
    category: Rows
    setting: Rows
    fold: Rows
    categories: tuple[str, ...]
    settings: tuple[str, ...]

    @property
    def in_scope(self) -> NDArray[np.bool_]:
        """Which texts have a setting that counts (that of `other` does not)."""
        flags: NDArray[np.bool_] = self.category != self.categories.index(OUT_OF_SCOPE)
        return flags


def load_corpus(examples: Sequence[Example], taxonomy: Taxonomy) -> Corpus:
    """Cut every text once; a fold is a hand, or every third text where there is only one."""
    cut = segment.cutter()
    prepared = [segment.prepare(row.text) for row in examples]
    hands = sorted({row.hand for row in examples})
    one_hand = len(hands) == 1
    folds = [place % FOLDS if one_hand else hands.index(row.hand) for place, row in enumerate(examples)]
    categories, settings = tuple(taxonomy.categories), tuple(taxonomy.settings)
    return Corpus(
        examples=tuple(examples),
        texts=tuple((text, cut(text)) for text in prepared),
        category=np.asarray([categories.index(row.category) for row in examples]),
        setting=np.asarray([settings.index(row.setting) for row in examples]),
        fold=np.asarray(folds),
        categories=categories,
        settings=settings,
    )


def matrix(texts: Sequence[tuple[str, list[str]]], vocabulary: Vocabulary) -> sparse.csr_matrix:
    """The feature rows as a sparse matrix, made by the function that serves."""
    found = features.read(texts, vocabulary)
    blocks = (
        (found.words, found.word_values, len(vocabulary.words)),
        (found.grams, found.gram_values, len(vocabulary.grams)),
    )
    rows = [
        sparse.csr_matrix((values.astype(np.float64), block.columns, block.ends), shape=(len(texts), width))
        for block, values, width in blocks
    ]
    return sparse.hstack((*rows, sparse.csr_matrix(found.groups.astype(np.float64))), format="csr")


def fit(rows: sparse.csr_matrix, labels: Rows, classes: int, penalty: float) -> tuple[Scores, Scores]:
    """Weights (columns by classes) and bias of one-against-rest machines; a class without a text is never chosen."""
    machine = LinearSVC(C=penalty, class_weight="balanced", random_state=0, max_iter=20_000)
    machine.fit(rows, labels)
    seen = machine.classes_
    weights = np.zeros((rows.shape[1], classes))
    bias = np.full(classes, -2.0)
    coefficients, intercepts = machine.coef_, machine.intercept_
    if len(seen) == 2:  # noqa: PLR2004 - scikit-learn gives one row for two classes.
        coefficients, intercepts = np.vstack((-coefficients, coefficients)), np.hstack((-intercepts, intercepts))
    weights[:, seen] = coefficients.T
    bias[seen] = intercepts
    return weights, bias


def columns_of(vocabulary: Vocabulary, blocks: Sequence[str]) -> Rows:
    """The columns of some blocks."""
    groups = len(vocabulary.groups)
    ends = np.cumsum([0, len(vocabulary.words), len(vocabulary.grams), groups, groups])
    spans = {name: np.arange(ends[k], ends[k + 1]) for k, name in enumerate(BLOCKS["setting"])}
    return np.concatenate([spans[name] for name in blocks])


def held_out(corpus: Corpus, facet: str, blocks: Sequence[str] = (), share: float = 1.0) -> Scores:
    """Scores for every text by a model that saw no text of its hand; `share` thins the texts it saw."""
    labels, names = (corpus.category, corpus.categories) if facet == "category" else (corpus.setting, corpus.settings)
    usable = np.ones(len(labels), dtype=bool) if facet == "category" else corpus.in_scope
    scores = np.zeros((len(labels), len(names)))
    for fold in np.unique(corpus.fold).tolist():
        train = np.flatnonzero((corpus.fold != fold) & usable)
        if share < 1:
            train = np.sort(np.random.default_rng(0).permutation(train)[: int(len(train) * share)])
        test = np.flatnonzero(corpus.fold == fold)
        seen = [corpus.texts[place] for place in train]
        vocabulary = features.build(features.count_documents(seen), len(seen))
        columns = columns_of(vocabulary, blocks or BLOCKS[facet])
        weights, bias = fit(matrix(seen, vocabulary)[:, columns], labels[train], len(names), PENALTY[facet])
        unseen = matrix([corpus.texts[place] for place in test], vocabulary)[:, columns]
        scores[test] = unseen @ weights + bias
    return scores
