"""Appending to and reading the event chains.

Each event carries an HMAC over its canonical bytes and the HMAC before it. Those bytes hold ids, codes and, of a free
text, only a salted digest: text and salt stand in a row of their own and can be deleted, and the chain still verifies.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from hotline.casework.bonds import TIES
from hotline.errors import ConflictError
from hotline.records import CaseEvent
from hotline.store.codec import term
from hotline.store.crypto import binding
from hotline.store.ids import new_id
from hotline.store.tables import EVENT, EVENT_TEXT
from hotline.store.types import canonical_bytes, canonical_text
from hotline.vocabulary import Action, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlmodel import Session

    from hotline.records import Actor, Json, NewEvent
    from hotline.store.crypto import Keyring

SALT_BYTES = 16
_CHAINED = ("id", "stream", "seq", "action", "actor_id", "actor_role", "data", "text_digest", "prev_hmac")
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


def chain(
    stream: str,
    events: Sequence[NewEvent],
    *,
    last: tuple[int, str],
    actor: Actor,
    at: datetime,
    recorded_at: datetime,
    keyring: Keyring,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of new events and of their texts, chained to the stream's `last` (number, HMAC); nothing is written."""
    rows: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    before, previous = last
    for seq, event in enumerate(events, start=before + 1):
        row = _row(stream, seq, event, actor=actor, at=at, recorded_at=recorded_at)
        if event.text:
            texts.append(_text_row(row, event.text, keyring))
        row["prev_hmac"] = previous
        row["hmac"] = previous = keyring.sign(chained_bytes(row))
        rows.append(row)
    return rows, texts


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


def chained_bytes(row: Mapping[Any, Any]) -> bytes:
    """The canonical bytes of an event that are signed, the HMAC before it among them."""
    chained = {name: row[name] for name in _CHAINED}
    return canonical_bytes(chained | {"at": _instant(row["at"]), "recorded_at": _instant(row["recorded_at"])})


def text_digest(salt: bytes, text: str) -> str:
    """What an event keeps of its text."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def read_events(session: Session, stream: str) -> tuple[CaseEvent, ...]:
    """The events of a stream in order."""
    rows = session.execute(select(EVENT).where(EVENT.c.stream == stream).order_by(EVENT.c.seq))
    return tuple(case_event(row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name for it.


def last_seq(session: Session, stream: str) -> int:
    """The number of the stream's last event, 0 where there is none."""
    last = select(EVENT.c.seq).where(EVENT.c.stream == stream).order_by(EVENT.c.seq.desc()).limit(1)
    return int(session.execute(last).scalar() or 0)


def read_texts(session: Session, stream: str, keyring: Keyring) -> dict[str, str]:
    """The free texts of a stream's events by event id, decrypted."""
    joined = EVENT.join(EVENT_TEXT, EVENT_TEXT.c.event_id == EVENT.c.id)
    statement = select(EVENT.c.id, EVENT_TEXT.c.content).select_from(joined).where(EVENT.c.stream == stream)
    return {event_id: open_text(event_id, content, keyring) for event_id, content in session.execute(statement)}


def open_text(event_id: str, content: bytes, keyring: Keyring) -> str:
    """Decrypt one event's text."""
    return keyring.open_text(content, binding("event_text", "content", event_id))


def delete_texts(session: Session, event_ids: Iterable[str]) -> int:
    """Really delete the texts of events; their chain still verifies. Return how many there were."""
    gone = EVENT_TEXT.delete().where(EVENT_TEXT.c.event_id.in_(list(event_ids)))
    return len(session.execute(gone.returning(EVENT_TEXT.c.event_id)).all())


def _head(session: Session, stream: str, expected_seq: int) -> str:
    """The HMAC that the next event follows."""
    last: Row[Any] | None = session.execute(
        select(EVENT.c.seq, EVENT.c.hmac).where(EVENT.c.stream == stream).order_by(EVENT.c.seq.desc()).limit(1)
    ).first()
    if (last.seq if last else 0) != expected_seq:
        raise ConflictError(_STALE)
    return str(last.hmac) if last else ""


def _row(
    stream: str, seq: int, event: NewEvent, *, actor: Actor, at: datetime, recorded_at: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "stream": stream,
        "seq": seq,
        "action": str(event.action),
        "actor_id": actor.account_id,
        "actor_role": str(actor.role),
        "at": at.astimezone(UTC),
        "recorded_at": recorded_at.astimezone(UTC),
        "data": canonical_text(event.data),
        "text_digest": None,
    }


def _text_row(row: dict[str, Any], text: str, keyring: Keyring) -> dict[str, Any]:
    salt = secrets.token_bytes(SALT_BYTES)
    row["text_digest"] = text_digest(salt, text)
    sealed = keyring.seal(text, binding("event_text", "content", row["id"]))
    return {"event_id": row["id"], "salt": salt, "content": sealed}


def case_event(row: Mapping[Any, Any]) -> CaseEvent:
    """The event that a row holds."""
    data = cast("Mapping[str, Json]", frozen_json(json.loads(row["data"])))
    return CaseEvent(
        id=row["id"],
        case_id=row["stream"],
        seq=row["seq"],
        action=term(Action, row["action"]),
        actor_id=row["actor_id"],
        actor_role=term(Role, row["actor_role"]),
        at=row["at"],
        recorded_at=row["recorded_at"],
        data=data,
    )


def frozen_json(value: object) -> object:
    """JSON as records hold it: tuples for lists, read-only mappings for objects."""
    if isinstance(value, dict):
        return MappingProxyType({name: frozen_json(inner) for name, inner in value.items()})
    return tuple(frozen_json(inner) for inner in value) if isinstance(value, list) else value


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")
