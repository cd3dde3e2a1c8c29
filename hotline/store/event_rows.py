"""Events as rows, each chained to the one before, and events from rows.

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

from hotline.records import CaseEvent
from hotline.store.codec import term
from hotline.store.crypto import binding
from hotline.store.ids import new_id
from hotline.store.types import canonical_bytes, canonical_text
from hotline.vocabulary import Action, Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hotline.records import Actor, Json, NewEvent
    from hotline.store.crypto import Keyring

SALT_BYTES = 16
_CHAINED = ("id", "stream", "seq", "action", "actor_id", "actor_role", "data", "text_digest", "prev_hmac")


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


def chained_bytes(row: Mapping[Any, Any]) -> bytes:
    """The canonical bytes of an event that are signed, the HMAC before it among them."""
    chained = {name: row[name] for name in _CHAINED}
    return canonical_bytes(chained | {"at": _instant(row["at"]), "recorded_at": _instant(row["recorded_at"])})


def text_digest(salt: bytes, text: str) -> str:
    """What an event keeps of its text."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


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
