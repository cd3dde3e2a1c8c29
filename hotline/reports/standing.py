"""Open clocks as the breach cube counts them: by every side at once, and how they stand at a moment.

They are always counted at the finest, in the order of their index (`ix_clock_cube`), and added up to the sides asked
for: to sort tens of thousands of clocks by other sides takes a database several times as long as to count them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, case, func, select

from hotline.reports.clock_conditions import clock_conditions
from hotline.reports.figure_words import ClockState
from hotline.store.tables import CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlmodel import Session

    from hotline.reports.selection import Selection

_SIDES = {
    "policy": CLOCK.c.policy,
    "body": CLOCK.c.body_id,
    "category": CLOCK.c.category,
    "channel": CLOCK.c.channel,
    "cause": CLOCK.c.cause,
}


class Standing(NamedTuple):
    """How many open clocks of one key are in each state they can be in."""

    running: int
    paused: int
    overdue: int
    due_soon: int


STATES = (ClockState.RUNNING, ClockState.PAUSED, ClockState.OVERDUE, ClockState.DUE_SOON)
"""The states in the order of the numbers of `Standing`."""


def open_rows(
    session: Session, office_id: str, selection: Selection, now: datetime, by: Sequence[str]
) -> Iterator[tuple[tuple[str, ...], Standing]]:
    """The office's open clocks by the sides asked for; a key comes as often as finer sides tell it apart.

    The selection asks nothing of a case but its category and channel, which stand in its clocks.
    """
    asked = [CLOCK.c.office_id == office_id, CLOCK.c.stopped_at.is_(None), *clock_conditions(selection, now)]
    asked += [_SIDES[name] == value for name in ("category", "channel") if (value := getattr(selection, name))]
    numbers = (func.count(), func.count(CLOCK.c.paused_since), *map(_reached, _ends(now)))
    statement = select(*_SIDES.values(), *numbers).where(*asked).group_by(*_SIDES.values())
    places = [list(_SIDES).index(str(side)) for side in by]
    for row in session.execute(statement):
        every, paused, overdue, soon = row[len(_SIDES) :]
        standing = Standing(every - paused - overdue - soon, paused, overdue, soon)
        yield tuple([row[place] or "" for place in places]), standing


def _ends(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Overdue, and due soon."""
    return CLOCK.c.breach_at < now, and_(CLOCK.c.breach_at >= now, CLOCK.c.warn_at <= now)


def _reached(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many running clocks fit."""
    return func.count(case((and_(CLOCK.c.paused_since.is_(None), condition), 1)))
