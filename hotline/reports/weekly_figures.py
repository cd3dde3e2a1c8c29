"""Counts the figures of a period, by body and in all; each case once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hotline.reports.cases import count_merged
from hotline.reports.clock_conditions import breached_condition
from hotline.reports.figure_conditions import leg_conditions
from hotline.reports.figure_words import DESK, Figure
from hotline.reports.narrowing import within
from hotline.store.tables import CASE, CLOCK, LEG

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement, Select
    from sqlmodel import Session

    from hotline.reports.report_period import Period


@dataclass(frozen=True, slots=True)
class Matters:
    """Cases received, told as matters: `matters` counts linked duplicates once, `shared` are cases with duplicates."""

    matters: int
    shared: int


def matters_of(session: Session, office_id: str, period: Period, received: int) -> Matters:
    """How many matters the cases received are."""
    span = period.selection(Figure.RECEIVED).span()
    shared, groups = count_merged(session, [CASE.c.office_id == office_id, *within(CASE.c.received_at, *span)])
    return Matters(received - shared + groups, shared)


Figures = dict[Figure, dict[str, int]]


def figures_of(session: Session, office_id: str, period: Period, now: datetime) -> Figures:
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
