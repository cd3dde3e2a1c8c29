"""What opens the figures of a paper: addresses where there is one, else lists of the cases behind the totals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from hotline.records import Actor
from hotline.reports.addresses import to_query
from hotline.reports.cases import case_page, count_cases
from hotline.reports.figure_words import Figure
from hotline.reports.labels import moment, term
from hotline.reports.tables import Table
from hotline.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlmodel import Session

    from hotline.reports.labels import Labels
    from hotline.reports.selection import Selection
    from hotline.reports.weekly import WeeklyReport

CASES_PATH = "/supervisors/cases"
MOST = 300
"""A paper lists so many cases of a figure at most; the rest is in the program."""
COLUMNS = ("编号", "收到时间", "性质", "类别", "牵头单位", "状态")


def linker(base_url: str, asof: datetime | None = None) -> Callable[[Selection], str] | None:
    """Makes the address of a figure's cases as they stood at `asof`; None where the deployment has no address."""
    if not base_url:
        return None
    return lambda chosen: f"{base_url}{CASES_PATH}?{urlencode(to_query(replace(chosen, asof=asof)))}"


def annex(session: Session, report: WeeklyReport, labels: Labels) -> tuple[Table, ...]:
    """The cases behind the totals of the period, one table a figure; no personal data."""
    reader = Actor("report", Role.SUPERVISOR, report.office.id)
    return tuple(_listed(session, reader, report, figure, labels) for figure in Figure if report.total.this[figure])


def _listed(session: Session, reader: Actor, report: WeeklyReport, figure: Figure, labels: Labels) -> Table:
    chosen = report.period.selection(figure)
    total = count_cases(session, reader, chosen, report.made_at)
    page = case_page(session, reader, chosen, report.made_at, limit=MOST)
    rows = tuple(
        (
            line.number,
            moment(line.received_at),
            term(line.kind),
            labels.category(line.category),
            labels.body(line.lead_body_id) if line.lead_body_id else "",
            term(line.state),
        )
        for line in page.lines
    )
    rest = (f"另有 {total - len(rows)} 件未列，请在系统中查看。",) if total > len(rows) else ()
    return Table(f"附：{figure.label}的工单（{total} 件）", COLUMNS, rows, rest)
