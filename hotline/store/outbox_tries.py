"""Trying messages: before one is tried it is claimed, and what became of it is written afterwards.

Its next try is set a lease ahead, so that a process that dies while sending leaves it to be sent again, under the same
id.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from hotline.store.outbox_messages import Message, message_of
from hotline.store.tables import OUTBOX
from hotline.vocabulary import Delivery, Outlet

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlmodel import Session

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
"""The wait after each failed try; after one more a message is given up."""
LEASE = timedelta(minutes=5)


def anything_to_send(session: Session, now: datetime, outlets: Collection[Outlet]) -> bool:
    """Whether a message is due; one look into the index."""
    wanted = select(OUTBOX.c.id).where(OUTBOX.c.next_try_at <= now, OUTBOX.c.channel.in_(sorted(outlets))).limit(1)
    return session.execute(wanted).first() is not None


def claim(session: Session, now: datetime, outlets: Collection[Outlet]) -> Message | None:
    """The message whose turn it is, with this try counted; nobody else gets it while the lease runs."""
    wanted = (
        select(OUTBOX)
        .where(OUTBOX.c.next_try_at <= now, OUTBOX.c.channel.in_(sorted(outlets)))
        .order_by(OUTBOX.c.next_try_at, OUTBOX.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = session.execute(wanted).mappings().first()
    if row is None:
        return None
    tried = {"attempts": row["attempts"] + 1, "next_try_at": now + LEASE}
    session.execute(update(OUTBOX).where(OUTBOX.c.id == row["id"]).values(**tried))
    return message_of({**row, **tried})


def mark_sent(session: Session, message: Message, at: datetime) -> None:
    """It was taken over by the other side."""
    _set(session, message, state=Delivery.SENT, next_try_at=None, sent_at=at, problem="")


def mark_failed(session: Session, message: Message, problem: str, at: datetime, *, for_good: bool = False) -> None:
    """It was not; it is tried again later, or given up where that is of no use or has been done often enough."""
    if for_good or message.attempts > len(BACKOFF):
        _set(session, message, state=Delivery.GIVEN_UP, next_try_at=None, problem=problem)
    else:
        _set(session, message, state=Delivery.FAILED, next_try_at=at + BACKOFF[message.attempts - 1], problem=problem)


def put_off_others(session: Session, message: Message, at: datetime) -> None:
    """Let the other messages for a silent receiver wait as long as after a first failure, their tries uncounted.

    Each would be waited for in its turn, and those for everybody else behind them.
    """
    to = message.recipient
    same = (OUTBOX.c.office_id == to.office_id) & (OUTBOX.c.body_id == to.body_id) & (OUTBOX.c.role == to.role)
    due = same & (OUTBOX.c.channel == str(message.outlet)) & (OUTBOX.c.next_try_at <= at)
    session.execute(update(OUTBOX).where(due).values(next_try_at=at + BACKOFF[0]))


def send_again(
    session: Session, office_id: str, message_id: str, at: datetime, *, body_id: str | None = None
) -> Message | None:
    """Try a message now, whatever became of it, with all its tries ahead; under the same id.

    None where the office (of its messages, this body) has no such one.
    """
    mine = (OUTBOX.c.id == message_id) & (OUTBOX.c.office_id == office_id)
    if body_id is not None:
        mine &= (OUTBOX.c.body_id == body_id) & (OUTBOX.c.channel == str(Outlet.WEBHOOK))
    row = session.execute(select(OUTBOX).where(mine).with_for_update()).mappings().first()
    if row is None:
        return None
    state = Delivery.WAITING if row["state"] == Delivery.SENT else Delivery.FAILED
    session.execute(update(OUTBOX).where(mine).values(state=str(state), attempts=0, next_try_at=at))
    return message_of({**row, "state": str(state), "attempts": 0, "next_try_at": at})


def _set(session: Session, message: Message, **values: object) -> None:
    """Only the try that was claimed last may say what became of it."""
    mine = (OUTBOX.c.id == message.id) & (OUTBOX.c.attempts == message.attempts)
    session.execute(update(OUTBOX).where(mine).values(**{**values, "state": str(values["state"])}))
