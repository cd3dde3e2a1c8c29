"""The queue of one body: its legs by tab, the clocks that run on them, and open requests for more time."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, or_, select

from hotline.records import Clock
from hotline.store.codec import restore
from hotline.store.figures import Count, due_soon_condition, overdue_condition
from hotline.store.lines import PAGE, LegLine, Page, leg_line_of, leg_lines, paged, visible_cases
from hotline.store.tables import CASE, CLOCK, EVENT, LEG
from hotline.store.types import FAR
from hotline.vocabulary import Action, LegState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlmodel import Session

    from hotline.records import Actor

MOST_REQUESTS = 200
_FINISHED = [str(state) for state in (LegState.RESOLVED, LegState.WAIVED, LegState.CLOSED)]


class Tab(StrEnum):
    """A part of the queue. `OWED` are finished legs with a notice that the law still wants.

    `OVERDUE` and `DUE_SOON` cut across the others: legs with such a clock at this moment.
    """

    OPEN = "open"
    UNSIGNED = "unsigned"
    WORKING = "working"
    OWED = "owed"
    RETURNED = "returned"
    DONE = "done"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"


_OPEN = LEG.c.closed_at.is_(None)
_TABS: dict[Tab, ColumnElement[bool]] = {
    Tab.OPEN: _OPEN,
    Tab.UNSIGNED: and_(_OPEN, LEG.c.state == str(LegState.QUEUED)),
    Tab.WORKING: and_(_OPEN, LEG.c.state != str(LegState.QUEUED)),
    Tab.OWED: and_(LEG.c.closed_at.is_not(None), LEG.c.due_at < FAR),
    Tab.RETURNED: LEG.c.state == str(LegState.RETURNED),
    Tab.DONE: LEG.c.state.in_(_FINISHED),
}
_PAST = frozenset({Tab.RETURNED, Tab.DONE})


def queue(
    session: Session, body_id: str, tab: Tab, now: datetime, *, after: str | None = None, limit: int = PAGE
) -> Page[LegLine]:
    """The body's legs of a tab: the nearest deadline first, what is over by its end, the newest first.

    Working time runs with the calendar, so the order of deadlines is the order of the working time that remains.

    Raises:
        InvalidInputError: The cursor is none of ours.
    """
    statement = leg_lines().where(LEG.c.body_id == body_id, _condition(tab, now))
    past = tab in _PAST
    moment: ColumnElement[Any] = LEG.c.closed_at if past else LEG.c.due_at
    return paged(
        session, statement, leg_line_of, moment=moment, key=LEG.c.id, after=after, limit=limit, newest_first=past
    )


def _condition(tab: Tab, now: datetime) -> ColumnElement[bool]:
    """What makes a leg part of a tab; the clock of the whole case presses the open leg of the body it names."""
    if tab in _TABS:
        return _TABS[tab]
    state = overdue_condition(now) if tab is Tab.OVERDUE else due_soon_condition(now)
    of_leg = or_(CLOCK.c.leg_id == LEG.c.id, and_(CLOCK.c.leg_id.is_(None), _OPEN))
    pressing = and_(CLOCK.c.case_id == LEG.c.case_id, CLOCK.c.body_id == LEG.c.body_id, of_leg, state)
    return exists().where(pressing)


def queue_counts(session: Session, body_id: str) -> dict[Tab, int]:
    """How many legs each tab holds that does not depend on the moment."""
    counts = [func.count(case((condition, LEG.c.id))) for condition in _TABS.values()]
    row = session.execute(select(*counts).where(LEG.c.body_id == body_id)).one()
    return dict(zip(_TABS, row, strict=True))


def body_figures(session: Session, body_id: str, now: datetime) -> Count:
    """How many cases have a clock of this body that is overdue, and one that is due soon."""
    counts = [
        func.count(case((condition, CLOCK.c.case_id)).distinct())
        for condition in (overdue_condition(now), due_soon_condition(now))
    ]
    overdue, soon = session.execute(select(*counts).where(CLOCK.c.body_id == body_id)).one()
    return Count(body_id, overdue, soon)


def legs_in(session: Session, body_id: str, case_ids: Iterable[str]) -> tuple[LegLine, ...]:
    """The body's legs in these cases, the newest first in each, the cases in the order given."""
    wanted = list(case_ids)
    statement = leg_lines().where(LEG.c.body_id == body_id, LEG.c.case_id.in_(wanted)).order_by(LEG.c.opened_at.desc())
    lines = [leg_line_of(row) for row in session.execute(statement).mappings()]
    return tuple(sorted(lines, key=lambda line: wanted.index(line.case.case_id)))


def open_clocks(session: Session, body_id: str, case_ids: Iterable[str]) -> dict[str, tuple[Clock, ...]]:
    """By case, the clocks that the body must keep and that have not ended, the nearest deadline first.

    The clock of the whole case (办结) is the lead body's and names no leg. The day-by-day trace, most of the reading,
    is left out: no list shows it.
    """
    statement = (
        select(CLOCK.c.case_id, CLOCK.c.body)
        .where(CLOCK.c.body_id == body_id, CLOCK.c.case_id.in_(list(case_ids)), CLOCK.c.stopped_at.is_(None))
        .order_by(CLOCK.c.due_at, CLOCK.c.id)
    )
    found: dict[str, tuple[Clock, ...]] = {}
    for row in session.execute(statement):
        found[row.case_id] = (*found.get(row.case_id, ()), restore(Clock, _without_trace(row.body)))
    return found


def _without_trace(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "due": {**body["due"], "trace": []}}


def cases_with_requests(session: Session, actor: Actor, *, limit: int = MOST_REQUESTS) -> tuple[str, ...]:
    """Open cases that the actor may see with more requests for time than answers, the oldest request first.

    The events decide: a request whose leg has ended since needs no answer.
    """
    asked = func.sum(case((EVENT.c.action == str(Action.REQUEST_EXTEND), 1), else_=-1))
    answers = [str(action) for action in (Action.REQUEST_EXTEND, Action.EXTEND, Action.REFUSE_EXTEND)]
    statement = (
        select(EVENT.c.stream)
        .select_from(EVENT.join(CASE, CASE.c.id == EVENT.c.stream))
        .where(visible_cases(actor), CASE.c.closed_at.is_(None), EVENT.c.action.in_(answers))
        .group_by(EVENT.c.stream)
        .having(asked > 0)
        .order_by(func.min(EVENT.c.at), EVENT.c.stream)
        .limit(limit)
    )
    return tuple(session.execute(statement).scalars())


def cases_to_rule(session: Session, actor: Actor, returns: int) -> tuple[str, ...]:
    """Cases that the actor may see that stand disputed after so many returns, the longest waiting first."""
    statement = select(CASE.c.id).where(visible_cases(actor), CASE.c.state == "disputed", CASE.c.returns >= returns)
    return tuple(session.execute(statement.order_by(CASE.c.due_at, CASE.c.id)).scalars())
