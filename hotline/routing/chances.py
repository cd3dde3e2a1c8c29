"""Calibrated chances of a block of texts in one sweep of arrays.

`Facet.probabilities` says what they are, in plain numbers, which for one text is as fast; for a block this takes a
fifth of the time. tests/routing/test_chances.py holds both equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hotline.routing.model_file import TINY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotline.routing.model_file import Facet


def chances(facet: Facet, scores: NDArray[np.float32]) -> list[list[float]]:
    """The chances of the labels of each text; a row of scores a text."""
    if len(scores) == 1:
        return [facet.probabilities(scores[0].tolist())]
    exact = scores.astype(np.float64)
    powers = exact * facet.scale + facet.shift
    powers -= powers.max(axis=1, keepdims=True)
    shares = np.exp(powers)
    shares /= shares.sum(axis=1, keepdims=True)
    rows, best = np.arange(len(shares)), shares.argmax(axis=1)
    highest = shares[rows, best]
    second, first = np.partition(exact, -2, axis=1)[:, -2:].T
    known = np.column_stack((np.log(highest + TINY), np.log(1 - highest + TINY), first, second, np.ones(len(rows))))
    confidence = 1 / (1 + np.exp(-known @ np.asarray(facet.trust)))
    rest = (1 - confidence) / np.maximum(1 - highest, TINY)
    found = np.minimum(shares * rest[:, None], confidence[:, None])
    found[rows, best] = confidence
    answer: list[list[float]] = found.tolist()
    return answer
