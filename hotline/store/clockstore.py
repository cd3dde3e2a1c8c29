"""Cached clocks, the deadlines that lists are ordered by, and what the scheduler has to announce.

Overdue is never stored. `announce_at` is only a work list: what makes an announcement happen once is the key
(clock, due date, stage) of `announcement`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, update

from hotline.records import Clock
from hotline.store.codec import plain, restore, term
from hotline.store.dialect import insert_for, upsert
from hotline.store.tables import ANNOUNCEMENT, CASE, CLOCK, LEG
from hotline.store.types import FAR
from hotline.vocabulary import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class DueClock:
    """A running clock with the stages it has reached; it is overdue after `breach_at`."""

    clock_id: str
    case_id: str
    number: str
    leg_id: str | None
    body_id: str | None
    office_id: str
    policy: str
    statutory: bool
    due_at: datetime
    breach_at: datetime
    stages: tuple[Stage, ...]


def save_clocks(session: Session, case_id: str, office_id: str, clocks: Sequence[Clock]) -> None:
    """Replace the case's cached clocks; those that vanished are deleted."""
    ids = [clock.id for clock in clocks]
    session.execute(delete(CLOCK).where(CLOCK.c.case_id == case_id, CLOCK.c.id.not_in(ids)))
    upsert(session, CLOCK, [_clock_row(clock, case_id, office_id) for clock in clocks], key=("id",))
    running = [clock for clock in clocks if clock.running()]
    session.execute(update(CASE).where(CASE.c.id == case_id).values(due_at=_nearest(running)))
    columns = (LEG.c.id, LEG.c.body_id, LEG.c.due_at, LEG.c.closed_at)
    legs = session.execute(select(*columns).where(LEG.c.case_id == case_id)).all()
    moved = [
        {"leg": leg.id, "due": due}
        for leg in legs
        if (due := _nearest(clock for clock in running if _keeps(leg, clock))) != leg.due_at
    ]
    if moved:
        session.execute(update(LEG).where(LEG.c.id == bindparam("leg")).values(due_at=bindparam("due")), moved)


def clocks_of(session: Session, case_id: str) -> tuple[Clock, ...]:
    """The cached clocks of a case, whole, the earliest deadline first."""
    statement = select(CLOCK.c.body).where(CLOCK.c.case_id == case_id).order_by(CLOCK.c.due_at, CLOCK.c.id)
    return tuple(restore(Clock, body) for body in session.execute(statement).scalars())


def due_clocks(session: Session, now: datetime, limit: int = 500) -> tuple[DueClock, ...]:
    """Running clocks with something to announce at `now`. It costs what is due, not what is open.

    `stages` are all that were reached, also where the scheduler slept through one; `announce` tells which are new.
    """
    joined = CLOCK.join(CASE, CASE.c.id == CLOCK.c.case_id)
    names = [name for name in DueClock.__dataclass_fields__ if name not in ("clock_id", "number", "stages")]
    rows = session.execute(
        select(CLOCK.c.id.label("clock_id"), CASE.c.number, *[CLOCK.c[name] for name in names])
        .select_from(joined)
        .where(CLOCK.c.announce_at <= now)
        .order_by(CLOCK.c.announce_at, CLOCK.c.id)
        .limit(limit)
    ).mappings()
    return tuple(DueClock(**row, stages=_reached(row["breach_at"], now)) for row in rows)


def announce(session: Session, due: Sequence[DueClock], at: datetime) -> frozenset[tuple[str, Stage]]:
    """Record that these stages are announced; return the (clock id, stage) that were new.

    Only what is returned may be put into the outbox, in the same transaction: two schedulers at once, or one that
    was killed and started again, get each of them once.
    """
    if not due:
        return frozenset()
    wanted = [
        {"clock_id": clock.clock_id, "due_at": clock.due_at, "stage": str(stage), "at": at}
        for clock in due
        for stage in clock.stages
    ]
    statement = insert_for(session, ANNOUNCEMENT).on_conflict_do_nothing()
    fresh = session.execute(statement.returning(ANNOUNCEMENT.c.clock_id, ANNOUNCEMENT.c.stage), wanted).all()
    following = [{"clock": clock.clock_id, "next": _following(clock)} for clock in due]
    later = update(CLOCK).where(CLOCK.c.id == bindparam("clock")).values(announce_at=bindparam("next"))
    session.execute(later, following)
    return frozenset((row.clock_id, term(Stage, row.stage)) for row in fresh)


def _clock_row(clock: Clock, case_id: str, office_id: str) -> dict[str, Any]:
    return {
        "id": clock.id,
        "case_id": case_id,
        "leg_id": clock.leg_id,
        "body_id": clock.body_id,
        "office_id": office_id,
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
        "body": plain(clock),
    }


def _keeps(leg: Row[Any], clock: Clock) -> bool:
    """Whether the leg's body must keep this clock: the leg's own, and while it works, the case's that is its body's."""
    if clock.leg_id is None:
        return leg.closed_at is None and clock.body_id == leg.body_id
    return bool(clock.leg_id == leg.id)


def _nearest(clocks: Iterable[Clock]) -> datetime:
    return min((clock.due.due_at for clock in clocks), default=FAR)


def _reached(breach_at: datetime, now: datetime) -> tuple[Stage, ...]:
    return (Stage.WARN, Stage.OVERDUE) if breach_at < now else (Stage.WARN,)


def _following(clock: DueClock) -> datetime | None:
    return None if Stage.OVERDUE in clock.stages else _after(clock.breach_at)


def _after(breach_at: datetime) -> datetime:
    """The first moment that is overdue: the deadline itself is still in time."""
    return breach_at + timedelta(microseconds=1)
