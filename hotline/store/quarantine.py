"""Refused records: kept as they came, sealed, and listed until they are put right."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from hotline.errors import NotFoundError
from hotline.store.crypto import binding
from hotline.store.dialect import is_postgresql
from hotline.store.ids import new_id
from hotline.store.kept import ask, many, one_of_many
from hotline.store.lines import PAGE, Page, paged
from hotline.store.tables import QUARANTINE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select
    from sqlmodel import Session

    from hotline.store.crypto import Keyring


LONGEST_HEADER = 65_536
"""Bytes; a longer row of names is none, and would be kept with every refused row."""


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


def keep(
    session: Session, keyring: Keyring, known: Mapping[str, Any], content: bytes, header: Sequence[str] = ()
) -> str:
    """Keep a refused record with what is known of it, and return its id; one that waits already is kept once.

    It is the same by its content, channel and place, whatever the file is called now.
    """
    digest = keyring.sign(b"quarantine|" + content)
    same = select(QUARANTINE.c.id).where(
        *(QUARANTINE.c[name] == known[name] for name in ("office_id", "channel")),
        QUARANTINE.c.digest == digest,
        QUARANTINE.c.row.is_not_distinct_from(known["row"]),
        QUARANTINE.c.resolved_at.is_(None),
    )
    waiting = session.execute(same.limit(1)).scalar()
    if waiting is not None:
        return str(waiting)
    quarantine_id = new_id()
    names = json.dumps(list(header)).encode() if header else b""

    def sealed(column: str, value: bytes) -> bytes:
        return keyring.seal(value, binding("quarantine", column, quarantine_id))

    values = {
        **known,
        "id": quarantine_id,
        "content": sealed("content", content),
        "header": sealed("header", names) if 0 < len(names) <= LONGEST_HEADER else None,
        "digest": digest,
    }
    session.execute(insert(QUARANTINE), [values])
    return quarantine_id


def content_of(session: Session, keyring: Keyring, quarantine_id: str) -> bytes:
    """A refused record as it came.

    Raises:
        NotFoundError: There is none with this id.
    """
    sealed = session.execute(select(QUARANTINE.c.content).where(QUARANTINE.c.id == quarantine_id)).scalar()
    if sealed is None:
        message = "没有这条隔离记录，请从隔离列表重新打开。"
        raise NotFoundError(message)
    return keyring.open(sealed, binding("quarantine", "content", quarantine_id))


def header_of(session: Session, keyring: Keyring, quarantine_id: str) -> tuple[str, ...]:
    """The column names of the table that a refused record came from; empty where they are not known."""
    sealed = session.execute(select(QUARANTINE.c.header).where(QUARANTINE.c.id == quarantine_id)).scalar()
    if not sealed:
        return ()
    return tuple(json.loads(keyring.open(sealed, binding("quarantine", "header", quarantine_id))))


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
