"""Appending to and reading the event chains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from hotline.casework.bonds import TIES
from hotline.errors import ConflictError
from hotline.store.event_rows import case_event, chain
from hotline.store.tables import EVENT, EVENT_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlmodel import Session

    from hotline.records import Actor, CaseEvent, NewEvent
    from hotline.store.crypto import Keyring

_STALE = "这张工单刚刚被别人处理过。请刷新页面，看过最新情况后再操作。"


def visible_change(events: Iterable[CaseEvent | NewEvent]) -> bool:
    """Whether a case has changed for everybody who sees it: a link alone is no change."""
    return any(event.action not in TIES for event in events)


def append(
    session: Session,
    stream: str,
    events: Sequence[NewEvent],
    *,
    expected_seq: int,
    actor: Actor,
    at: datetime,
    recorded_at: datetime,
    keyring: Keyring,
) -> tuple[CaseEvent, ...]:
    """Append events to a stream whose last event is number `expected_seq` (0 for a new stream).

    Args:
        session: The unit of work that also changes the rows.
        stream: The case (or plan, account, model) whose history this is.
        events: What happened, in order.
        expected_seq: The number of the last event the decision was made on.
        actor: Who acts.
        at: When it happened.
        recorded_at: When it is written.
        keyring: Signs the events and seals their texts.

    Raises:
        ConflictError: Somebody else appended first; the unit of work must be rolled back.
    """
    previous = _head(session, stream, expected_seq)
    rows, texts = chain(
        stream,
        events,
        last=(expected_seq, previous),
        actor=actor,
        at=at,
        recorded_at=recorded_at,
        keyring=keyring,
    )
    insert_rows(session, rows, texts)
    return tuple(case_event(row) for row in rows)


def insert_rows(session: Session, rows: Sequence[dict[str, Any]], texts: Sequence[dict[str, Any]]) -> None:
    """Write what `chain` made.

    Raises:
        ConflictError: Somebody else appended first; the unit of work must be rolled back.
    """
    try:
        if rows:
            session.execute(insert(EVENT), rows)
    except IntegrityError:
        raise ConflictError(_STALE) from None
    if texts:
        session.execute(insert(EVENT_TEXT), texts)


def read_events(session: Session, stream: str) -> tuple[CaseEvent, ...]:
    """The events of a stream in order."""
    rows = session.execute(select(EVENT).where(EVENT.c.stream == stream).order_by(EVENT.c.seq))
    return tuple(case_event(row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name for it.


def last_seq(session: Session, stream: str) -> int:
    """The number of the stream's last event, 0 where there is none."""
    last = select(EVENT.c.seq).where(EVENT.c.stream == stream).order_by(EVENT.c.seq.desc()).limit(1)
    return int(session.execute(last).scalar() or 0)


def _head(session: Session, stream: str, expected_seq: int) -> str:
    """The HMAC that the next event follows."""
    last: Row[Any] | None = session.execute(
        select(EVENT.c.seq, EVENT.c.hmac).where(EVENT.c.stream == stream).order_by(EVENT.c.seq.desc()).limit(1)
    ).first()
    if (last.seq if last else 0) != expected_seq:
        raise ConflictError(_STALE)
    return str(last.hmac) if last else ""
