"""Cases whose cached clocks were reckoned by rules that are no longer in force, and open cases with their events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, union_all, update

from hotline.casework.reckoning import OpenCase
from hotline.store.event_rows import case_event
from hotline.store.tables import CASE, CLOCK, EVENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Subquery
    from sqlmodel import Session

    from hotline.records import CaseEvent

CHUNK = 500
CLOCKS_A_CASE = 10


def stale_cases(session: Session, office_id: str, mark: str, *, but: Collection[str], limit: int) -> tuple[str, ...]:
    """Cases of an office with a clock that has not stopped and carries another mark; it costs what is stale.

    At most `limit`, and fewer where they have more clocks than is usual: whoever wants all asks until there are none.
    """
    stale = _stale(office_id, mark)
    few = select(stale.c.case_id).where(stale.c.case_id.not_in(list(but))).limit(limit * CLOCKS_A_CASE)
    # Told apart here: PostgreSQL would sort all that is stale first.
    return tuple(dict.fromkeys(session.execute(few).scalars()))[:limit]


def count_stale(session: Session, office_id: str, mark: str) -> int:
    """How many cases of an office still wait to be reckoned again."""
    statement = select(func.count(_stale(office_id, mark).c.case_id.distinct()))
    return int(session.execute(statement).scalar_one())


def _stale(office_id: str, mark: str) -> Subquery:
    """The clocks on either side of the mark, each read from the index: said with OR, SQLite reads every open clock."""
    open_clocks = select(CLOCK.c.case_id).where(CLOCK.c.office_id == office_id, CLOCK.c.stopped_at.is_(None))
    return union_all(open_clocks.where(CLOCK.c.rules < mark), open_clocks.where(CLOCK.c.rules > mark)).subquery()


def behind_events(session: Session, office_id: str) -> tuple[str, ...]:
    """Open cases whose clocks were reckoned from fewer events than there are; reads every open clock."""
    statement = (
        select(CASE.c.id)
        .join(CLOCK, CLOCK.c.case_id == CASE.c.id)
        .where(CASE.c.office_id == office_id, CASE.c.closed_at.is_(None), CLOCK.c.seq != CASE.c.seq)
        .distinct()
    )
    return tuple(session.execute(statement).scalars())


def set_mark(session: Session, seqs: dict[str, int], mark: str) -> None:
    """Note that these cases' clocks (case id, seq of the last event) are what these rules make, too."""
    if seqs:
        statement = update(CLOCK).where(CLOCK.c.case_id == bindparam("case")).values(rules=mark, seq=bindparam("last"))
        session.execute(statement, [{"case": case_id, "last": seq} for case_id, seq in seqs.items()])


def open_cases(session: Session, office_id: str) -> Iterator[OpenCase]:
    """Every open case of an office with its events, read in pieces."""
    statement = select(CASE.c.id, CASE.c.number).where(CASE.c.office_id == office_id, CASE.c.closed_at.is_(None))
    found = session.execute(statement.order_by(CASE.c.id)).all()
    for start in range(0, len(found), CHUNK):
        piece = found[start : start + CHUNK]
        events = events_of(session, [row.id for row in piece])
        yield from (OpenCase(row.id, row.number, events[row.id]) for row in piece if row.id in events)


def events_of(session: Session, case_ids: Iterable[str]) -> dict[str, tuple[CaseEvent, ...]]:
    """The events of several cases in order, read at once."""
    statement = select(EVENT).where(EVENT.c.stream.in_(list(case_ids))).order_by(EVENT.c.stream, EVENT.c.seq)
    found: dict[str, list[CaseEvent]] = {}
    for row in session.execute(statement).mappings():
        found.setdefault(row["stream"], []).append(case_event(row))
    return {case_id: tuple(events) for case_id, events in found.items()}
