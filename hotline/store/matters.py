"""移送, 联合执法 and 协查 as rows that lists and figures read; the case's events are the truth they are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, exists, func, or_, select, union

from hotline.casework.matter_words import REPLY_CLOCK, MatterState, clock_id
from hotline.casework.matters import matters_of
from hotline.records import Clock
from hotline.store.codec import restore
from hotline.store.dialect import upsert
from hotline.store.paging import PAGE, Page, paged
from hotline.store.tables import CASE, CLOCK, MATTER, MATTER_PARTY
from hotline.store.tallies import MANY, one_of
from hotline.vocabulary import DESK_ROLES, Holder

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row
    from sqlmodel import Session

    from hotline.casework.matter_words import Matter
    from hotline.records import Actor, CaseSnapshot

_COLUMNS = (*(MATTER.c[name] for name in ("id", "case_id", "office_id", "kind", "state", "asker")), CASE.c.number)
_TIMES = (MATTER.c.opened_at, MATTER.c.copied_at, MATTER.c.closed_at)


@dataclass(frozen=True, slots=True)
class PartyLine:
    """Who was asked, and what they answered."""

    body_id: str
    name: str
    answered_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter in a list, with its case's number, its parties and its running clocks, the nearest deadline first."""

    id: str
    case_id: str
    office_id: str
    kind: str
    state: str
    asker: str
    number: str
    opened_at: datetime
    copied_at: datetime | None
    closed_at: datetime | None
    parties: tuple[PartyLine, ...] = ()
    clocks: tuple[Clock, ...] = ()


def save_matters(session: Session, snapshot: CaseSnapshot) -> None:
    """Write the case's matters so that they equal the snapshot."""
    rows, parties = matter_rows(snapshot)
    if not rows:
        return
    upsert(session, MATTER, rows, key=("id",))
    session.execute(delete(MATTER_PARTY).where(MATTER_PARTY.c.matter_id.in_([row["id"] for row in rows])))
    upsert(session, MATTER_PARTY, parties, key=("matter_id", "number"))


def matter_rows(snapshot: CaseSnapshot) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of a case's matters and of their parties."""
    matters = matters_of(snapshot)
    return [_row(matter, snapshot) for matter in matters], [row for each in matters for row in _party_rows(each)]


def matter_list(
    session: Session, actor: Actor, *, open_only: bool = True, after: str | None = None, limit: int = PAGE
) -> Page[MatterLine]:
    """The matters that concern the actor, the newest first: its office's, or those its body asks or is asked in."""
    statement = select(*_COLUMNS, *_TIMES).select_from(MATTER.join(CASE, CASE.c.id == MATTER.c.case_id))
    if actor.role in DESK_ROLES:
        statement = statement.where(MATTER.c.office_id == actor.office_id)
    else:
        mine = exists().where(MATTER_PARTY.c.matter_id == MATTER.c.id, MATTER_PARTY.c.body_id == (actor.body_id or "-"))
        statement = statement.where(or_(MATTER.c.asker == (actor.body_id or "-"), mine))
    if open_only:
        statement = statement.where(MATTER.c.closed_at.is_(None))
    moment, key = MATTER.c.opened_at, MATTER.c.id
    page = paged(session, statement, _line, moment=moment, key=key, after=after, limit=limit, newest_first=True)
    return Page(_whole(session, page.lines), page.next)


def waiting_matters(session: Session, body_id: str) -> int:
    """How many open matters wait for a body, up to `MANY`: for its answer, or for its next step as the one who asks."""
    return int(session.execute(_WAITING, {"body": body_id}).scalar_one())


