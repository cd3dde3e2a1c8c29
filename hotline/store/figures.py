"""Counts of what is overdue and due soon. Both are worked out from the clocks at `now`, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, select

from hotline.store.tables import CASE, CLOCK

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases have a running clock that is overdue, and one that is due soon, under one key."""

    key: str
    overdue: int
    due_soon: int


@dataclass(frozen=True, slots=True)
class OverdueCounts:
    """The office's figures. Bodies are those whose clock it is; the desk's own clocks stand under the empty key."""

    total: Count
    by_body: tuple[Count, ...]
    by_category: tuple[Count, ...]
    by_channel: tuple[Count, ...]
    by_policy: tuple[Count, ...]


def running_condition() -> ColumnElement[bool]:
    """A clock that is neither stopped nor suspended."""
    return and_(CLOCK.c.stopped_at.is_(None), CLOCK.c.paused_since.is_(None))


def overdue_condition(now: datetime) -> ColumnElement[bool]:
    """A running clock whose deadline has passed."""
    return and_(running_condition(), CLOCK.c.breach_at < now)


def due_soon_condition(now: datetime) -> ColumnElement[bool]:
    """A running clock that has reached its warning and not its deadline."""
    return and_(running_condition(), CLOCK.c.warn_at <= now, CLOCK.c.breach_at >= now)


def overdue_counts(session: Session, office_id: str, now: datetime) -> OverdueCounts:
    """The office's overdue and due-soon cases: in all, by body, by category and by channel.

    Each number counts cases once and equals the length of `queries.case_list` with the same filters.
    """
    return OverdueCounts(
        total=_counted(session, office_id, now, None)[0],
        by_body=_counted(session, office_id, now, CLOCK.c.body_id),
        by_category=_counted(session, office_id, now, CASE.c.category),
        by_channel=_counted(session, office_id, now, CASE.c.channel),
        by_policy=_counted(session, office_id, now, CLOCK.c.policy),
    )


def _counted(session: Session, office_id: str, now: datetime, by: ColumnElement[Any] | None) -> tuple[Count, ...]:
    overdue = func.count(case((CLOCK.c.breach_at < now, CLOCK.c.case_id)).distinct())
    due_soon = func.count(case((CLOCK.c.breach_at >= now, CLOCK.c.case_id)).distinct())
    reached = (CLOCK.c.warn_at <= now) | (CLOCK.c.breach_at < now)
    narrowed = and_(running_condition(), CLOCK.c.office_id == office_id, reached)
    if by is None:
        row = session.execute(select(overdue, due_soon).where(narrowed)).one()
        return (Count("", row[0], row[1]),)
    statement = select(by, overdue, due_soon).select_from(CLOCK.join(CASE, CASE.c.id == CLOCK.c.case_id))
    rows = session.execute(statement.where(narrowed).group_by(by)).all()
    counts = [Count(key or "", late, soon) for key, late, soon in rows]
    return tuple(sorted(counts, key=lambda count: (-count.overdue, -count.due_soon, count.key)))
