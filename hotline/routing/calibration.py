"""Calibration: from scores of unseen texts to probabilities, a confidence and the thresholds of abstention."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from hotline.routing import scoring
from hotline.routing.facet import evidence

Rows = NDArray[np.int64]
Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]

RIDGE = 0.5  # half the squared weights of `trust` are added to its loss, as scikit-learn's C = 1 does


def calibrate(scores: Scores, labels: Rows, shifted: int | None) -> tuple[float, Scores]:
    """Scale and shift that make softmax(scale · score + shift) most likely; only the `shifted` class is shifted."""
    index = np.arange(len(labels))

    def loss(point: Scores) -> float:
        logits = scores * np.exp(point[0])
        if shifted is not None:
            logits[:, shifted] += point[1]
        top = logits.max(axis=1)
        return float((np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top - logits[index, labels]).mean())

    found = optimize.minimize(loss, np.asarray([1.0, 0.0]), method="Nelder-Mead", options={"xatol": 1e-4}).x
    shift = np.zeros(scores.shape[1])
    if shifted is not None:
        shift[shifted] = found[1]
    return float(np.exp(found[0])), shift


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What is chosen on out-of-fold scores: see `facet.Facet`."""

    scale: float
    shift: Scores
    trust: Scores
    thresholds: Scores


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Out-of-fold predictions of one facet with their confidence, and which of them the thresholds let through."""

    truth: Rows
    guess: Rows
    confidence: Scores
    kept: Flags

    @property
    def right(self) -> Flags:
        """Which predictions are right."""
        flags: Flags = self.truth == self.guess
        return flags


def _chances(scores: Scores, scale: float, shift: Scores) -> Scores:
    """Softmax, row by row."""
    result: Scores = special.softmax(scores * scale + shift, axis=1)
    return result


def _evidence(chances: Scores, scores: Scores) -> Scores:
    """The rows of `facet.evidence`."""
    pairs = zip(chances.tolist(), scores.tolist(), strict=True)
    return np.asarray([evidence(max(chance), score) for chance, score in pairs])


def _judge(scores: Scores, found: Calibration) -> tuple[Rows, Scores]:
    """Best label and confidence, as serving computes them."""
    chances = _chances(scores, found.scale, found.shift)
    return chances.argmax(axis=1), special.expit(_evidence(chances, scores) @ found.trust)


def _fit_trust(rows: Scores, right: Flags) -> Scores:
    """Logistic regression of being right; the constant is not penalised."""
    if right.all() or not right.any():  # Too few texts to tell: the chance itself is the confidence.
        return np.asarray([1.0, -1.0, 0.0, 0.0, 0.0])
    signs = np.where(right, 1.0, -1.0)

    def loss(weights: Scores) -> float:
        return float(np.logaddexp(0, -signs * (rows @ weights)).sum() + RIDGE * (weights[:-1] @ weights[:-1]))

    def slope(weights: Scores) -> Scores:
        pull = -signs * special.expit(-signs * (rows @ weights))
        gradient: Scores = rows.T @ pull + 2 * RIDGE * np.append(weights[:-1], 0.0)
        return gradient

    found: Scores = optimize.minimize(loss, np.zeros(rows.shape[1]), jac=slope, method="L-BFGS-B").x
    return found


def choose(scores: Scores, truth: Rows, shifted: int | None, precision: float) -> Calibration:
    """Calibrate scores of texts unseen by their model, and choose the thresholds on them."""
    scale, shift = calibrate(scores, truth, shifted)
    chances = _chances(scores, scale, shift)
    guess = chances.argmax(axis=1)
    right = guess == truth
    rows = _evidence(chances, scores)
    trust = _fit_trust(rows, right)
    confidence = special.expit(rows @ trust)
    thresholds = scoring.class_thresholds(right, confidence, guess, scores.shape[1], precision)
    return Calibration(scale, shift, trust, thresholds)


def hold(scores: Scores, truth: Rows, folds: Rows, shifted: int | None, precision: float) -> Held:
    """Out-of-fold predictions; calibration and thresholds too come from the other hands' texts."""
    guess, confidence = np.zeros_like(truth), np.zeros(len(truth))
    kept = np.zeros(len(truth), dtype=bool)
    for fold in np.unique(folds).tolist():
        mine = folds == fold
        found = choose(scores[~mine], truth[~mine], shifted, precision)
        guess[mine], confidence[mine] = _judge(scores[mine], found)
        kept[mine] = confidence[mine] >= found.thresholds[guess[mine]]
    return Held(truth, guess, confidence, kept)
