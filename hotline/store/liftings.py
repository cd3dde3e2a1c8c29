"""Cases that were a 举报, or were split out of one, whose protection a second person may lift; events are the truth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, literal_column, select

from hotline.store.accounts import display_names
from hotline.store.codec import term
from hotline.store.tables import CASE, EVENT
from hotline.store.tallies import MANY
from hotline.vocabulary import Action, CaseState, Kind

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlmodel import Session

MOST = 100
_TOLD = (Action.REGISTER, Action.CLASSIFY, Action.LINK)


class Opening(NamedTuple):
    """When a case became one that is no 举报 any more, and whether by being split out of one."""

    at: datetime
    split: bool


@dataclass(frozen=True, slots=True)
class LiftLine:
    """A case that waits: by whom and how it came to be none, or came out of one; they may not lift it themselves."""

    case_id: str
    number: str
    kind: Kind
    state: CaseState
    received_at: datetime
    opener_ids: frozenset[str]
    openers: tuple[str, ...]
    opening: Opening | None


def lift_count(session: Session, office_id: str, account_id: str) -> int:
    """How many open cases of the office this account could decide, counted no further than `MANY`."""
    mine = select(CASE.c.id).where(_waiting(office_id), CASE.c.closed_at.is_(None))
    mine = mine.where(~CASE.c.opened_by.contains(account_id, autoescape=True))
    return int(session.execute(select(func.count()).select_from(mine.limit(MANY).subquery())).scalar_one())


def liftings(session: Session, office_id: str, *, closed: bool) -> tuple[LiftLine, ...]:
    """The office's cases that wait: the open ones, the oldest first, or the newest of the closed ones."""
    ended = CASE.c.closed_at
    wanted = select(CASE).where(_waiting(office_id), ended.is_not(None) if closed else ended.is_(None))
    order = (CASE.c.received_at.desc(), CASE.c.id.desc()) if closed else (CASE.c.received_at, CASE.c.id)
    rows = session.execute(wanted.order_by(*order).limit(MOST)).mappings().all()
    people = {row["id"]: row["opened_by"].split() for row in rows}
    names = display_names(session, (each for several in people.values() for each in several))
    openings = _openings(session, list(people))
    return tuple(
        LiftLine(
            case_id=row["id"],
            number=row["number"],
            kind=term(Kind, row["kind"]),
            state=term(CaseState, row["state"]),
            received_at=row["received_at"],
            opener_ids=frozenset(people[row["id"]]),
            openers=tuple(names.get(each, each) for each in people[row["id"]]),
            opening=openings.get(row["id"]),
        )
        for row in rows
    )


def _waiting(office_id: str) -> ColumnElement[bool]:
    """The empty text is written out: otherwise no database would take the index that holds these cases only."""
    return (CASE.c.office_id == office_id) & (CASE.c.opened_by != literal_column("''"))


def _openings(session: Session, case_ids: Collection[str]) -> dict[str, Opening]:
    """The newest opening of each of these cases."""
    columns = (EVENT.c.stream, EVENT.c.action, EVENT.c.at, EVENT.c.data)
    told = select(*columns).where(EVENT.c.stream.in_(case_ids), EVENT.c.action.in_(_TOLD))
    found: dict[str, Opening] = {}
    kinds: dict[str, str] = {}
    for case_id, action, at, text in session.execute(told.order_by(EVENT.c.stream, EVENT.c.seq)):
        data = json.loads(text)
        if action == Action.LINK:
            if data.get("out_of_report") is True:
                found[case_id] = Opening(at, split=True)
            continue
        if kinds.get(case_id) == Kind.REPORT != data["kind"]:
            found[case_id] = Opening(at, split=False)
        kinds[case_id] = data["kind"]
    return found
