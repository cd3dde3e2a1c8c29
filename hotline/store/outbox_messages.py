"""The messages of the outbox with the state of their delivery, as lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from hotline.store.digests import Recipient
from hotline.store.tables import OUTBOX
from hotline.vocabulary import Delivery, Outlet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import RowMapping
    from sqlmodel import Session

PAGE = 100


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the outbox keeps it; `payload` holds codes, numbers and dates, never personal data."""

    id: str
    outlet: Outlet
    recipient: Recipient
    state: Delivery
    attempts: int
    next_try_at: datetime | None
    created_at: datetime
    sent_at: datetime | None
    problem: str
    payload: Mapping[str, Any]


def messages(
    session: Session,
    office_id: str,
    *,
    state: Delivery | None = None,
    outlet: Outlet | None = None,
    body_id: str | None = None,
    before: str = "",
    limit: int = PAGE,
) -> tuple[tuple[Message, ...], str]:
    """A page of the office's messages, the newest first, and the id after which the next page begins, if any."""
    wanted = select(OUTBOX).where(OUTBOX.c.office_id == office_id)
    if body_id is not None:
        wanted = wanted.where(OUTBOX.c.body_id == body_id)
    if state is not None:
        wanted = wanted.where(OUTBOX.c.state == str(state))
    if outlet is not None:
        wanted = wanted.where(OUTBOX.c.channel == str(outlet))
    if before:
        wanted = wanted.where(OUTBOX.c.id < before)
    rows = session.execute(wanted.order_by(OUTBOX.c.id.desc()).limit(limit + 1)).mappings().all()
    found = tuple(message_of(row) for row in rows[:limit])
    return found, found[-1].id if len(rows) > limit else ""


def forget_sent(session: Session, before: datetime) -> int:
    """Delete messages that were sent before a moment; what waits, is tried again or was given up stays."""
    done = (OUTBOX.c.state == str(Delivery.SENT)) & OUTBOX.c.next_try_at.is_(None) & (OUTBOX.c.sent_at < before)
    return len(session.execute(delete(OUTBOX).where(done).returning(OUTBOX.c.id)).all())


def given_up(session: Session) -> int:
    """How many messages nobody will try again, in all offices."""
    wanted = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.state == str(Delivery.GIVEN_UP))
    return int(session.execute(wanted).scalar_one())


def addressee(row: RowMapping | dict[str, Any]) -> tuple[Recipient, Outlet]:
    """Whom a message goes to, and how."""
    outlet = next(outlet for outlet in Outlet if outlet == row["channel"])
    return Recipient(row["office_id"], row["body_id"], row["role"]), outlet


def message_of(row: RowMapping | dict[str, Any]) -> Message:
    """A message from its row."""
    recipient, outlet = addressee(row)
    return Message(
        id=row["id"],
        outlet=outlet,
        recipient=recipient,
        state=next(state for state in Delivery if state == row["state"]),
        **{name: row[name] for name in ("attempts", "next_try_at", "created_at", "sent_at", "problem", "payload")},
    )
