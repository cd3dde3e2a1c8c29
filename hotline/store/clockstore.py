"""Cached clocks and the deadlines that lists are ordered by. Overdue is never stored."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, delete, select, update

from hotline.records import Clock
from hotline.store.codec import restore, written
from hotline.store.dialect import upsert
from hotline.store.tables import CASE, CLOCK, LEG
from hotline.store.types import FAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlmodel import Session


OF_CASE = ("id", "office_id", "category", "channel")
"""What stands of the case in each of its clocks."""


class LegKey(NamedTuple):
    """What `keeps` asks of a leg."""

    id: str
    body_id: str
    closed_at: datetime | None


def save_clocks(session: Session, case_id: str, clocks: Sequence[Clock], mark: tuple[int, str] = (0, "")) -> None:
    """Replace the case's cached clocks; those that vanished are deleted."""
    ids = [clock.id for clock in clocks]
    session.execute(delete(CLOCK).where(CLOCK.c.case_id == case_id, CLOCK.c.id.not_in(ids)))
    running = [clock for clock in clocks if clock.running()]
    moved_case = update(CASE).where(CASE.c.id == case_id).values(due_at=nearest(running))
    case = session.execute(moved_case.returning(*(CASE.c[name] for name in OF_CASE))).mappings().one()
    upsert(session, CLOCK, [clock_row(clock, case, mark) for clock in clocks], key=("id",))
    columns = (LEG.c.id, LEG.c.body_id, LEG.c.due_at, LEG.c.closed_at)
    legs = session.execute(select(*columns).where(LEG.c.case_id == case_id)).all()
    moved = [
        {"leg": leg.id, "due": due}
        for leg in legs
        if (due := nearest(clock for clock in running if keeps(leg, clock))) != leg.due_at
    ]
    if moved:
        session.execute(update(LEG).where(LEG.c.id == bindparam("leg")).values(due_at=bindparam("due")), moved)


def clocks_of(session: Session, case_id: str) -> tuple[Clock, ...]:
    """The cached clocks of a case, whole, the earliest deadline first."""
    statement = select(CLOCK.c.body).where(CLOCK.c.case_id == case_id).order_by(CLOCK.c.due_at, CLOCK.c.id)
    return tuple(restore(Clock, body) for body in session.execute(statement).scalars())


def clock_row(clock: Clock, case: Mapping[Any, Any], mark: tuple[int, str] = (0, "")) -> dict[str, Any]:
    """A clock's row; `case` holds `OF_CASE`, `mark` is its fingerprint: the last event's seq, the mark of the rules."""
    return {
        "id": clock.id,
        "case_id": case["id"],
        "leg_id": clock.leg_id,
        "body_id": clock.body_id,
        "office_id": case["office_id"],
        "policy": clock.policy,
        "holder": str(clock.holder),
        "statutory": clock.statutory,
        "started_at": clock.started_at,
        "due_at": clock.due.due_at,
        "breach_at": clock.due.breach_at,
        "warn_at": clock.warn_at,
        "stopped_at": clock.stopped_at,
        "paused_since": clock.paused_since,
        # A clock saved anew is looked at again; what was announced already is not announced twice.
        "announce_at": min(clock.warn_at, _after(clock.due.breach_at)) if clock.running() else None,
        "cause": clock.cause,
        "seq": mark[0],
        "rules": mark[1],
        "category": case["category"],
        "channel": case["channel"],
        "body": written(clock),
    }


def keeps(leg: Row[Any] | LegKey, clock: Clock) -> bool:
    """Whether the leg's body must keep this clock: the leg's own, and while it works, the case's that is its body's."""
    if clock.leg_id is None:
        return leg.closed_at is None and clock.body_id == leg.body_id
    return bool(clock.leg_id == leg.id)


def nearest(clocks: Iterable[Clock]) -> datetime:
    """The nearest deadline, `FAR` where there is none."""
    return min((clock.due.due_at for clock in clocks), default=FAR)


def _after(breach_at: datetime) -> datetime:
    """The first moment that is overdue: the deadline itself is still in time."""
    return breach_at + timedelta(microseconds=1)
