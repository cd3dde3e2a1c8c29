"""Replay: which recent cases would go to another body under other plans; nothing is classified again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.routing.agencies import resolve_today
from hotline.routing.matrix import route
from hotline.routing.places import place_for_office, plan_for_office
from hotline.routing.plans import with_annex
from hotline.routing.taxonomy import DELIVERY, OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from hotline.records import Assignment, Office
    from hotline.routing.agencies import Directory
    from hotline.routing.plan_records import Duty, Plan


@dataclass(frozen=True, slots=True)
class ReplayCase:
    """What a route depends on, as it was kept with the case; `text` need only hold the goods words (masked is enough).

    `plan` is the plan that served when the case was routed, which a person may have chosen against the map.
    """

    case_id: str
    number: str
    category: str
    setting: str
    text: str
    region: str | None
    received_on: date
    plan: str | None


@dataclass(frozen=True, slots=True)
class Target:
    """Where a case goes: the clause, the lead as the plan names it, the bodies of today. All empty without a plan."""

    plan: str
    clause: str
    lead: str
    today: str
    co: tuple[str, ...]
    silent: bool

    def same_bodies(self, other: Target) -> bool:
        """Whether the case stays where it is, whatever the clause says now."""
        return (self.today or self.lead, self.co, self.silent) == (other.today or other.lead, other.co, other.silent)


@dataclass(frozen=True, slots=True)
class Move:
    """A case that would go elsewhere."""

    case_id: str
    number: str
    category: str
    before: Target
    after: Target


NOWHERE = Target("", "", "", "", (), silent=True)


def replay(
    cases: Iterable[ReplayCase],
    before: Mapping[str, Plan],
    after: Mapping[str, Plan],
    directory: Directory,
    *,
    office: Office,
    on: date | None = None,
) -> list[Move]:
    """The cases that would move if `after` served in place of `before`, in the order given.

    `on` routes every case as if it had come on that day (the first day of a new version); without it each is routed
    for its own day. A case whose plan is not the one the map gives was routed by a person's choice, and keeps it.
    """
    old = _Router(before, directory, office, on)
    new = _Router(after, directory, office, on)
    return [move for case in cases if (move := _moved(case, old, new)) is not None]


def named_bodies(plan: Plan, directory: Directory, on: date) -> frozenset[str]:
    """The bodies that a plan sends cases to on a day: those it names and those that do their work then."""
    named: set[str] = set()
    for duty in plan.duties:
        named.update(_bodies_of(duty, directory, on))
    office = directory.find(plan.office.name, plan.region) if plan.office else None
    return frozenset(named | ({office.id} if office else set()))


def _bodies_of(duty: Duty, directory: Directory, on: date) -> Iterator[str]:
    for name in duty.agencies_full:
        body = directory.find(name, duty.region)
        if body is None:
            continue
        yield body.id
        for code in (*duty.categories, *((DELIVERY,) if DELIVERY in duty.settings else ())):
            today = resolve_today(directory, body, code, on, duty.region)
            if today is not None:
                yield today.id


class _Router:
    """Routes cases under one set of plans; the plan of a place and day is looked up once."""

    def __init__(self, plans: Mapping[str, Plan], directory: Directory, office: Office, on: date | None) -> None:
        self.plans, self.directory, self.office, self.on = plans, directory, office, on
        self._chosen: dict[tuple[str | None, date], Plan | None] = {}

    def day(self, case: ReplayCase) -> date:
        return self.on or case.received_on

    def mapped(self, case: ReplayCase) -> Plan | None:
        """The plan that the case's place and day give."""
        region, day = place_for_office(case.region, self.office), self.day(case)
        if (region, day) not in self._chosen:
            self._chosen[region, day] = plan_for_office(region, day, self.plans, self.office).plan
        return self._chosen[region, day]

    def named(self, plan_id: str) -> Plan | None:
        """The plan that a person chose."""
        plan = self.plans.get(plan_id)
        return with_annex(plan, self.plans) if plan else None

    def target(self, case: ReplayCase, plan: Plan | None) -> Target:
        if plan is None:
            return NOWHERE
        found = route(
            plan=plan,
            directory=self.directory,
            category=case.category,
            setting=case.setting,
            text=case.text,
            received_on=self.day(case),
            region=place_for_office(case.region, self.office),
        )
        return _target(found)


def _moved(case: ReplayCase, old: _Router, new: _Router) -> Move | None:
    if case.category == OUT_OF_SCOPE:
        return None
    first, second = old.mapped(case), new.mapped(case)
    if case.plan and first is not None and case.plan != first.id and case.plan in old.plans:
        first, second = old.named(case.plan), new.named(case.plan) or second
    if first is second:
        return None
    before, after = old.target(case, first), new.target(case, second)
    return None if before.same_bodies(after) else Move(case.case_id, case.number, case.category, before, after)


def _target(found: Assignment) -> Target:
    lead, duty = found.lead, found.duty
    clause = "" if duty is None else duty.clause if duty.seq == 1 else f"{duty.clause}第{duty.seq}项"
    co = tuple(each.today or each.name for each in found.co)
    return Target(
        found.plan or "", clause, lead.name if lead else "", (lead.today or "") if lead else "", co, found.silent
    )
