"""The facet that serves: fitted on every text that counts, calibrated on unseen hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hotline.routing.facet import Facet
from hotline.routing.fitting import BLOCKS, columns_of, fit, matrix
from hotline.routing.taxonomy import OUT_OF_SCOPE

if TYPE_CHECKING:
    from hotline.routing.calibration import Calibration, Scores
    from hotline.routing.features import Vocabulary
    from hotline.routing.fitting import Corpus

SECONDARY_PRECISION = 0.5


def secondary_threshold(corpus: Corpus, scores: Scores) -> float:
    """The lowest score from which at least half of the second matters proposed are right on unseen texts."""
    wanted = [{corpus.categories.index(code) for code in row.secondary} for row in corpus.examples]
    other = corpus.categories.index(OUT_OF_SCOPE)
    best = scores.argmax(axis=1)
    found = sorted(
        (
            (float(scores[place, label]), label in wanted[place])
            for place in np.flatnonzero(corpus.in_scope & (best != other)).tolist()
            for label in range(len(corpus.categories))
            if label not in (other, best[place], corpus.category[place])
        ),
        reverse=True,
    )
    hits = np.cumsum([hit for _, hit in found])
    good = np.flatnonzero(hits >= SECONDARY_PRECISION * np.arange(1, len(found) + 1))
    return found[int(good[-1])][0] if len(good) and hits[good[-1]] else max(found)[0] + 0.1 if found else 0.0


def serving_facet(
    facet: str, corpus: Corpus, vocabulary: Vocabulary, *, found: Calibration, secondary: float = float("inf")
) -> Facet:
    """Fit the model that serves, on every text that counts, and put what was chosen out of fold beside it."""
    labels, names = (corpus.category, corpus.categories) if facet == "category" else (corpus.setting, corpus.settings)
    usable = np.flatnonzero(corpus.in_scope) if facet == "setting" else np.arange(len(labels))
    labels, columns = labels[usable], columns_of(vocabulary, BLOCKS[facet])
    rows = matrix([corpus.texts[place] for place in usable], vocabulary)[:, columns]
    fitted, bias = fit(rows, labels, len(names), facet)
    weights = np.zeros((vocabulary.size, len(names)), dtype=np.float16)  # columns it does not use stay without effect
    weights[columns] = fitted
    return Facet(
        labels=names,
        weights=weights.astype(np.float32),
        bias=bias.astype(np.float32),
        scale=round(found.scale, 4),
        shift=tuple(found.shift.round(4).tolist()),
        trust=tuple(found.trust.round(4).tolist()),
        thresholds=tuple(found.thresholds.round(4).tolist()),
        secondary=round(secondary, 4),
        shares=tuple((np.bincount(labels, minlength=len(names)) / len(labels)).tolist()),
    )
