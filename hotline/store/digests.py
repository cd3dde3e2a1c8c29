"""Digests: one message a day to each recipient in the app, with a line for each stage of a clock.

A digest is a `notice` of stage `digest`; new lines make it unread again. Lines hold codes, never personal data.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, func, select, update

from hotline.moments import local_date
from hotline.store.dialect import insert_for, insert_new
from hotline.store.ids import new_id
from hotline.store.tables import CASE, DIGEST_LINE, NOTICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlmodel import Session

STAGE = "digest"
MOST_AT_ONCE = 500
"""Digests that one turn of the cleaning deletes."""


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


@dataclass(frozen=True, slots=True)
class DigestLine:
    """A line as its reader sees it."""

    notice_id: str
    case_id: str
    number: str
    stage: str
    missed: str
    code: str
    due_at: datetime
    at: datetime


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


def newest_lines(session: Session, notice_ids: Iterable[str], each: int) -> dict[str, tuple[int, list[DigestLine]]]:
    """How many lines these digests have, and the newest `each` of them."""
    ids = list(notice_ids)
    counted = select(DIGEST_LINE.c.notice_id, func.count()).where(DIGEST_LINE.c.notice_id.in_(ids))
    counts = {notice: int(n) for notice, n in session.execute(counted.group_by(DIGEST_LINE.c.notice_id))}
    return {notice: (n, lines_of(session, notice, limit=each)) for notice, n in counts.items()}


def lines_of(session: Session, notice_id: str, *, limit: int, before: str = "") -> list[DigestLine]:
    """The lines of a digest, the newest first; with `before`, those older than this line's id."""
    return [line for _, line in _page(session, notice_id, limit, before)]


def page_of(session: Session, notice_id: str, *, limit: int, before: str = "") -> tuple[list[DigestLine], str]:
    """A page of a digest's lines, and the id after which the next page begins, empty where there is none."""
    found = _page(session, notice_id, limit + 1, before)
    shown = found[:limit]
    return [line for _, line in shown], shown[-1][0] if len(found) > limit else ""


def forget_digests(session: Session, before: datetime) -> int:
    """Delete digests begun before a moment that somebody has read, with their lines; what is unread stays."""
    wanted = select(NOTICE.c.id).where(
        NOTICE.c.stage == STAGE, NOTICE.c.created_at < before, NOTICE.c.read_at.is_not(None)
    )
    ids = list(session.execute(wanted.limit(MOST_AT_ONCE)).scalars())
    session.execute(delete(DIGEST_LINE).where(DIGEST_LINE.c.notice_id.in_(ids)))
    session.execute(delete(NOTICE).where(NOTICE.c.id.in_(ids)))
    return len(ids)


_STORED = ("clock_id", "case_id", "stage", "missed", "code", "due_at", "dedupe")


def _page(session: Session, notice_id: str, limit: int, before: str) -> list[tuple[str, DigestLine]]:
    columns = [DIGEST_LINE.c[name] for name in DigestLine.__dataclass_fields__ if name != "number"]
    joined = DIGEST_LINE.join(CASE, CASE.c.id == DIGEST_LINE.c.case_id)
    wanted = select(DIGEST_LINE.c.id, *columns, CASE.c.number).select_from(joined)
    wanted = wanted.where(DIGEST_LINE.c.notice_id == notice_id)
    if before:
        wanted = wanted.where(DIGEST_LINE.c.id < before)
    rows = session.execute(wanted.order_by(DIGEST_LINE.c.id.desc()).limit(limit)).mappings()
    return [(row["id"], DigestLine(**{name: row[name] for name in DigestLine.__dataclass_fields__})) for row in rows]


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
