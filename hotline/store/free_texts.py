"""The free texts beside the events: read, and really deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.store.crypto import binding
from hotline.store.tables import EVENT, EVENT_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlmodel import Session

    from hotline.store.crypto import Keyring


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
