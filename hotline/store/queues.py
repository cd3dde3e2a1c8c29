"""The queue of one body: its legs, tab by tab."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, exists, or_, select

from hotline.store.lines import SUMMARY, cut, near
from hotline.store.paging import PAGE, Page, page_statement, read_page
from hotline.store.queue_tabs import BODY, DUE_SOON, NOW, OPEN_LEGS, OVERDUE, TABS, Tab
from hotline.store.tables import CASE, CLOCK, COMPLAINT, LEG

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select
    from sqlmodel import Session

_PAST = frozenset({Tab.RETURNED, Tab.DONE})


class QueueLeg(NamedTuple):
    """A leg with as much of its case as a row of the queue shows; `due_at` is None where no deadline runs."""

    leg_id: str
    role: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    suspended: bool
    case_id: str
    number: str
    kind: str
    category: str
    urgency: str
    supervised: bool
    respondent: str
    summary: str
    due_at: datetime | None


def queue(
    session: Session, body_id: str, tab: Tab, now: datetime, *, after: str | None = None, limit: int = PAGE
) -> Page[QueueLeg]:
    """The body's legs of a tab: the nearest deadline first, what is over by its end, the newest first.

    Working time runs with the calendar, so the order of deadlines is the order of the working time that remains.

    Raises:
        InvalidInputError: The cursor is none of ours.
    """
    given = {"body": body_id, **({} if tab in TABS else {"now": now})}
    statement = _queue_statement(tab, beyond=after is not None)
    return read_page(session, statement, _queue_leg, after=after, limit=limit, given=given)


@lru_cache(maxsize=2 * len(Tab))
def _queue_statement(tab: Tab, *, beyond: bool) -> Select[Any]:
    """The page of a tab, the first or a later one, with body and moment as parameters."""
    past = tab in _PAST
    moment: ColumnElement[Any] = LEG.c.closed_at if past else LEG.c.due_at
    statement = _QUEUE_LEGS.where(LEG.c.body_id == BODY, _condition(tab))
    return page_statement(statement, moment=moment, key=LEG.c.id, beyond=beyond, newest_first=past)


_QUEUE_LEGS = select(
    *(LEG.c[name] for name in ("id", "role", "state", "opened_at", "closed_at", "suspended")),
    *(CASE.c[name] for name in ("id", "number", "kind", "category", "urgency", "supervised")),
    COMPLAINT.c.respondent_name,
    SUMMARY,
    LEG.c.due_at,
).select_from(LEG.join(CASE, CASE.c.id == LEG.c.case_id).join(COMPLAINT, COMPLAINT.c.id == CASE.c.complaint_id))


def _queue_leg(row: Row[Any]) -> QueueLeg:
    """A leg from its row, whose columns stand in the order of the fields."""
    values: tuple[Any, ...] = row[: len(QueueLeg._fields)]
    return QueueLeg._make((*values[:-2], cut(values[-2]), near(values[-1])))


def _condition(tab: Tab) -> ColumnElement[bool]:
    """What makes a leg part of a tab; the clock of the whole case presses the open leg of the body it names."""
    if tab in TABS:
        return TABS[tab]
    state = OVERDUE if tab is Tab.OVERDUE else DUE_SOON
    of_leg = or_(CLOCK.c.leg_id == LEG.c.id, and_(CLOCK.c.leg_id.is_(None), OPEN_LEGS))
    pressing = and_(CLOCK.c.case_id == LEG.c.case_id, CLOCK.c.body_id == LEG.c.body_id, of_leg, state)
    # What is overdue is due: said too, so that the index by deadline ends there.
    return and_(exists().where(pressing), LEG.c.due_at < NOW) if tab is Tab.OVERDUE else exists().where(pressing)


def legs_in(session: Session, body_id: str, case_ids: Iterable[str]) -> tuple[QueueLeg, ...]:
    """The body's legs in these cases, the newest first in each, the cases in the order given."""
    wanted = list(case_ids)
    statement = _QUEUE_LEGS.where(LEG.c.body_id == body_id, LEG.c.case_id.in_(wanted)).order_by(LEG.c.opened_at.desc())
    lines = [_queue_leg(row) for row in session.execute(statement)]
    return tuple(sorted(lines, key=lambda line: wanted.index(line.case_id)))
