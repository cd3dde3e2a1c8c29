"""Digests: one message a day to each recipient in the app, with a line for each stage of a clock.

A digest is a `notice` of stage `digest`; new lines make it unread again. Lines hold codes, never personal data.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select, update

from hotline.moments import local_date
from hotline.store.dialect import insert_for, insert_new
from hotline.store.ids import new_id
from hotline.store.tables import DIGEST_LINE, NOTICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlmodel import Session

STAGE = "digest"


class Recipient(NamedTuple):
    """A body in the matters of an office, or, where it is empty, one role of the office's desk."""

    office_id: str
    body_id: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One stage of one clock, for one recipient; `dedupe` makes it enter once. `pressing` does not wait for others."""

    recipient: Recipient
    clock_id: str
    case_id: str
    number: str
    category: str
    policy: str
    stage: str
    missed: str
    code: str
    due_at: datetime
    dedupe: str
    pressing: bool = False


def add_lines(session: Session, lines: Sequence[Line], at: datetime) -> dict[Recipient, list[Line]]:
    """Put lines into the digests of the day; return by recipient those that were new."""
    if not lines:
        return {}
    heads = _heads(session, {line.recipient for line in lines}, at)
    rows = [
        {
            "id": new_id(),
            "notice_id": heads[line.recipient],
            "at": at,
            **{name: getattr(line, name) for name in _STORED},
        }
        for line in lines
    ]
    entered = {row.dedupe for row in insert_new(session, DIGEST_LINE, rows, returning=("dedupe",))}
    fresh: dict[Recipient, list[Line]] = defaultdict(list)
    for line in lines:
        if line.dedupe in entered:
            fresh[line.recipient].append(line)
    touched = [heads[recipient] for recipient in fresh]
    session.execute(update(NOTICE).where(NOTICE.c.id.in_(touched), NOTICE.c.read_at.is_not(None)).values(read_at=None))
    return dict(fresh)


_STORED = ("clock_id", "case_id", "stage", "missed", "code", "due_at", "dedupe")


def _heads(session: Session, recipients: Iterable[Recipient], at: datetime) -> Mapping[Recipient, str]:
    """The digest of the day of each recipient, made where it is the first."""
    day = local_date(at)
    keys = {_key(recipient, day): recipient for recipient in recipients}
    rows = [
        {
            "id": new_id(),
            "office_id": recipient.office_id,
            "body_id": recipient.body_id or None,
            "role": recipient.role or None,
            "stage": STAGE,
            "code": f"{STAGE}:{day}",
            "dedupe": key,
            "created_at": at,
        }
        for key, recipient in sorted(keys.items())
    ]
    session.execute(insert_for(session, NOTICE).on_conflict_do_nothing(index_elements=["dedupe"]), rows)
    found = session.execute(select(NOTICE.c.id, NOTICE.c.dedupe).where(NOTICE.c.dedupe.in_(list(keys))))
    return {keys[row.dedupe]: row.id for row in found}


def _key(recipient: Recipient, day: date) -> str:
    return "|".join((STAGE, *recipient, day.isoformat()))
