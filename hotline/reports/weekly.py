"""The weekly report of the office (西城方案三（三）): figures by agency, this week beside the week before.

A week runs from Monday 0:00 to Sunday 24:00 in Asia/Shanghai; of the present week it counts what has happened so far.
Each figure is a number of cases and knows them by its selection. The plan has six agencies report by Friday 12:00; the
bodies that have their work today answer for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.moments import local_date
from hotline.reports.figure_words import DESK, Figure
from hotline.reports.report_period import week_of
from hotline.reports.reporting_duties import duties_of, reporting_of
from hotline.reports.weekly_figures import Matters, figures_of, matters_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlmodel import Session

    from hotline.records import Office
    from hotline.reports.labels import Rules
    from hotline.reports.report_period import Period
    from hotline.reports.reporting_duties import Duty
    from hotline.reports.weekly_figures import Figures


@dataclass(frozen=True, slots=True)
class Row:
    """One body's figures; `body` is a body id, or `DESK` for what no agency leads. The total has an empty one."""

    body: str
    this: Mapping[Figure, int]
    last: Mapping[Figure, int]


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


def weekly_report(
    session: Session, office: Office, rules: Rules, now: datetime, period: Period | None = None
) -> WeeklyReport:
    """The figures of a period, by default of the present week, with those of the one before."""
    chosen = period or week_of(local_date(now))
    this = figures_of(session, office.id, chosen, now)
    last = figures_of(session, office.id, chosen.before(), now)
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
            matters_of(session, office.id, chosen, this[Figure.RECEIVED][""]),
            matters_of(session, office.id, chosen.before(), last[Figure.RECEIVED][""]),
        ),
    )


def _row(body: str, this: Figures, last: Figures) -> Row:
    return Row(
        body,
        {figure: this[figure].get(body, 0) for figure in Figure},
        {figure: last[figure].get(body, 0) for figure in Figure},
    )
