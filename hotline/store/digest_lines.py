"""Digests as their readers see them, and their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from hotline.store.digests import STAGE
from hotline.store.tables import CASE, DIGEST_LINE, NOTICE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlmodel import Session

MOST_AT_ONCE = 500
"""Digests that one turn of the cleaning deletes."""


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


def _page(session: Session, notice_id: str, limit: int, before: str) -> list[tuple[str, DigestLine]]:
    columns = [DIGEST_LINE.c[name] for name in DigestLine.__dataclass_fields__ if name != "number"]
    joined = DIGEST_LINE.join(CASE, CASE.c.id == DIGEST_LINE.c.case_id)
    wanted = select(DIGEST_LINE.c.id, *columns, CASE.c.number).select_from(joined)
    wanted = wanted.where(DIGEST_LINE.c.notice_id == notice_id)
    if before:
        wanted = wanted.where(DIGEST_LINE.c.id < before)
    rows = session.execute(wanted.order_by(DIGEST_LINE.c.id.desc()).limit(limit)).mappings()
    return [(row["id"], DigestLine(**{name: row[name] for name in DigestLine.__dataclass_fields__})) for row in rows]
