"""The streams of the rules of clocks.

Every change appends to the stream `calendar`, `policy:<id>` or `policies`, and moves the stamp `clocks`, by which the
workers and the scheduler see that there is something to take up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.rule_assembly import CALENDAR, POLICY
from hotline.errors import ConflictError
from hotline.records import NewEvent
from hotline.store import events
from hotline.store.rule_stamps import bump
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.records import Actor, Json
    from hotline.store.casestore import CaseStore

STAMP = "clocks"
NOTE_LIMIT = 300
STALE = "日历或时限策略刚刚被别人改动过。请刷新页面，看过最新情况后再操作。"


def stream_of(kind: str, subject: str) -> str:
    """The stream of events that a version belongs to."""
    return f"{POLICY}:{subject}" if kind == POLICY else CALENDAR if kind == CALENDAR else kind


def record_change(store: CaseStore, stream: str, data: dict[str, Json], text: str, *, by: Actor, now: datetime) -> None:
    """Append to the stream and tell the workers; the reason stands beside the event and is not chained."""
    expected = events.last_seq(store.session, stream)
    try:
        store.append(
            stream, [NewEvent(Action.NOTE, data, text)], expected_seq=expected, actor=by, at=now, recorded_at=now
        )
    except ConflictError:
        raise ConflictError(STALE) from None
    bump(store.session, STAMP)
