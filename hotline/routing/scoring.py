"""Figures about predictions: accuracy, F1, calibration, coverage at a precision, thresholds. Arrays in, numbers out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Labels = NDArray[np.int64]
Chances = NDArray[np.float64]
Flags = NDArray[np.bool_]

TARGET_PRECISION = 0.98
PRICE = 8.0  # right answers that one wrong answer costs, when a class's threshold is chosen
PULL = 3.0  # right answers that leaving the common threshold costs, for each factor e of uncertainty
REACH = 0.25  # how far from the common threshold a class may go
STEP = 0.002
BINS = 10
RESAMPLES = 1000
FINE = tuple(step / 100 for step in (*range(20, 80, 4), *range(80, 100, 2), 99))  # what a supervisor may choose from
CURVE = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98)


def accuracy(truth: Labels, guess: Labels) -> float:
    """The share of right answers; 0 of nothing is 0."""
    return float((truth == guess).mean()) if len(truth) else 0.0


def per_class(truth: Labels, guess: Labels, labels: Sequence[str]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and number of texts of every class that occurs."""
    rows: dict[str, dict[str, float]] = {}
    for index, label in enumerate(labels):
        hits = int(((truth == index) & (guess == index)).sum())
        is_class, said = int((truth == index).sum()), int((guess == index).sum())
        if not is_class and not said:
            continue
        rows[label] = {
            "precision": hits / said if said else 0.0,
            "recall": hits / is_class if is_class else 0.0,
            "f1": 2 * hits / (is_class + said),
            "texts": is_class,
        }
    return rows


def macro_f1(truth: Labels, guess: Labels) -> float:
    """The mean F1 of the classes that occur in the truth."""
    classes = np.unique(truth)
    scores = [
        2 * ((truth == k) & (guess == k)).sum() / ((truth == k).sum() + (guess == k).sum()) for k in classes.tolist()
    ]
    return float(np.mean(scores)) if scores else 0.0


def calibration_error(right: Flags, confidence: Chances) -> float:
    """Expected calibration error over ten bins of equal width."""
    if not len(right):
        return 0.0
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = [
        abs(right[bins == k].mean() - confidence[bins == k].mean()) * (bins == k).sum()
        for k in np.unique(bins).tolist()
    ]
    return float(sum(gaps) / len(right))


def coverage_curve(right: Flags, confidence: Chances) -> list[dict[str, float]]:
    """For one common threshold after the other: what share is answered, and how much of it is right."""
    rows = []
    for bound in CURVE:
        kept = confidence >= bound
        precision = float(right[kept].mean()) if kept.any() else 1.0
        rows.append({"threshold": bound, "coverage": float(kept.mean()), "precision": precision})
    return rows


def threshold_points(right: Flags, confidence: Chances) -> list[dict[str, float]]:
    """Threshold after threshold: what share of these predictions is answered, how much of it is right, and how many.

    A threshold that lets through the same predictions as the one before is left out.
    """
    points: list[dict[str, float]] = []
    for bound in (0.0, *FINE):
        kept = confidence >= bound
        count = int(kept.sum())
        if not count or (points and points[-1]["n"] == count):
            continue
        points.append(
            {"threshold": bound, "coverage": float(kept.mean()), "precision": float(right[kept].mean()), "n": count}
        )
    return points


def class_curves(right: Flags, confidence: Chances, guess: Labels, labels: Sequence[str]) -> dict[str, Any]:
    """The points of all predictions together (`all`) and of those of each class (`classes`)."""
    return {
        "all": threshold_points(right, confidence),
        "classes": {
            label: threshold_points(right[guess == index], confidence[guess == index])
            for index, label in enumerate(labels)
            if (guess == index).any()
        },
    }


def common_threshold(right: Flags, confidence: Chances, bound: float = TARGET_PRECISION) -> float:
    """The lowest common threshold that reaches the precision on these texts; above 1 where none does."""
    order = np.argsort(-confidence, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= bound)
    return float(confidence[order][good[-1]]) if len(good) else 1.01


def _worth(right: Flags, confidence: Chances, common: float) -> float:
    """The threshold of one class that is worth most: right answers gained, less wrong ones at their price."""
    best, chosen = -float("inf"), common
    for bound in np.unique([*confidence[np.abs(confidence - common) <= REACH].tolist(), common]).tolist():
        kept = confidence >= bound
        pull = abs(np.log((1.01 - bound) / (1.01 - common)))
        worth = float((right & kept).sum() - PRICE * (~right & kept).sum() - PULL * pull)
        if worth > best:
            best, chosen = worth, bound
    return chosen


def class_thresholds(
    right: Flags, confidence: Chances, guess: Labels, classes: int, bound: float = TARGET_PRECISION
) -> Chances:
    """A threshold per class, chosen for precision on texts that the model has not seen.

    A class alone has too few texts to prove 98 %, so each starts from the threshold that is right for all together
    and leaves it only where its own texts pay for that. Where all together then miss the bound, all rise.
    """
    common = min(common_threshold(right, confidence, bound), 1.0)
    found = np.full(classes, common)
    for index in np.unique(guess).tolist():
        mine = guess == index
        found[index] = _worth(right[mine], confidence[mine], common)
    while (kept := confidence >= found[guess]).any() and right[kept].mean() < bound:
        found = found + STEP
    result: Chances = np.minimum(found, 1.0)
    return result


def bootstrap(count: int, figure: Callable[[Labels], float], seed: int = 0) -> list[float]:
    """The 95 % interval of a figure over resampled rows."""
    if not count:
        return [0.0, 0.0]
    generator = np.random.default_rng(seed)
    values = [figure(generator.integers(0, count, count)) for _ in range(RESAMPLES)]
    low, high = np.quantile(values, (0.025, 0.975))
    return [float(low), float(high)]


def rounded(value: Any) -> Any:  # noqa: ANN401 - any JSON.
    """The same JSON with four decimals, so that figures can be read and compared."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item) for item in value]
    return value
