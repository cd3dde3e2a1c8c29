"""The figures at the head of a body's pages: legs by tab, cases with a clock that is overdue or due soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from hotline.store.dialect import is_postgresql
from hotline.store.figures import Count
from hotline.store.queue_tabs import BODY, COUNTED, DUE_SOON, NOW, OVERDUE, Tab
from hotline.store.tables import CLOCK, LEG
from hotline.store.tallies import MANY, at_most, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.sql.selectable import ScalarSelect
    from sqlmodel import Session


CLOCKS_A_CASE, FEW_CLOCKS = 10, 3


def queue_figures(session: Session, body_id: str, now: datetime) -> tuple[dict[Tab, int], Count]:
    """`queue_counts` and `body_figures` in one statement, as the head of each page shows both."""
    head = _HEAD[is_postgresql(session)]
    *counted, overdue, soon = session.execute(head, {"body": body_id, "now": now}).one()
    return _by_tab(counted), Count(body_id, overdue, soon)


def queue_counts(session: Session, body_id: str) -> dict[Tab, int]:
    """How many legs each tab holds that does not depend on the moment, each counted up to `tallies.MANY`."""
    return _by_tab(session.execute(_LEG_COUNTS, {"body": body_id}).one())


def _by_tab(row: Sequence[int]) -> dict[Tab, int]:
    counts = dict(zip(COUNTED, row, strict=True))
    return {Tab.OPEN: min(counts[Tab.UNSIGNED] + counts[Tab.WORKING], MANY), **counts}


def body_figures(session: Session, body_id: str, now: datetime) -> Count:
    """How many cases have a clock of this body that is overdue, and one that is due soon; up to `tallies.MANY`."""
    figures = _FIGURES[is_postgresql(session)]
    overdue, soon = session.execute(figures, {"body": body_id, "now": now}).one()
    return Count(body_id, overdue, soon)


def _overdue() -> ScalarSelect[int]:
    """How many cases have an overdue clock of the body, counted up to `MANY`.

    SQLite's reading ends with the last of them.
    """
    return _count(_PRESSING.where(OVERDUE))


def _pressed(condition: ColumnElement[bool], clocks: int = MANY * CLOCKS_A_CASE) -> ScalarSelect[int]:
    """The same over so many clocks at most, those warned of last, which is what is due soon; a case has no more."""
    newest = _PRESSING.where(condition).order_by(CLOCK.c.warn_at.desc()).limit(written(clocks)).subquery()
    return _count(select(newest.c.case_id))


def _in_two_steps(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """The same for PostgreSQL, which reads all it is given before it tells cases apart: few at first."""
    many = written(MANY)
    return case((_pressed(condition, MANY * FEW_CLOCKS) >= many, many), else_=_pressed(condition))


def _count(cases: Select[tuple[str]]) -> ScalarSelect[int]:
    return select(func.count()).select_from(cases.distinct().limit(written(MANY)).subquery()).scalar_subquery()


_PRESSING = select(CLOCK.c.case_id).where(CLOCK.c.body_id == BODY, CLOCK.c.warn_at <= NOW)
_LEG_COUNTS = select(*(at_most(LEG.c.body_id == BODY, condition) for condition in COUNTED.values()))
# By whether it is PostgreSQL that is asked.
_FIGURES = {
    False: select(_overdue(), _pressed(DUE_SOON)),
    True: select(_in_two_steps(OVERDUE), _in_two_steps(DUE_SOON)),
}
_HEAD = {on: select(*_LEG_COUNTS.selected_columns, *figures.selected_columns) for on, figures in _FIGURES.items()}
