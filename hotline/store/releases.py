"""Cases released to the public: what Open311 lists of them, and nothing else.

A supervisor releases a dispute by an act; the events are the truth, the row is what the list is read from. A case that
is a 举报, or once was one and is still protected, is not listed, whatever its row says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from hotline.store.dialect import upsert
from hotline.store.tables import CASE, COMPLAINT, RELEASED_CASE
from hotline.vocabulary import Action, Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlmodel import Session

    from hotline.records import CaseEvent

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Released:
    """What the public may read of a case: category, district, state and dates."""

    complaint_id: str
    category: str
    state: str
    region: str | None
    region_name: str | None
    received_at: datetime
    released_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sought:
    """Which of them are asked for; `ids` overrides everything else."""

    ids: Collection[str] = ()
    categories: Collection[str] = ()
    closed: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    office_id: str | None = None
    page: int = 1
    page_size: int = MOST


def note_releases(session: Session, events: Iterable[CaseEvent]) -> None:
    """Keep what these events say of publication."""
    for event in events:
        if event.action is Action.RELEASE:
            office = session.execute(select(CASE.c.office_id).where(CASE.c.id == event.case_id)).scalar_one()
            upsert(session, RELEASED_CASE, [_row(event, office)], key=("case_id",))
        elif event.action is Action.WITHHOLD:
            session.execute(delete(RELEASED_CASE).where(RELEASED_CASE.c.case_id == event.case_id))


def release_of(events: Sequence[CaseEvent], office_id: str) -> dict[str, Any] | None:
    """The row that a case's events make; None where it was never released, or was withheld since."""
    said = [event for event in events if event.action in {Action.RELEASE, Action.WITHHOLD}]
    return _row(said[-1], office_id) if said and said[-1].action is Action.RELEASE else None


def _row(event: CaseEvent, office_id: str) -> dict[str, Any]:
    return {"case_id": event.case_id, "office_id": office_id, "released_at": event.at}


def released(session: Session, sought: Sought) -> tuple[Released, ...]:
    """Released disputes, the newest received first."""
    joined = RELEASED_CASE.join(CASE, CASE.c.id == RELEASED_CASE.c.case_id)
    joined = joined.join(COMPLAINT, COMPLAINT.c.id == CASE.c.complaint_id)
    statement = select(
        CASE.c.complaint_id,
        CASE.c.category,
        CASE.c.state,
        COMPLAINT.c.region,
        COMPLAINT.c.region_name,
        CASE.c.received_at,
        RELEASED_CASE.c.released_at,
        CASE.c.closed_at,
    ).select_from(joined)
    statement = statement.where(CASE.c.kind == str(Kind.DISPUTE), CASE.c.protected.is_(False))
    if sought.office_id is not None:
        statement = statement.where(CASE.c.office_id == sought.office_id)
    if sought.ids:
        statement = statement.where(CASE.c.complaint_id.in_(list(sought.ids)))
    else:
        if sought.categories:
            statement = statement.where(CASE.c.category.in_(list(sought.categories)))
        if sought.closed is not None:
            is_closed = CASE.c.closed_at.is_not(None)
            statement = statement.where(is_closed if sought.closed else CASE.c.closed_at.is_(None))
        if sought.since is not None:
            statement = statement.where(CASE.c.received_at >= sought.since)
        if sought.until is not None:
            statement = statement.where(CASE.c.received_at <= sought.until)
    statement = statement.order_by(CASE.c.received_at.desc(), CASE.c.id.desc())
    statement = statement.limit(sought.page_size).offset((sought.page - 1) * sought.page_size)
    return tuple(Released(**row) for row in session.execute(statement).mappings())
