"""Two models over the same texts: figures per class where people decided, and which recent cases would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hotline.routing import scoring
from hotline.routing.taxonomy import OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.records import Classification
    from hotline.routing.classifier import Classifier
    from hotline.routing.corpus import Example
    from hotline.store.model_figures import RecentText

SIDES = ("old", "new")


def side_by_side(old: Classifier, new: Classifier, texts: Sequence[RecentText]) -> dict[str, Any]:
    """Which of these cases the new model would see otherwise, and how often each class is chosen; JSON.

    `needs_review` is here the doubt about the category alone: no plan is asked.
    """
    said = [model.classify_many((row.text for row in texts), explain=False) for model in (old, new)]
    changes = []
    for row, before, after in zip(texts, *said, strict=True):
        pairs = {
            name: [getattr(before, name), getattr(after, name)] for name in ("category", "setting", "needs_review")
        }
        if before.category == after.category == OUT_OF_SCOPE:
            pairs["setting"][1] = pairs["setting"][0]
        if all(pair[0] == pair[1] for pair in pairs.values()):
            continue
        changes.append(
            {
                "case_id": row.case_id,
                "number": row.number,
                **pairs,
                "confidence": [before.confidence, after.confidence],
                "decided": row.decided_category,
            }
        )
    return {
        "versions": {"old": old.version, "new": new.version},
        "cases": len(texts),
        "counts": _counts(said),
        "review": {side: sum(each.needs_review for each in found) for side, found in zip(SIDES, said, strict=True)},
        "changed": {
            name: sum(change[name][0] != change[name][1] for change in changes)
            for name in ("category", "setting", "needs_review")
        },
        "changes": changes,
    }


def _counts(said: Sequence[Sequence[Classification]]) -> dict[str, dict[str, int]]:
    """How often each model chooses each category."""
    codes = sorted({each.category for found in said for each in found})
    return {
        code: {side: sum(each.category == code for each in found) for side, found in zip(SIDES, said, strict=True)}
        for code in codes
    }


def judged(old: Classifier, new: Classifier, examples: Sequence[Example]) -> dict[str, Any]:
    """Both models on labelled texts that neither should have learnt: accuracy, macro F1, and each class; JSON."""
    if not examples:
        return {"texts": 0, "old": {}, "new": {}, "classes": {}}
    labels = tuple(old.taxonomy.categories)
    places = {label: index for index, label in enumerate(labels)}
    truth = np.asarray([places[row.category] for row in examples], dtype=np.int64)
    figures: dict[str, Any] = {"texts": len(examples), "classes": {}}
    for side, model in zip(SIDES, (old, new), strict=True):
        said = model.classify_many((row.text for row in examples), explain=False)
        guess = np.asarray([places[each.category] for each in said], dtype=np.int64)
        figures[side] = _figures(truth, guess, said, examples)
        for code, row in scoring.per_class(truth, guess, labels).items():
            figures["classes"].setdefault(code, {})[side] = row
    result: dict[str, Any] = scoring.rounded(figures)
    return result


def _figures(
    truth: scoring.Labels, guess: scoring.Labels, said: Sequence[Classification], examples: Sequence[Example]
) -> Mapping[str, float | None]:
    inside = [
        row.setting == each.setting for row, each in zip(examples, said, strict=True) if row.category != OUT_OF_SCOPE
    ]
    kept = np.asarray([not each.needs_review for each in said], dtype=bool)
    right = truth == guess
    return {
        "accuracy": scoring.accuracy(truth, guess),
        "macro_f1": scoring.macro_f1(truth, guess),
        "setting_accuracy": sum(inside) / len(inside) if inside else None,
        "coverage": float(kept.mean()),
        "precision_at_threshold": float(right[kept].mean()) if kept.any() else None,
    }
