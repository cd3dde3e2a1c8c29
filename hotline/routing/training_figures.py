"""What the model card says of predictions for hands whose texts the model had not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.routing import scoring
from hotline.routing.taxonomy import OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hotline.routing.calibration import Held, Rows
    from hotline.routing.fitting import Corpus


def figures_of(held: Held, names: Sequence[str]) -> dict[str, Any]:
    """What the card says about one facet."""
    return {
        "texts": len(held.truth),
        "accuracy": scoring.accuracy(held.truth, held.guess),
        "accuracy_interval": scoring.bootstrap(
            len(held.truth), lambda rows: scoring.accuracy(held.truth[rows], held.guess[rows])
        ),
        "macro_f1": scoring.macro_f1(held.truth, held.guess),
        "ece": scoring.calibration_error(held.right, held.confidence),
        "coverage": float(held.kept.mean()),
        "precision_at_threshold": float(held.right[held.kept].mean()) if held.kept.any() else 1.0,
        "curve": scoring.coverage_curve(held.right, held.confidence),
        "classes": scoring.per_class(held.truth, held.guess, names),
    }


def curves_of(held: Held, names: Sequence[str]) -> dict[str, Any]:
    """Coverage and precision by threshold, for the supervisor who sets it."""
    return scoring.class_curves(held.right, held.confidence, held.guess, names)


def scope_figures(corpus: Corpus, guess: Rows) -> dict[str, float]:
    """How well `other` is kept apart."""
    called_other = guess == corpus.categories.index(OUT_OF_SCOPE)
    inside = corpus.in_scope
    return {
        "other_recall": float(called_other[~inside].mean()) if (~inside).any() else 1.0,
        "in_scope_called_other": float(called_other[inside].mean()) if inside.any() else 0.0,
    }
