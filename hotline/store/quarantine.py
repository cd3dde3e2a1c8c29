"""Refused records: kept as they came, sealed, and listed until they are put right."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from hotline.errors import NotFoundError
from hotline.store.crypto import binding
from hotline.store.dialect import is_postgresql
from hotline.store.ids import new_id
from hotline.store.kept import ask, many, one_of_many
from hotline.store.paging import PAGE, Page, paged
from hotline.store.tables import QUARANTINE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select
    from sqlmodel import Session

    from hotline.store.crypto import Keyring


LONGEST_HEADER = 65_536
"""Bytes; a longer row of names is none, and would be kept with every refused row."""


MOST_PLACES = 50
"""Places kept with a refused record; a file that repeats one more often needs no longer list to be found."""


class Place(NamedTuple):
    """Where a refused record stood: what it came by, which record of it, and the line on which that begins."""

    source: str
    row: int | None
    line: int | None


@dataclass(frozen=True, slots=True)
class QuarantineLine:
    """A refused record without its content, which `CaseStore.quarantined` decrypts.

    `places` are those where the same came again.
    """

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
    places: tuple[Place, ...] = ()


def line_of(row: Mapping[Any, Any]) -> QuarantineLine:
    """The line of a row that holds all that is listed."""
    again = tuple(Place(*each) for each in row["places"] or ())
    return QuarantineLine(**{name: row[name] for name in QuarantineLine.__dataclass_fields__} | {"places": again})


LISTED = tuple(QUARANTINE.c[name] for name in QuarantineLine.__dataclass_fields__)


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

    It is the same by its channel, its content and the names of its columns: whoever puts it right does so for every
    place where it came. At the same place it came by the same file, whatever that is called now.
    """
    digest = keyring.sign(b"quarantine|" + content)
    waiting = _same(session, keyring, known, digest, header)
    if waiting is not None:
        _note_place(session, waiting, Place(known["source"], known["row"], known["line"]))
        return waiting.id
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


def _same(
    session: Session, keyring: Keyring, known: Mapping[str, Any], digest: str, header: Sequence[str]
) -> QuarantineLine | None:
    """The record that waits with this content under these column names; of old ones nobody knows the names."""
    wanted = select(*LISTED, QUARANTINE.c.header).where(
        *(QUARANTINE.c[name] == known[name] for name in ("office_id", "channel")),
        QUARANTINE.c.digest == digest,
        QUARANTINE.c.resolved_at.is_(None),
    )
    for row in session.execute(wanted.order_by(QUARANTINE.c.id)).mappings():
        if not header or row["header"] is None or _names(keyring, row["id"], row["header"]) == tuple(header):
            return line_of(row)
    return None


def _note_place(session: Session, waiting: QuarantineLine, place: Place) -> None:
    """Keep one more place of a record, unless it is known or the list is full."""
    if place.row in {waiting.row, *(each.row for each in waiting.places)} or len(waiting.places) >= MOST_PLACES:
        return
    changed = update(QUARANTINE).where(QUARANTINE.c.id == waiting.id)
    session.execute(changed.values(places=[list(each) for each in (*waiting.places, place)]))


def _names(keyring: Keyring, quarantine_id: str, sealed: bytes) -> tuple[str, ...]:
    return tuple(json.loads(keyring.open(sealed, binding("quarantine", "header", quarantine_id))))


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
    return _names(keyring, quarantine_id, sealed) if sealed else ()


def quarantine_list(
    session: Session, office_id: str, *, resolved: bool = False, after: str | None = None, limit: int = PAGE
) -> Page[QuarantineLine]:
    """The office's refused records, the newest first: those that wait, or those that were dealt with."""
    done = QUARANTINE.c.resolved_at
    statement = select(*LISTED).where(QUARANTINE.c.office_id == office_id)
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
    return line_of(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row by its columns.
