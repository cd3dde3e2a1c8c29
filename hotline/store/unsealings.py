"""Requests to unseal an informer as the office's list shows them; the events are the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from hotline.store.tables import ACCOUNT, CASE, UNSEALING
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import FromClause, Label
    from sqlmodel import Session

    from hotline.records import CaseEvent

MOST = 100


@dataclass(frozen=True, slots=True)
class UnsealingLine:
    """One request with the names of both persons; `granted` is None while it waits."""

    id: str
    case_id: str
    number: str
    why: str
    asker_id: str
    asker: str
    asked_at: datetime
    decider: str
    decided_at: datetime | None
    granted: bool | None


def note_unsealings(session: Session, events: Iterable[CaseEvent]) -> None:
    """Keep what these events say of requests."""
    for event in events:
        wanted = event.data.get("unsealing_id")
        if event.action is Action.ASK_UNSEAL:
            office = select(CASE.c.office_id).where(CASE.c.id == event.case_id).scalar_subquery()
            row = {"id": wanted, "case_id": event.case_id, "asker_id": event.actor_id, "asked_at": event.at}
            session.execute(insert(UNSEALING).values(**row, office_id=office, why=str(event.data.get("why", ""))))
        elif event.action in (Action.UNSEAL, Action.REFUSE_UNSEAL):
            said = {"decider_id": event.actor_id, "decided_at": event.at, "granted": event.action is Action.UNSEAL}
            session.execute(update(UNSEALING).where(UNSEALING.c.id == wanted).values(**said))


def waiting_count(session: Session, office_id: str, account_id: str) -> int:
    """How many requests of the office this account could decide: those of other people."""
    held = select(func.count()).select_from(UNSEALING)
    mine = held.where(UNSEALING.c.office_id == office_id, UNSEALING.c.granted.is_(None))
    return int(session.execute(mine.where(UNSEALING.c.asker_id != account_id)).scalar_one())


def unsealings(session: Session, office_id: str, *, waiting: bool) -> tuple[UnsealingLine, ...]:
    """The office's requests: those that wait, the oldest first, or the newest of those that were decided."""
    asker, decider = ACCOUNT.alias("asker"), ACCOUNT.alias("decider")
    joined = UNSEALING.join(CASE, CASE.c.id == UNSEALING.c.case_id)
    joined = joined.outerjoin(asker, asker.c.id == UNSEALING.c.asker_id)
    joined = joined.outerjoin(decider, decider.c.id == UNSEALING.c.decider_id)
    columns = (UNSEALING, CASE.c.number, _name(asker, "asker"), _name(decider, "decider"))
    statement = select(*columns).select_from(joined).where(UNSEALING.c.office_id == office_id)
    if waiting:
        statement = statement.where(UNSEALING.c.granted.is_(None)).order_by(UNSEALING.c.asked_at, UNSEALING.c.id)
    else:
        newest = (UNSEALING.c.asked_at.desc(), UNSEALING.c.id.desc())
        statement = statement.where(UNSEALING.c.granted.is_not(None)).order_by(*newest)
    names = UnsealingLine.__dataclass_fields__
    rows = session.execute(statement.limit(MOST)).mappings()
    return tuple(UnsealingLine(**{name: row[name] for name in names}) for row in rows)


def _name(people: FromClause, label: str) -> Label[str]:
    return func.coalesce(people.c.display_name, "").label(label)
