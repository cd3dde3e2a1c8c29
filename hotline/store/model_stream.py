"""The stream `model`: promotions, roll-backs and thresholds, one history for the whole deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.errors import ConflictError, InvalidInputError
from hotline.records import NewEvent
from hotline.store import events
from hotline.store.rule_stamps import bump
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlmodel import Session

    from hotline.records import Actor, CaseEvent, Json
    from hotline.store.casestore import CaseStore

STREAM = "model"
STAMP = "model"
REASON_LIMIT = 300
_STALE = "模型设置刚刚被别人改动过。请刷新页面，看过最新情况后再操作。"


def model_events(session: Session) -> tuple[CaseEvent, ...]:
    """Everything that was ever decided about the model, in order."""
    return events.read_events(session, STREAM)


def record(store: CaseStore, data: Mapping[str, Json], reason: str, *, expected: int, by: Actor, now: datetime) -> None:
    """Append one decision with its reason, and tell the workers.

    Args:
        store: The unit of work.
        data: What was decided: ids, codes, numbers.
        reason: Why, masked; it stands beside the event and is not chained.
        expected: The number of the last event that the decision was made on.
        by: Who decides.
        now: When.

    Raises:
        InvalidInputError: The reason is missing or too long.
        ConflictError: Somebody else decided something at the same moment.
    """
    if not reason.strip() or len(reason) > REASON_LIMIT:
        message = f"没有办成。请写明理由，不超过 {REASON_LIMIT} 字。"
        raise InvalidInputError(message, reason="请写明理由")
    event = NewEvent(Action.NOTE, data, reason.strip())
    try:
        store.append(STREAM, [event], expected_seq=expected, actor=by, at=now, recorded_at=now)
    except ConflictError:
        raise ConflictError(_STALE) from None
    bump(store.session, STAMP)
