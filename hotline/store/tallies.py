"""Small counts: what waits at a desk and in a body's queue, and the figures of `/metrics`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Integer, and_, bindparam, func, literal_column, select

from hotline.store.figures import overdue_condition, running_condition
from hotline.store.tables import CASE, CLOCK, EVENT, LEG, NOTICE, QUARANTINE
from hotline.vocabulary import OPEN_LEG_STATES, CaseState

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, ScalarSelect
    from sqlmodel import Session

    from hotline.vocabulary import Term

MANY = 1_000
"""Counts of a page go so far; it then shows 999+."""
AT_THE_DESK = (CaseState.TRIAGE, CaseState.READY, CaseState.DISPUTED, CaseState.RESOLVED, CaseState.FOLLOW_UP)
"""States in which a case waits for its office."""


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
    """How many of the office's cases are in each state that waits for the desk, each counted up to `MANY`."""
    row = session.execute(_STATE_COUNTS, {"office": office_id}).one()
    return {str(state): count for state, count in zip(AT_THE_DESK, row, strict=True)}


def open_leg_count(session: Session, body_id: str) -> int:
    """How many legs a body has open, at most `MANY`."""
    return int(session.execute(_OPEN_LEGS, {"body": body_id}).scalar_one())


def one_of(column: ColumnElement[str], codes: Collection[Term]) -> ColumnElement[bool]:
    """The condition that a column holds one of our own codes, written out: a list of values is unfolded at each run."""
    return column.in_([literal_column(f"'{code.value}'") for code in sorted(codes)])


def is_code(column: ColumnElement[str], code: Term) -> ColumnElement[bool]:
    """The condition that a column holds one of our own codes, written out.

    PostgreSQL plans a statement that comes often without looking at its parameters. A count that ends at a thousand
    is then foreseen to end soon, in whatever order the table is read, and a state that nothing is in costs all of it.
    """
    return column == literal_column(f"'{code.value}'")


def written(number: int) -> ColumnElement[int]:
    """A number of our own, written out for the same reason."""
    return literal_column(str(number), Integer)


def at_most(*where: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many legs fit, counted up to `MANY`: no page waits for a longer count."""
    few = select(LEG.c.id).where(*where).limit(written(MANY)).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


def _in_state(state: CaseState) -> ScalarSelect[int]:
    wanted = and_(CASE.c.office_id == bindparam("office", type_=CASE.c.id.type), is_code(CASE.c.state, state))
    few = select(CASE.c.id).where(wanted).limit(written(MANY)).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


_STATE_COUNTS = select(*(_in_state(state) for state in AT_THE_DESK))
# Open by its state, as the index by state holds the whole answer.
_OPEN_LEGS = select(
    at_most(
        LEG.c.body_id == bindparam("body", type_=LEG.c.body_id.type),
        one_of(LEG.c.state, OPEN_LEG_STATES),
    )
)


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
