"""The likeliest labels of texts with their calibrated chances, for a block of texts in one sweep of arrays.

`Facet.probabilities` says what chances are, in plain numbers, which for one text is as fast; for a block this takes a
fifth of the time. tests/routing/test_chances.py holds both equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hotline.routing.facet import TINY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hotline.routing.facet import Facet

    Likely = tuple[Sequence[int], Sequence[float]]  # labels, best first, and the chance of each


def likeliest(facet: Facet, scores: NDArray[np.float32], count: int) -> list[Likely]:
    """The labels of the highest chances of each text; a row of scores a text."""
    if len(scores) == 1:
        return [highest(facet.probabilities(scores[0].tolist()), count)]
    found = of_block(facet, scores)
    order = (-found).argsort(axis=1, kind="stable")[:, :count]
    return list(zip(order.tolist(), np.take_along_axis(found, order, axis=1).tolist(), strict=True))


def highest(chances: Sequence[float], count: int) -> Likely:
    """The labels of the highest chances, the first of those that are equal."""
    values = sorted(chances, reverse=True)[:count]
    order = [chances.index(value) for value in values]
    if len(set(order)) < len(order):  # sorting labels alone would do, and take thrice as long
        order = sorted(range(len(chances)), key=chances.__getitem__, reverse=True)[:count]
    return order, values


def of_block(facet: Facet, scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """The chances of the labels of each text; a row of scores a text."""
    exact = scores.astype(np.float64)
    powers = exact * facet.scale + facet.shift
    powers -= powers.max(axis=1, keepdims=True)
    shares = np.exp(powers)
    shares /= shares.sum(axis=1, keepdims=True)
    rows, best = np.arange(len(shares)), shares.argmax(axis=1)
    top = shares[rows, best]
    second, first = np.partition(exact, -2, axis=1)[:, -2:].T
    known = np.column_stack((np.log(top + TINY), np.log(1 - top + TINY), first, second, np.ones(len(rows))))
    confidence = 1 / (1 + np.exp(-known @ np.asarray(facet.trust)))
    rest = (1 - confidence) / np.maximum(1 - top, TINY)
    below = np.nextafter(confidence, 0)  # as in `Facet.probabilities`
    found: NDArray[np.float64] = np.minimum(shares * rest[:, None], below[:, None])
    found[rows, best] = confidence
    return found
