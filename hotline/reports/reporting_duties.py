"""Who has to report every week, for which agencies of the plan, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from hotline.routing.agencies import resolve_today

if TYPE_CHECKING:
    from datetime import date

    from hotline.records import Office
    from hotline.reports.labels import Rules
    from hotline.reports.report_period import Period
    from hotline.routing.plan_records import Reporting


@dataclass(frozen=True, slots=True)
class Duty:
    """A body that has to report: for which agencies of the plan, and by when this week."""

    body: str
    answers_for: tuple[str, ...]
    due_on: date
    due_time: str


def reporting_of(office: Office, rules: Rules) -> Reporting | None:
    """The plan's duty to report every week, where it names agencies, a weekday and an hour."""
    plan = rules.plans.get(office.plan_id)
    weekly = (each for each in plan.reporting if each.weekday is not None) if plan else ()
    return next(iter(weekly), None)


def duties_of(office: Office, rules: Rules, period: Period) -> tuple[Duty, ...]:
    """Today's bodies in the plan's order; one that took over several agencies answers for them all."""
    reporting = reporting_of(office, rules)
    if reporting is None:
        return ()
    directory, due_on = rules.directory, period.since + timedelta(days=(reporting.weekday or 1) - 1)
    answers: dict[str, list[str]] = {}
    for name in reporting.who:
        body = directory.find(name, office.region)
        today = resolve_today(directory, body, "", due_on) if body else None
        if today is not None:
            answers.setdefault(today.id, []).append(name)
    return tuple(Duty(body, tuple(names), due_on, reporting.time) for body, names in answers.items())
