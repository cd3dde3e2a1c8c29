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
TILT = {"category": (0.7, 0.3), "setting": (1.5, 0.1)}  # power of the ratios and C of the second machine, as above
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
    values, columns, ends, groups = features.rows(features.read(texts, vocabulary), vocabulary)
    terms = sparse.csr_matrix((values.astype(np.float64), columns, ends), shape=(len(texts), vocabulary.terms))
    return sparse.hstack((terms, sparse.csr_matrix(groups.astype(np.float64))), format="csr")


def fit(rows: sparse.csr_matrix, labels: Rows, classes: int, facet: str) -> tuple[Scores, Scores]:
    """Weights (columns by classes) and bias of one facet; a class without a text is never chosen.

    The sum of two linear machines, which is a linear machine: one over the features as they are, and one over features
    scaled by how unevenly a term is spread between a class and the rest (Wang and Manning 2012, "Baselines and
    Bigrams"). The second helps most where few words decide, as for settings.
    """
    weights = np.zeros((rows.shape[1], classes))
    bias = np.full(classes, -2.0)
    present = rows.copy()
    present.data = np.ones_like(present.data)
    total = _sums(present)
    power, second = TILT[facet]
    for label in np.unique(labels).tolist():
        mine = labels == label
        plain, base = _machine(rows, mine, PENALTY[facet])
        scale = _unevenness(_sums(present[mine]), total, power)
        tilted, more = _machine(rows @ sparse.diags(scale), mine, second)
        weights[:, label], bias[label] = plain + scale * tilted, base + more
    return weights, bias


def _sums(rows: sparse.csr_matrix) -> Scores:
    """How many texts hold each term."""
    return np.asarray(rows.sum(axis=0)).ravel()


def _unevenness(inside: Scores, total: Scores, power: float) -> Scores:
    """The strength of each term's log-count ratio between a class and the rest, of mean square one."""
    with_class, without = inside + 1, total - inside + 1
    ratio = np.abs(np.log((with_class / with_class.sum()) / (without / without.sum()))) ** power
    scaled: Scores = ratio / np.sqrt((ratio**2).mean())
    return scaled


def _machine(rows: sparse.csr_matrix, mine: NDArray[np.bool_], penalty: float) -> tuple[Scores, float]:
    """One class against the rest."""
    machine = LinearSVC(C=penalty, class_weight="balanced", random_state=0, max_iter=20_000)
    machine.fit(rows, mine)
    return machine.coef_[0], float(machine.intercept_[0])


def columns_of(vocabulary: Vocabulary, blocks: Sequence[str]) -> Rows:
    """The columns of some blocks."""
    groups = len(vocabulary.groups)
    ends = np.cumsum([0, len(vocabulary.words), len(vocabulary.grams), groups, groups])
    spans = {name: np.arange(ends[k], ends[k + 1]) for k, name in enumerate(BLOCKS["setting"])}
    return np.concatenate([spans[name] for name in blocks])


def held_out(corpus: Corpus, facet: str, blocks: Sequence[str] = (), share: float = 1.0, folds: int = 0) -> Scores:
    """Scores for every text by a model that saw no text of its hand.

    `share` thins the texts it saw; `folds` puts several hands into each fold, which is quicker.
    """
    fold_of = corpus.fold % folds if folds else corpus.fold
    labels, names = (corpus.category, corpus.categories) if facet == "category" else (corpus.setting, corpus.settings)
    usable = np.ones(len(labels), dtype=bool) if facet == "category" else corpus.in_scope
    scores = np.zeros((len(labels), len(names)))
    for fold in np.unique(fold_of).tolist():
        train = np.flatnonzero((fold_of != fold) & usable)
        if share < 1:
            train = np.sort(np.random.default_rng(0).permutation(train)[: int(len(train) * share)])
        test = np.flatnonzero(fold_of == fold)
        seen = [corpus.texts[place] for place in train]
        vocabulary = features.build(features.count_documents(seen), len(seen))
        columns = columns_of(vocabulary, blocks or BLOCKS[facet])
        weights, bias = fit(matrix(seen, vocabulary)[:, columns], labels[train], len(names), facet)
        unseen = matrix([corpus.texts[place] for place in test], vocabulary)[:, columns]
        scores[test] = unseen @ weights + bias
    return scores
