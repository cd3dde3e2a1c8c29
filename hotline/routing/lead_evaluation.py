"""Whether a complaint reaches the right agency: the lead by the predicted labels against the lead by the true ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hotline.routing import scoring
from hotline.routing.matrix import route
from hotline.routing.plans import with_annex
from hotline.routing.triage import setting_question

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from hotline.records import Classification
    from hotline.routing.agencies import Directory
    from hotline.routing.classifier import Classifier
    from hotline.routing.corpus import Example
    from hotline.routing.plan_records import Plan
    from hotline.routing.scoring import Flags


@dataclass(frozen=True, slots=True, eq=False)
class Routes:
    """By what the lead agencies are compared: every plan, the agencies, and the day of receipt."""

    plans: Mapping[str, Plan]
    directory: Directory
    on: date


def evaluate_leads(
    examples: Sequence[Example], said: Sequence[Classification], classifier: Classifier, routes: Routes
) -> dict[str, Any]:
    """The share of texts whose lead agency is right, over the plans that tell agencies apart and for each.

    A text that belongs to no plan (`other`) is right where nobody is made its lead. `auto` counts only what would be
    dispatched without a person: the category is sure, and so is the setting wherever the lead depends on it.

    Args:
        examples: The labelled texts.
        said: Their classifications, in the same order.
        classifier: Who said so; its threshold decides when a setting is unsure.
        routes: Every text is routed under each of the plans; one that always names the same lead is left out.
    """
    found = {name: _under(plan, examples, said, classifier, routes) for name, plan in routes.plans.items()}
    plans = {name: flags for name, flags in found.items() if flags is not None}
    if not plans:
        return {"accuracy": None, "accuracy_interval": [0.0, 0.0], "coverage": None, "auto_accuracy": None, "plans": {}}
    hits, auto = (np.stack(columns, axis=1) for columns in zip(*plans.values(), strict=True))
    count = len(examples)
    return {
        "accuracy": float(hits.mean()),
        "accuracy_interval": scoring.bootstrap(count, lambda rows: float(hits[rows].mean())),
        "coverage": float(auto.mean()),
        "auto_accuracy": float(hits[auto].mean()) if auto.any() else None,
        "plans": {
            name: {
                "accuracy": float(right.mean()),
                "coverage": float(sure.mean()),
                "auto_accuracy": float(right[sure].mean()) if sure.any() else None,
            }
            for name, (right, sure) in plans.items()
        },
    }


def _under(
    plan: Plan, examples: Sequence[Example], said: Sequence[Classification], classifier: Classifier, routes: Routes
) -> tuple[Flags, Flags] | None:
    """Under one plan: whose lead is right, and what would be dispatched; None where the plan has one lead for all."""
    served = with_annex(plan, routes.plans)
    asks = setting_question(served, routes.directory, classifier.taxonomy)

    def lead(category: str, setting: str, text: str) -> str | None:
        found = route(
            plan=served,
            directory=routes.directory,
            category=category,
            setting=setting,
            text=text,
            received_on=routes.on,
        ).lead
        return found.name if found else None

    truth = [lead(row.category, row.setting, row.text) for row in examples]
    if len({name for name in truth if name}) < 2:  # noqa: PLR2004 - with one lead there is nothing to get wrong.
        return None
    guess = [lead(row.category, row.setting, example.text) for row, example in zip(said, examples, strict=True)]
    right = np.asarray([name == other for name, other in zip(truth, guess, strict=True)])
    return right, np.asarray([not _review(row, classifier, asks) for row in said])


def _review(guess: Classification, classifier: Classifier, asks: Callable[[str], bool]) -> bool:
    """Whether a person must look at it under a plan."""
    return guess.needs_review or (classifier.unsure_setting(guess) and asks(guess.category))
