"""How a clock stands at a moment, as conditions and values in SQL: worked out, never stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case

from hotline.reports.figure_words import ClockState
from hotline.store.figures import due_soon_condition, overdue_condition, running_condition
from hotline.store.tables import CLOCK

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from hotline.reports.narrowing import Condition


def state_condition(state: ClockState, now: datetime) -> Condition:
    """A clock in this state; the states exclude each other and leave no clock out."""
    stopped = CLOCK.c.stopped_at
    conditions = {
        ClockState.OVERDUE: lambda: overdue_condition(now),
        ClockState.DUE_SOON: lambda: due_soon_condition(now),
        ClockState.RUNNING: lambda: and_(running_condition(), CLOCK.c.warn_at > now, CLOCK.c.breach_at >= now),
        ClockState.PAUSED: lambda: and_(stopped.is_(None), CLOCK.c.paused_since.is_not(None)),
        ClockState.MET: lambda: and_(stopped.is_not(None), stopped <= CLOCK.c.breach_at),
        ClockState.LATE: lambda: and_(stopped.is_not(None), stopped > CLOCK.c.breach_at),
    }
    return conditions[state]()


def state_of_open(now: datetime) -> ColumnElement[str]:
    """The state of a clock that has not ended, as one value: to group by it costs half of counting each state."""
    return case(
        (CLOCK.c.paused_since.is_not(None), ClockState.PAUSED.value),
        (CLOCK.c.breach_at < now, ClockState.OVERDUE.value),
        (CLOCK.c.warn_at <= now, ClockState.DUE_SOON.value),
        else_=ClockState.RUNNING.value,
    )


def state_of_any(now: datetime) -> ColumnElement[str]:
    """The state of any clock, as one value."""
    stopped = CLOCK.c.stopped_at
    ended = case((stopped <= CLOCK.c.breach_at, ClockState.MET.value), else_=ClockState.LATE.value)
    return case((stopped.is_not(None), ended), else_=state_of_open(now))
