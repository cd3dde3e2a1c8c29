"""Which plan serves a place on a day (design §4): the most local one in force, else the parent region's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hotline.intake.regions import parents
from hotline.routing.adcodes import NATION, regions_upwards
from hotline.routing.plans import find_plan, with_annex

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hotline.records import Office
    from hotline.routing.plan_records import Plan

__all__ = ["NATION", "PlanChoice", "place_for_office", "plan_for", "plan_for_office", "regions_upwards"]


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """The plan that serves, joined with its annex; `chain` the ids of all in force from the place upwards.

    `plan` is None where none is in force. `reason` is in words; `place_known` is false where the receiving
    office's plan serves because the complaint names no place.
    """

    plan: Plan | None
    chain: tuple[str, ...]
    reason: str
    place_known: bool = True


def plan_for(region: str | None, on: date, plans: Mapping[str, Plan], home_plan: str | None = None) -> PlanChoice:
    """The plan for a complaint of `region` received `on` (the day in Asia/Shanghai).

    A plan that assigns nobody (a focus list) is never chosen. Without a region the plan of the office that received
    the complaint (`home_plan`) serves, marked so, else the nation's. `InvalidInputError` for what is no adcode,
    `UnknownPlanError` for an unknown home plan.
    """
    if region is None and home_plan is not None:
        plan = find_plan(plans, home_plan)
        reason = f"诉求没有写明地点，按接收单位的方案《{plan.title}》"
        return PlanChoice(with_annex(plan, plans), (plan.id,), reason, place_known=False)
    found = [plan for adcode in regions_upwards(region or NATION) for plan in _serving(adcode, on, plans)]
    known = region is not None
    if not found:
        return PlanChoice(None, (), f"{on.isoformat()} 当地及其上级没有现行方案", known)
    plan = found[0]
    where = "当地方案" if plan.region == region else "当地没有现行方案，用上级方案"
    where = where if known else "诉求没有写明地点，用全国方案"
    reason = f"{where}《{plan.title}》，自 {plan.begins.isoformat()} 印发起有效"
    return PlanChoice(with_annex(plan, plans), tuple(item.id for item in found), reason, known)


def plan_for_office(region: str | None, on: date, plans: Mapping[str, Plan], office: Office) -> PlanChoice:
    """The plan for a complaint that an office received; `region` is the complaint's place where one was named.

    Without a place the office's own plan serves or, where it has ended, the one in force at the office's place.
    """
    if region is not None:
        return plan_for(region, on, plans)
    if not office.plan_id or office.plan_id in plans:
        return plan_for(None, on, plans, office.plan_id or None)
    choice = plan_for(office.region, on, plans)
    return replace(choice, reason=f"诉求没有写明地点，按接收单位所在地：{choice.reason}", place_known=False)


def place_for_office(region: str | None, office: Office) -> str | None:
    """The place that decides: one that is only the city or province around the office leaves the district open."""
    return None if region in parents(office.region) else region


def _serving(adcode: str, on: date, plans: Mapping[str, Plan]) -> list[Plan]:
    """The assigning plans of one place in force on a day, the latest first."""
    here = [plan for plan in plans.values() if plan.region == adcode and plan.in_force(on) and _assigns(plan, plans)]
    return sorted(here, key=lambda plan: plan.begins, reverse=True)


def _assigns(plan: Plan, plans: Mapping[str, Plan]) -> bool:
    return any(duty.categories for duty in with_annex(plan, plans).duties)
