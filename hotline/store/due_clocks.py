"""Running clocks about which something may have to be said; `announce_at` is only a work list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.casework.stages import Span
from hotline.store.tables import CASE, CLOCK, OFFICE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlmodel import Session

_OF_CASE = ("number", "category", "urgency")


@dataclass(frozen=True, slots=True)
class DueClock:
    """A running clock about which something may have to be said."""

    clock_id: str
    case_id: str
    number: str
    category: str
    urgency: str
    leg_id: str | None
    body_id: str | None
    office_id: str
    policy: str
    statutory: bool
    warn_at: datetime
    due_at: datetime
    breach_at: datetime

    @property
    def span(self) -> Span:
        """The times its stages follow from."""
        return Span(self.warn_at, self.due_at, self.breach_at)


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a sweep at `now` has work to do; one look into the index."""
    found = select(CLOCK.c.id).where(CLOCK.c.announce_at <= now).limit(1)
    return session.execute(found).first() is not None


def due_clocks(session: Session, now: datetime, limit: int = 500, *, locked: bool = False) -> tuple[DueClock, ...]:
    """Running clocks to look at, at `now`. It costs what is due, not what is open.

    With `locked`, PostgreSQL keeps them for this unit of work and leaves out those that another one has.
    """
    names = [name for name in DueClock.__dataclass_fields__ if name not in {"clock_id", *_OF_CASE}]
    columns = [CLOCK.c.id.label("clock_id"), *[CASE.c[name] for name in _OF_CASE], *[CLOCK.c[name] for name in names]]
    statement = (
        select(*columns)
        .select_from(CLOCK.join(CASE, CASE.c.id == CLOCK.c.case_id))
        .where(CLOCK.c.announce_at <= now)
        .order_by(CLOCK.c.announce_at, CLOCK.c.id)
        .limit(limit)
    )
    if locked:
        statement = statement.with_for_update(of=CLOCK, skip_locked=True)
    return tuple(DueClock(**row) for row in session.execute(statement).mappings())


def office_regions(session: Session, office_ids: Iterable[str]) -> dict[str, str]:
    """The places of these offices: each keeps the working hours of its own."""
    found = session.execute(select(OFFICE.c.id, OFFICE.c.region).where(OFFICE.c.id.in_(sorted(office_ids))))
    return {row.id: row.region for row in found}
