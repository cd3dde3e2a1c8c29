"""Thresholds that people set in place of those chosen at training: below a class's threshold the model abstains."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.routing.classifier import Classifier
    from hotline.routing.facet import Facet

CATEGORY, SETTING = "category", "setting"
ALL = ""
"""The key under which a threshold for every class of a facet stands."""


def with_thresholds(classifier: Classifier, chosen: Mapping[tuple[str, str], float]) -> Classifier:
    """The same classifier with these thresholds.

    Args:
        classifier: Any loaded model.
        chosen: Threshold by (facet, class); the class `ALL` holds for every class that is not named itself.
    """
    model = classifier.model
    category, setting = _changed(model.category, CATEGORY, chosen), _changed(model.setting, SETTING, chosen)
    return replace(classifier, model=replace(model, category=category, setting=setting))


def threshold_for(points: Sequence[Mapping[str, float]], precision: float) -> float | None:
    """The lowest threshold of a curve that reaches the precision; None where none does."""
    return min((point["threshold"] for point in points if point["precision"] >= precision), default=None)


def _changed(facet: Facet, name: str, chosen: Mapping[tuple[str, str], float]) -> Facet:
    common = chosen.get((name, ALL))
    values = tuple(
        chosen.get((name, label), own if common is None else common)
        for label, own in zip(facet.labels, facet.thresholds, strict=True)
    )
    return replace(facet, thresholds=values)
