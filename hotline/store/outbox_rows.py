"""The row of a message: one per recipient and outlet, its payload of codes, numbers and dates."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from hotline.moments import local_date
from hotline.vocabulary import Delivery, Outlet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hotline.store.digests import Line, Recipient

DIGEST = "digest"
DUE_LIST = "due_list"
TRIAL = "trial"
CASE_NEWS = "case"
MOST_LINES = 200


def empty_payload(kind: str, at: datetime) -> dict[str, Any]:
    """A payload of this kind that tells nothing yet."""
    return {"kind": kind, "day": local_date(at).isoformat(), "lines": [], "counts": {}}


def with_lines(payload: Mapping[str, Any], lines: Sequence[Line]) -> dict[str, Any]:
    """The payload with these lines too; beyond `MOST_LINES` they are only counted."""
    held = [*payload["lines"], *[_plain(line) for line in lines[: MOST_LINES - len(payload["lines"])]]]
    counts = Counter(payload["counts"]) + Counter(line.stage for line in lines)
    return {**payload, "lines": held, "counts": dict(counts)}


def _plain(line: Line) -> dict[str, str]:
    names = ("number", "case_id", "category", "policy", "stage", "missed")
    return {name: str(getattr(line, name)) for name in names} | {"due_at": line.due_at.isoformat()}


def outbox_row(
    message_id: str,
    recipient: Recipient,
    outlet: Outlet,
    payload: dict[str, Any],
    *,
    at: datetime,
    due: datetime,
) -> dict[str, Any]:
    """The row of a message that waits for its first try."""
    row = {"id": message_id, **recipient._asdict(), "channel": str(outlet), "state": str(Delivery.WAITING)}
    return row | {"attempts": 0, "next_try_at": due, "created_at": at, "problem": "", "payload": payload}
