"""Everything that decides, in one frozen record: model, plans, directory, taxonomy, policies, calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.clock_rules import ClockRules
from hotline.routing.plan_versions import plans_on

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hotline.casework.clock_rules import PolicyBook
    from hotline.casework.policy import Policy
    from hotline.casework.policy_change import PolicyChange
    from hotline.casework.workdays import Calendar
    from hotline.routing.agencies import Directory
    from hotline.routing.classifier import Classifier
    from hotline.routing.plan_records import Plan
    from hotline.routing.plan_versions import Versions
    from hotline.routing.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules in force, loaded once and shared; a new version is a new record.

    `policies` is the file of policies that was shipped; `changes` and `books` are what was adopted beside it.
    `plans` holds every plan that is known, in its newest wording: for titles, and to tell an id from a typing error.
    What routes a complaint is `plans_on` the day it was received. Without `versions` the two are the same.
    """

    classifier: Classifier
    plans: Mapping[str, Plan]
    directory: Directory
    taxonomy: Taxonomy
    policies: tuple[Policy, ...]
    calendar: Calendar
    versions: Versions = ()
    changes: tuple[PolicyChange, ...] = ()
    books: tuple[PolicyBook, ...] = ()

    @property
    def clock_rules(self) -> ClockRules:
        """What reckons clocks: policies by the day received, the office and its region; the calendar of the place."""
        return ClockRules(self.policies, self.calendar, self.changes, self.books)

    def plans_on(self, day: date, office_id: str | None) -> Mapping[str, Plan]:
        """The plans as they serve an office on a day, each in the version whose first day has come."""
        return plans_on(self.versions, day, office_id) if self.versions else self.plans
