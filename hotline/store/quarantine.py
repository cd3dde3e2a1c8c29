"""The list of refused records that wait to be put right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from hotline.store.dialect import is_postgresql
from hotline.store.kept import ask, many, one_of_many
from hotline.store.lines import PAGE, Page, paged
from hotline.store.tables import QUARANTINE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Row, Select
    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class QuarantineLine:
    """A refused record without its content, which `CaseStore.quarantined` decrypts."""

    id: str
    office_id: str
    channel: str
    source: str
    external_id: str | None
    row: int | None
    line: int | None
    reason: str
    created_at: datetime
    resolved_at: datetime | None
    complaint_id: str | None


_LISTED = tuple(QUARANTINE.c[name] for name in QuarantineLine.__dataclass_fields__)


@cache
def _waiting(on_postgresql: bool) -> Select[Any]:  # noqa: FBT001 - a cache's key.
    return select(QUARANTINE.c.id, QUARANTINE.c.external_id).where(
        QUARANTINE.c.office_id == bindparam("office_id"),
        QUARANTINE.c.channel == bindparam("channel"),
        one_of_many(QUARANTINE.c.external_id, "external_ids", on_postgresql=on_postgresql),
        QUARANTINE.c.resolved_at.is_(None),
    )


def quarantine_list(
    session: Session, office_id: str, *, resolved: bool = False, after: str | None = None, limit: int = PAGE
) -> Page[QuarantineLine]:
    """The office's refused records, the newest first: those that wait, or those that were dealt with."""
    done = QUARANTINE.c.resolved_at
    statement = select(*_LISTED).where(QUARANTINE.c.office_id == office_id)
    statement = statement.where(done.is_not(None) if resolved else done.is_(None))
    moment, key = QUARANTINE.c.created_at, QUARANTINE.c.id
    return paged(session, statement, _line, moment=moment, key=key, after=after, limit=limit, newest_first=True)


def leave_quarantine(session: Session, office_id: str, channel: str, put_right: Mapping[str, str], at: datetime) -> int:
    """Records that waited under these external ids are dealt with: what they tell is registered now.

    `put_right` is external id → complaint id of new complaints only; how many left is returned.
    """
    if not put_right:
        return 0
    asked = {"office_id": office_id, "channel": channel, "external_ids": many(session, put_right)}
    found = ask(session, _waiting(is_postgresql(session)), asked)
    for quarantine_id, external_id in found:
        changed = update(QUARANTINE).where(QUARANTINE.c.id == quarantine_id)
        session.execute(changed.values(resolved_at=at, complaint_id=put_right[external_id]))
    return len(found)


def _line(row: Row[Any]) -> QuarantineLine:
    return QuarantineLine(**{name: getattr(row, name) for name in QuarantineLine.__dataclass_fields__})
