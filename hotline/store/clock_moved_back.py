"""Noticing that the machine's clock was moved back, and looking at everything again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from hotline.store.dialect import upsert
from hotline.store.tables import CLOCK, OUTBOX, SWEEP_MARK

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

MARK = "sweep"
SLACK = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=1)
"""No message waits longer than this for its next try, however the clock is set (`outbox_tries.BACKOFF`)."""


def moved_back(session: Session, now: datetime) -> bool:
    """Whether the machine's clock stands before a moment at which something was announced already."""
    last = session.execute(select(SWEEP_MARK.c.at).where(SWEEP_MARK.c.name == MARK)).scalar()
    return last is not None and last > now + SLACK


def look_at_all_again(session: Session, now: datetime) -> None:
    """After the clock was moved back: what waits for a moment that came from the false time is looked at now.

    It goes once through the open clocks that have reached a stage; what was announced is not announced again.
    """
    running = CLOCK.c.stopped_at.is_(None) & CLOCK.c.paused_since.is_(None)
    misled = running & (CLOCK.c.announce_at > now) & (CLOCK.c.warn_at <= now)
    session.execute(update(CLOCK).where(misled).values(announce_at=now))
    session.execute(update(OUTBOX).where(OUTBOX.c.next_try_at > now + LONGEST_WAIT).values(next_try_at=now))
    mark(session, now)


def mark(session: Session, now: datetime) -> None:
    """Remember that something was announced at this moment."""
    upsert(session, SWEEP_MARK, [{"name": MARK, "at": now}], key=("name",))
