"""Small counts: what waits at a desk and in a body's queue, and the figures of `/metrics`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hotline.store.figures import overdue_condition, running_condition
from hotline.store.tables import CASE, CLOCK, EVENT, LEG, NOTICE, QUARANTINE
from hotline.vocabulary import OPEN_LEG_STATES

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, ScalarSelect
    from sqlmodel import Session

MANY = 1_000
"""Counts of a page go so far; it then shows 999+."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The whole deployment in numbers; cases by (office, state)."""

    cases: dict[tuple[str, str], int]
    open_legs: int
    running_clocks: int
    overdue_clocks: int
    unsealed_events: int
    unread_notices: int
    quarantined: int


def state_counts(session: Session, office_id: str) -> dict[str, int]:
    """How many of the office's cases are in each state."""
    statement = select(CASE.c.state, func.count()).where(CASE.c.office_id == office_id).group_by(CASE.c.state)
    return {row[0]: row[1] for row in session.execute(statement)}


def open_leg_count(session: Session, body_id: str) -> int:
    """How many legs a body has open, at most `MANY`."""
    # Open by its state, as the index by state holds the whole answer.
    is_open = LEG.c.state.in_(sorted(str(state) for state in OPEN_LEG_STATES))
    return int(session.execute(select(at_most(LEG.c.body_id == body_id, is_open))).scalar_one())


def at_most(*where: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many legs fit, counted up to `MANY`: no page waits for a longer count."""
    few = select(LEG.c.id).where(*where).limit(MANY).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


def tally(session: Session, now: datetime) -> Tally:
    """Count everything that `/metrics` shows; `now` decides what is overdue."""

    def count(*where: object, of: object) -> int:
        statement = select(func.count()).select_from(of).where(*where)  # type: ignore[arg-type]  # Conditions of tables, typed loosely.
        return int(session.execute(statement).scalar_one())

    by_state = select(CASE.c.office_id, CASE.c.state, func.count()).group_by(CASE.c.office_id, CASE.c.state)
    return Tally(
        cases={(office, state): number for office, state, number in session.execute(by_state)},
        open_legs=count(LEG.c.closed_at.is_(None), of=LEG),
        running_clocks=count(running_condition(), of=CLOCK),
        overdue_clocks=count(overdue_condition(now), of=CLOCK),
        unsealed_events=count(EVENT.c.seal_id.is_(None), of=EVENT),
        unread_notices=count(NOTICE.c.read_at.is_(None), of=NOTICE),
        quarantined=count(QUARANTINE.c.resolved_at.is_(None), of=QUARANTINE),
    )
