"""Who took a file of the evidence out, and when: an event each, once a person, file and day.

They stand in a stream of their own beside the case's (`reads:<case id>`): a download changes nothing of the case, makes
nobody's form stale and fills no history, and is chained and sealed all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.errors import ConflictError
from hotline.moments import local_date
from hotline.records import NewEvent
from hotline.store import accounts
from hotline.store.tokens import BY_TOKEN
from hotline.vocabulary import Action
from hotline.web.context import actor, now, services

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hotline.records import CaseEvent
    from hotline.store.casestore import CaseStore
    from hotline.store.evidence import Evidence

READ = "evidence_read"
TRIES = 5
GONE = "（已不在的文件）"


@dataclass(frozen=True, slots=True)
class Read:
    """One person took one file out."""

    at: datetime
    who: str
    file: str


def note_read(case_id: str, evidence_id: str) -> None:
    """Leave the event, before the file is handed out; where it stands already for today, nothing.

    Raises:
        ConflictError: Others read in the same moment, again and again.
    """
    for left in reversed(range(TRIES)):
        with services().read() as store:
            events = store.events(_stream(case_id))
        if any(_same(event, evidence_id) for event in events):
            return
        try:
            _append(case_id, evidence_id, len(events))
        except ConflictError:
            if not left:
                raise
        else:
            return


def reads_of(store: CaseStore, case_id: str, evidence: Iterable[Evidence]) -> tuple[Read, ...]:
    """Who took files of a case out, the newest first. `evidence` are those that the reader may see."""
    events = store.events(_stream(case_id))
    names = accounts.display_names(store.session, [event.actor_id for event in events])
    files = {each.id: each.filename for each in evidence}
    return tuple(
        Read(event.at, _who(event, names.get(event.actor_id, "")), files.get(str(event.data["evidence_id"]), GONE))
        for event in reversed(events)
    )


def _stream(case_id: str) -> str:
    return f"reads:{case_id}"


def _same(event: CaseEvent, evidence_id: str) -> bool:
    mine = event.actor_id == actor().account_id and event.data.get("evidence_id") == evidence_id
    return mine and local_date(event.at) == local_date(now())


def _append(case_id: str, evidence_id: str, seq: int) -> None:
    event = NewEvent(Action.NOTE, {"what": READ, "evidence_id": evidence_id})
    with services().write() as store:
        store.append(_stream(case_id), [event], expected_seq=seq, actor=actor(), at=now(), recorded_at=now())


def _who(event: CaseEvent, name: str) -> str:
    name = name or ("经接口" if event.actor_id.startswith(BY_TOKEN) else "")
    return " · ".join(part for part in (event.actor_role.label, name) if part)
