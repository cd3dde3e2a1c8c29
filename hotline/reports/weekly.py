"""The weekly report of the office (西城方案三（三）): figures by agency, this week beside the week before.

A week runs from Monday 0:00 to Sunday 24:00 in Asia/Shanghai; of the present week it counts what has happened so far.
Each figure is a number of cases and knows them by its selection. The plan has six agencies report by Friday 12:00; the
bodies that have their work today answer for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hotline.moments import local_date
from hotline.reports.cases import count_merged
from hotline.reports.conditions import breached_condition, leg_conditions, within
from hotline.reports.selection import DESK, Figure, Selection
from hotline.routing.agencies import resolve_today
from hotline.store.tables import CASE, CLOCK, LEG

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlmodel import Session

    from hotline.records import Office
    from hotline.reports.labels import Rules
    from hotline.routing.plan_records import Reporting

SEVEN_DAYS = timedelta(days=7)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` to `until`, both included."""

    since: date
    until: date

    def before(self) -> Period:
        """The period just before: the month or year before a whole one, else as many days."""
        day = self.since - ONE_DAY
        for made in (month_of, year_of):
            if made(self.since) == self:
                return made(day)
        length = self.until - self.since + ONE_DAY
        return Period(self.since - length, self.since - ONE_DAY)

    def selection(self, figure: Figure, body: str = "") -> Selection:
        """The cases that a figure of this period counts."""
        return Selection(figure=figure, since=self.since, until=self.until, body=body)


@dataclass(frozen=True, slots=True)
class Duty:
    """A body that has to report: for which agencies of the plan, and by when this week."""

    body: str
    answers_for: tuple[str, ...]
    due_on: date
    due_time: str


@dataclass(frozen=True, slots=True)
class Row:
    """One body's figures; `body` is a body id, or `DESK` for what no agency leads. The total has an empty one."""

    body: str
    this: Mapping[Figure, int]
    last: Mapping[Figure, int]


@dataclass(frozen=True, slots=True)
class Matters:
    """Cases received, told as matters: `matters` counts linked duplicates once, `shared` are cases with duplicates."""

    matters: int
    shared: int


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """The report of one office for one period; `clause` and `quote` are the plan's."""

    office: Office
    period: Period
    made_at: datetime
    rows: tuple[Row, ...]
    total: Row
    duties: tuple[Duty, ...]
    clause: str
    quote: str
    merged: tuple[Matters, Matters] = (Matters(0, 0), Matters(0, 0))
    """Of what was received in this period, and in the one before: how many matters it is, and how many are shared."""


def week_of(day: date) -> Period:
    """Monday to Sunday of the week that holds a day."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + SEVEN_DAYS - ONE_DAY)


def month_of(day: date) -> Period:
    """The calendar month that holds a day."""
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - ONE_DAY)


def year_of(day: date) -> Period:
    """The calendar year that holds a day."""
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


def weekly_report(
    session: Session, office: Office, rules: Rules, now: datetime, period: Period | None = None
) -> WeeklyReport:
    """The figures of a period, by default of the present week, with those of the one before."""
    chosen = period or week_of(local_date(now))
    this = _figures(session, office.id, chosen, now)
    last = _figures(session, office.id, chosen.before(), now)
    reporting = reporting_of(office, rules)
    duties = duties_of(office, rules, chosen)
    found = {key for figures in (this, last) for counts in figures.values() for key in counts}
    bodies = [duty.body for duty in duties]
    others = sorted(found - set(bodies) - {"", DESK}, key=lambda body: (-this[Figure.RECEIVED].get(body, 0), body))
    desk = [DESK] if DESK in found else []
    return WeeklyReport(
        office=office,
        period=chosen,
        made_at=now,
        rows=tuple(_row(body, this, last) for body in [*bodies, *others, *desk]),
        total=_row("", this, last),
        duties=duties,
        clause=reporting.clause if reporting else "",
        quote=reporting.quote if reporting else "",
        merged=(
            _matters(session, office.id, chosen, this[Figure.RECEIVED][""]),
            _matters(session, office.id, chosen.before(), last[Figure.RECEIVED][""]),
        ),
    )


def _matters(session: Session, office_id: str, period: Period, received: int) -> Matters:
    span = period.selection(Figure.RECEIVED).span()
    shared, groups = count_merged(session, [CASE.c.office_id == office_id, *within(CASE.c.received_at, *span)])
    return Matters(received - shared + groups, shared)


Figures = dict[Figure, dict[str, int]]


def _row(body: str, this: Figures, last: Figures) -> Row:
    return Row(
        body,
        {figure: this[figure].get(body, 0) for figure in Figure},
        {figure: last[figure].get(body, 0) for figure in Figure},
    )


def _figures(session: Session, office_id: str, period: Period, now: datetime) -> Figures:
    """Each figure by body; the total stands under the empty key, and counts each case once."""
    figures: Figures = {}
    for figure in Figure:
        statement, body = _counting(figure, office_id, period, now)
        total = int(session.execute(statement).scalar_one())
        by_body = statement.add_columns(body.label("body")).group_by(body)
        figures[figure] = {key or DESK: int(count) for count, key in session.execute(by_body)}
        figures[figure][""] = total
    return figures


def _counting(
    figure: Figure, office_id: str, period: Period, now: datetime
) -> tuple[Select[Any], ColumnElement[str | None]]:
    """The statement that counts a figure's cases, and the column that says whose they are."""
    span = period.selection(figure).span()
    cases = select(func.count(CASE.c.id.distinct())).where(CASE.c.office_id == office_id)
    if figure is Figure.RECEIVED:
        return cases.where(*within(CASE.c.received_at, *span)), CASE.c.lead_body_id
    if figure is Figure.BREACHED:
        joined = cases.select_from(CASE.join(CLOCK, CLOCK.c.case_id == CASE.c.id))
        return joined.where(breached_condition(*span, now)), CLOCK.c.body_id
    joined = cases.select_from(CASE.join(LEG, LEG.c.case_id == CASE.c.id))
    return joined.where(*leg_conditions(figure, *span)), LEG.c.body_id


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
