"""Who has to submit each week, by when, and who is late (西城方案三（三）); reminders on the day and after the hour.

The bodies' day and hour are the plan's (Friday 12:00). The office's own are the plan's too where it states them; where
it only says 每周, they are the deployment's setting (`HOTLINE_OFFICE_WEEKLY`). Where that day is no working day the
deadline moves to the same hour of the next working day (民法典第203条), and both the page and the reminder follow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.casework.policy_file import load_policies
from hotline.casework.workdays import is_workday, next_workday
from hotline.moments import SHANGHAI, local_date
from hotline.reports.report_period import week_of
from hotline.reports.reporting_duties import duties_of, reporting_of
from hotline.routing.directory_file import load_directory
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy
from hotline.store.notices import Notice, add_notices
from hotline.store.submissions import submitted_bodies
from hotline.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sqlmodel import Session

    from hotline.casework.calendars import Calendar
    from hotline.casework.policy import Policy
    from hotline.records import Office
    from hotline.reports.labels import Rules
    from hotline.reports.report_period import Period
    from hotline.routing.agencies import Directory
    from hotline.routing.plan_records import Plan, Reporting
    from hotline.routing.taxonomy import Taxonomy

OfficeDue = tuple[int, time]
"""Weekday (1 for Monday) and hour of the office's own report."""
MORNING = time(9)
_SUPERVISOR = Role.SUPERVISOR.value


@dataclass(frozen=True, slots=True)
class Standing:
    """One submission that is owed: by whom (an empty body is the office), to whom, until when, and when it came."""

    body_id: str
    answers_for: tuple[str, ...]
    recipient: str
    due_at: datetime
    submitted_at: datetime | None

    def late(self, now: datetime) -> bool:
        """Whether it came after the deadline, or has not come although that has passed."""
        return (self.submitted_at or now) > self.due_at


def deadline_of(day: date, hour: time, calendar: Calendar) -> datetime:
    """The moment of a deadline that falls on a day; the next working day where that is none."""
    if not is_workday(calendar, day).counted:
        day = next_workday(calendar, day).date
    return datetime.combine(day, hour, SHANGHAI)


def standings(
    session: Session, office: Office, rules: Rules, calendar: Calendar, period: Period, *, office_due: OfficeDue
) -> tuple[Standing, ...]:
    """Everything that is owed for a week, in the plan's order, the office's own reports last.

    `office_due` is when the office reports where its plan gives no day and hour.
    """
    came = submitted_bodies(session, office.id, period.since)
    found = [
        Standing(
            duty.body,
            duty.answers_for,
            office.name,
            deadline_of(duty.due_on, time.fromisoformat(duty.due_time), calendar),
            came.get(duty.body),
        )
        for duty in duties_of(office, rules, period)
    ]
    own = _own_duty(office, rules) if found else None
    if own is not None:
        weekday, hour = (own.weekday, time.fromisoformat(own.time)) if own.weekday and own.time else office_due
        due = deadline_of(period.since + timedelta(days=weekday - 1), hour, calendar)
        found += [Standing("", (), each, due, came.get(each)) for each in own.to]
    return tuple(found)


def recipients(office: Office, rules: Rules) -> tuple[str, ...]:
    """To whom the office itself reports every week."""
    own = _own_duty(office, rules)
    return own.to if own else ()


def _own_duty(office: Office, rules: Rules) -> Reporting | None:
    plan = rules.plans.get(office.plan_id)
    bodies = reporting_of(office, rules)
    if plan is None or bodies is None:
        return None
    own = (each for each in plan.reporting if each.clause == bodies.clause and set(each.who) & set(bodies.to))
    return next(own, None)


@dataclass(frozen=True, slots=True)
class ShippedRules:
    """What the scheduler needs of the rules: it loads no model."""

    plans: Mapping[str, Plan]
    directory: Directory
    taxonomy: Taxonomy
    policies: tuple[Policy, ...]


@lru_cache(maxsize=1)
def reporting_rules() -> Rules:
    """Plans and bodies as they were shipped: reporting duties come with the document of the plan."""
    return ShippedRules(load_plans(), load_directory(), load_taxonomy(), load_policies())


def remind(
    session: Session, office: Office, rules: Rules, calendar: Calendar, now: datetime, *, office_due: OfficeDue
) -> int:
    """Tell who has not submitted: the body from the morning of the day on, the office once the hour has passed.

    Each is told once a week; return how many notices were new.
    """
    period = week_of(local_date(now))
    owed = [
        each
        for each in standings(session, office, rules, calendar, period, office_due=office_due)
        if each.submitted_at is None
    ]
    return add_notices(session, [*_due(owed, office, period, now), *_late(owed, office, period, now)], now)


def _due(owed: Sequence[Standing], office: Office, period: Period, now: datetime) -> Iterator[Notice]:
    """One reminder on the day to each body, and one to the office whatever the number of its recipients."""
    for each in owed:
        if now >= datetime.combine(local_date(each.due_at), MORNING, SHANGHAI):
            to = {"body_id": each.body_id} if each.body_id else {"office_id": office.id, "role": _SUPERVISOR}
            key = f"submission|{office.id}|{period.since}|{each.body_id}|due"
            yield Notice("submission", "submission:due:", **to, dedupe=key)


def _late(owed: Sequence[Standing], office: Office, period: Period, now: datetime) -> Iterator[Notice]:
    """One message to the supervisors for each hour that has passed: it names everybody who has not submitted."""
    by_hour: dict[datetime, list[str]] = {}
    for each in owed:
        if now > each.due_at:
            by_hour.setdefault(each.due_at, []).append(each.body_id)
    for due_at, bodies in by_hour.items():
        code = f"submission:late:{','.join(dict.fromkeys(bodies))}"
        key = f"submission|{office.id}|{period.since}|{due_at.astimezone(UTC):%Y%m%dT%H%M}|late"
        yield Notice("submission", code, office_id=office.id, role=_SUPERVISOR, dedupe=key)
