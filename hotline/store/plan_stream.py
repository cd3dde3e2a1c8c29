"""What a plan's stream holds: every change of its versions appends to the stream `plan:<id>`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from hotline.errors import ConflictError
from hotline.records import NewEvent
from hotline.store import events
from hotline.store.tables import PLAN_VERSION
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from datetime import date, datetime

    from hotline.records import Actor, Json
    from hotline.store.casestore import CaseStore

STREAM = "plan:"
NOTE_LIMIT = 300
STALE = "这个方案刚刚被别人改动过。请刷新页面，看过最新情况后再操作。"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A version that somebody wants to adopt; an empty `content` ends the plan from that day on."""

    plan_id: str
    content: str
    effective_from: date
    note: str
    replay: dict[str, Any]


def digest_of(content: str) -> str:
    """SHA-256 of a plan file, empty for no file."""
    return hashlib.sha256(content.encode()).hexdigest() if content else ""


def keep_version(
    store: CaseStore, proposal: Proposal, version: int, *, office_id: str | None, by: Actor, now: datetime
) -> None:
    """Keep a version and append the event that says so."""
    digest = digest_of(proposal.content)
    row = {
        "plan_id": proposal.plan_id,
        "version": version,
        "office_id": office_id,
        "effective_from": proposal.effective_from,
        "content": proposal.content,
        "digest": digest,
        "uploaded_by": by.account_id if office_id else None,
        "uploaded_at": now,
        "note": proposal.note,
        "replay": proposal.replay,
        "withdrawn_note": "",
    }
    try:
        store.session.execute(insert(PLAN_VERSION), [row])
    except IntegrityError:
        raise ConflictError(STALE) from None
    data: dict[str, Json] = {
        "what": "version_loaded" if office_id is None else "version_adopted" if digest else "plan_ended",
        "version": version,
        "office_id": office_id,
        "effective_from": proposal.effective_from.isoformat(),
        "digest": digest,
    }
    record_change(store, proposal.plan_id, data, proposal.note if office_id else "", by=by, now=now)


def record_change(
    store: CaseStore, plan_id: str, data: dict[str, Json], text: str, *, by: Actor, now: datetime
) -> None:
    """Append to the plan's stream; the reason stands beside the event and is not chained."""
    stream = f"{STREAM}{plan_id}"
    try:
        store.append(
            stream,
            [NewEvent(Action.NOTE, data, text)],
            expected_seq=events.last_seq(store.session, stream),
            actor=by,
            at=now,
            recorded_at=now,
        )
    except ConflictError:
        raise ConflictError(STALE) from None
