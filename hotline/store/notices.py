"""Messages in the app, to an office's desk, to a body or to one account. They hold codes, never personal data.

Announced time limits are gathered in one digest a day (`store.digests`), which is a message here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, false, func, or_, select, update

from hotline.store.dialect import insert_for
from hotline.store.ids import new_id
from hotline.store.tables import CASE, NOTICE
from hotline.store.tallies import MANY
from hotline.vocabulary import AGENCY_ROLES, DESK_ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Executable, ScalarSelect, Select
    from sqlmodel import Session

    from hotline.records import Actor


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to send: to the account or body that is named, else to the office's desk or one `role` of it.

    `stage` is what happened (a clock's stage, or an action), `code` says of what, e.g. `clock:H-SIGN`; `dedupe` makes
    it enter once.
    """

    stage: str
    code: str
    office_id: str | None = None
    body_id: str | None = None
    account_id: str | None = None
    role: str | None = None
    case_id: str | None = None
    dedupe: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A message as its reader sees it; a desk or a body reads together, `read_at` is when the first of them did."""

    id: str
    case_id: str | None
    number: str | None
    stage: str
    code: str
    created_at: datetime
    read_at: datetime | None


def add_notices(session: Session, messages: Iterable[Notice], at: datetime) -> int:
    """Put messages into the outbox, each `dedupe` once for ever; return how many were new."""
    rows = [
        {name: getattr(message, name) for name in Notice.__dataclass_fields__} | {"id": new_id(), "created_at": at}
        for message in messages
    ]
    if not rows:
        return 0
    statement = insert_for(session, NOTICE).on_conflict_do_nothing(index_elements=["dedupe"])
    return len(session.execute(statement.returning(NOTICE.c.id), rows).all())


def notice(session: Session, actor: Actor, notice_id: str) -> NoticeLine | None:
    """One of the actor's messages; None where there is none, or it is another's."""
    found = session.execute(_lines().where(_addressed(actor), NOTICE.c.id == notice_id)).mappings().first()
    return NoticeLine(**found) if found else None


def notices(session: Session, actor: Actor, *, limit: int = 50, unread_only: bool = False) -> tuple[NoticeLine, ...]:
    """The actor's messages, the newest first."""
    statement = _lines().where(_addressed(actor))
    if unread_only:
        statement = statement.where(NOTICE.c.read_at.is_(None))
    rows = session.execute(statement.order_by(NOTICE.c.id.desc()).limit(limit)).mappings()
    return tuple(NoticeLine(**row) for row in rows)


def unread_count(session: Session, actor: Actor) -> int:
    """How many of the actor's messages nobody has read, up to `MANY`."""
    given = {"account": actor.account_id, "office": actor.office_id, "body": actor.body_id, "role": str(actor.role)}
    statement: Executable = _UNREAD_AT_DESK
    if actor.role not in DESK_ROLES:
        statement = _UNREAD_AT_BODY if actor.role in AGENCY_ROLES and actor.body_id is not None else _UNREAD
    return min(sum(map(int, session.execute(statement, given).one())), MANY)


def mark_read(session: Session, actor: Actor, at: datetime, notice_id: str | None = None) -> None:
    """Mark one message of the actor's, or all, as read; of others' messages nothing changes."""
    wanted = and_(_addressed(actor), NOTICE.c.read_at.is_(None))
    if notice_id is not None:
        wanted = and_(wanted, NOTICE.c.id == notice_id)
    session.execute(update(NOTICE).where(wanted).values(read_at=at))


def _few(*where: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many unread messages fit, up to `MANY`; each kind of reader has an index of its own."""
    few = select(NOTICE.c.id).where(NOTICE.c.read_at.is_(None), *where).limit(MANY).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


_MINE = NOTICE.c.account_id == bindparam("account", type_=NOTICE.c.id.type)
_SHARED = NOTICE.c.account_id.is_(None)
_AT_BODY = NOTICE.c.body_id == bindparam("body", type_=NOTICE.c.id.type)
_AT_DESK = and_(NOTICE.c.body_id.is_(None), NOTICE.c.office_id == bindparam("office", type_=NOTICE.c.id.type))
_OF_ROLE = or_(NOTICE.c.role.is_(None), NOTICE.c.role == bindparam("role", type_=NOTICE.c.id.type))
# The same as `_addressed`, said as sums of what cannot overlap.
_UNREAD = select(_few(_MINE))
_UNREAD_AT_BODY = select(_few(_MINE), _few(_SHARED, _AT_BODY))
_UNREAD_AT_DESK = select(_few(_MINE), _few(_SHARED, _AT_DESK, _OF_ROLE))


def _lines() -> Select[Any]:
    columns = [NOTICE.c[name] for name in NoticeLine.__dataclass_fields__ if name != "number"]
    joined = NOTICE.outerjoin(CASE, CASE.c.id == NOTICE.c.case_id)
    return select(*columns, CASE.c.number).select_from(joined)


def _addressed(actor: Actor) -> ColumnElement[bool]:
    """Messages to the account itself, to its desk and role, or to its body (which may name the case's office too)."""
    mine = NOTICE.c.account_id == actor.account_id
    if actor.role in DESK_ROLES:
        to_desk = and_(NOTICE.c.office_id == actor.office_id, NOTICE.c.body_id.is_(None), NOTICE.c.account_id.is_(None))
        return or_(mine, and_(to_desk, or_(NOTICE.c.role.is_(None), NOTICE.c.role == str(actor.role))))
    if actor.role in AGENCY_ROLES and actor.body_id is not None:
        return or_(mine, and_(NOTICE.c.body_id == actor.body_id, NOTICE.c.account_id.is_(None)))
    return or_(mine, false())
