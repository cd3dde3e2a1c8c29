"""Everything that decides, in one frozen record: model, plans, directory, taxonomy, policies, calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotline.casework.policies import Policy
    from hotline.casework.workdays import Calendar
    from hotline.routing.agencies import Directory
    from hotline.routing.classifier import Classifier
    from hotline.routing.plan_records import Plan
    from hotline.routing.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules in force, loaded once and shared; a new version is a new record."""

    classifier: Classifier
    plans: Mapping[str, Plan]
    directory: Directory
    taxonomy: Taxonomy
    policies: tuple[Policy, ...]
    calendar: Calendar
