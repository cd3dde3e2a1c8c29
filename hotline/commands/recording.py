"""What the command line changes, as events of the stream it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.commands.installation import CONSOLE
from hotline.moments import utc_now
from hotline.records import Actor, NewEvent
from hotline.store.events import append, last_seq
from hotline.vocabulary import Action, Role

if TYPE_CHECKING:
    from sqlmodel import Session

    from hotline.store.crypto import Keyring


def record(session: Session, keyring: Keyring, stream: str, office_id: str, what: str) -> None:
    """Append what was changed to its stream, in the transaction that changes it."""
    now = utc_now()
    append(
        session,
        stream,
        [NewEvent(Action.NOTE, {"what": what})],
        expected_seq=last_seq(session, stream),
        actor=Actor(CONSOLE, Role.SYSTEM, office_id),
        at=now,
        recorded_at=now,
        keyring=keyring,
    )
