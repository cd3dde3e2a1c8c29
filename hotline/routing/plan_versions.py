"""The versions of plans: which one serves an office on a day. A version in use is never edited, a newer one follows it.

The plans that travel with the program are version 1 and serve every office. What an office adopts serves that office
alone, from a day on; a version without content ends the plan for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hotline.routing.plan_records import Plan

Versions: TypeAlias = "tuple[PlanVersion, ...]"


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One version of a plan. `office_id` None serves every office; `plan` None means that the plan ends.

    `effective_from` is a day in Asia/Shanghai. A shipped version also serves the days before it, so that a plan that
    a person names for an old complaint is found; whether it was in force then is the plan's own to say.
    """

    plan_id: str
    version: int
    office_id: str | None
    effective_from: date
    plan: Plan | None

    def serves(self, day: date, office_id: str | None) -> bool:
        """Whether this version may serve an office on a day, newer ones aside."""
        return self.office_id is None or (self.office_id == office_id and self.effective_from <= day)


@lru_cache(maxsize=256)
def plans_on(versions: Versions, day: date, office_id: str | None) -> Mapping[str, Plan]:
    """The plans of an office on a day by id: of each the newest version whose first day has come."""
    newest: dict[str, PlanVersion] = {}
    for each in versions:
        known = newest.get(each.plan_id)
        if each.serves(day, office_id) and (known is None or each.version > known.version):
            newest[each.plan_id] = each
    return MappingProxyType({plan_id: each.plan for plan_id, each in newest.items() if each.plan is not None})


def known_plans(versions: Versions) -> Mapping[str, Plan]:
    """Every plan there ever was, by id, in its newest wording: for titles and for telling ids from typing errors."""
    ordered = sorted((each for each in versions if each.plan is not None), key=lambda each: each.version)
    return MappingProxyType({each.plan_id: each.plan for each in ordered if each.plan is not None})