_BODY = bindparam("body", type_=MATTER.c.asker.type)
# 待批准, 待移送, 待补正, 待移交; what was answered waits to be closed.
_NEXT_STEP = (
    MatterState.PROPOSED,
    MatterState.APPROVED,
    MatterState.INCOMPLETE,
    MatterState.FILED,
    MatterState.ANSWERED,
)
_FOR_ME = union(
    select(MATTER.c.id)
    .select_from(MATTER.join(MATTER_PARTY, MATTER_PARTY.c.matter_id == MATTER.c.id))
    .where(MATTER_PARTY.c.body_id == _BODY, MATTER_PARTY.c.answered_at.is_(None), MATTER.c.closed_at.is_(None)),
    select(MATTER.c.id).where(
        MATTER.c.asker == _BODY, MATTER.c.closed_at.is_(None), one_of(MATTER.c.state, _NEXT_STEP)
    ),
).limit(MANY)
_WAITING = select(func.count()).select_from(_FOR_ME.subquery())


def case_of_matter(session: Session, matter_id: str) -> str | None:
    """The case that a matter hangs on."""
    found: str | None = session.execute(select(MATTER.c.case_id).where(MATTER.c.id == matter_id)).scalar()
    return found


def number_of(session: Session, case_id: str) -> str:
    """The number of a matter's case, which whoever was asked may read out."""
    return str(session.execute(select(CASE.c.number).where(CASE.c.id == case_id)).scalar_one())


def matter_for(session: Session, case_id: str, body_id: str) -> str | None:
    """The newest matter of a case in which this body was asked, so that a link to the case leads it there."""
    joined = MATTER.join(MATTER_PARTY, MATTER_PARTY.c.matter_id == MATTER.c.id)
    statement = select(MATTER.c.id).select_from(joined)
    statement = statement.where(MATTER.c.case_id == case_id, MATTER_PARTY.c.body_id == body_id)
    found: str | None = session.execute(statement.order_by(MATTER.c.opened_at.desc()).limit(1)).scalar()
    return found


def _row(matter: Matter, snapshot: CaseSnapshot) -> dict[str, Any]:
    return {
        "id": matter.id,
        "case_id": snapshot.case_id,
        "office_id": snapshot.office_id,
        "kind": str(matter.kind),
        "state": str(matter.state),
        "asker": matter.asker,
        "opened_at": matter.opened_at,
        "copied_at": matter.copied_at,
        "closed_at": matter.closed_at,
    }


def _party_rows(matter: Matter) -> list[dict[str, Any]]:
    return [
        {
            "matter_id": matter.id,
            "number": party.number,
            "body_id": party.body_id,
            "name": party.name,
            "asked_at": party.asked_at,
            "answered_at": party.answered_at,
            "answer": party.answer,
            "clock_id": clock_id(matter.id, REPLY_CLOCK[matter.kind], party.asked_seq, party.number),
        }
        for party in matter.parties
    ]


def _line(row: Row[Any]) -> MatterLine:
    kept = (name for name in MatterLine.__dataclass_fields__ if name not in {"parties", "clocks"})
    return MatterLine(**{name: getattr(row, name) for name in kept})


def _whole(session: Session, lines: Collection[MatterLine]) -> tuple[MatterLine, ...]:
    """The lines with parties and running clocks, read at once."""
    ids = [line.id for line in lines]
    parties: dict[str, list[PartyLine]] = {}
    asked = select(MATTER_PARTY).where(MATTER_PARTY.c.matter_id.in_(ids)).order_by(MATTER_PARTY.c.number)
    for row in session.execute(asked):
        line = PartyLine(row.body_id, row.name, row.answered_at, row.answer)
        parties.setdefault(row.matter_id, []).append(line)
    running = select(CLOCK.c.body).where(CLOCK.c.case_id.in_([line.case_id for line in lines]))
    running = running.where(CLOCK.c.holder == str(Holder.MATTER), CLOCK.c.stopped_at.is_(None))
    clocks: dict[str, list[Clock]] = {}
    for body in session.execute(running.order_by(CLOCK.c.due_at, CLOCK.c.id)).scalars():
        clock = restore(Clock, body)
        clocks.setdefault(clock.holder_id, []).append(clock)
    return tuple(
        MatterLine(**_values(line), parties=tuple(parties.get(line.id, ())), clocks=tuple(clocks.get(line.id, ())))
        for line in lines
    )


def _values(line: MatterLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in MatterLine.__dataclass_fields__ if name not in {"parties", "clocks"}}
