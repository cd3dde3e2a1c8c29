"""Makes the summary, causes of clocks and callers' answers anew from the events: after a migration, or when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, exists, select, update

from hotline.casework.blaming import caused
from hotline.casework.stretches import stretches
from hotline.casework.timeshare import shares
from hotline.records import Clock
from hotline.store.answers import note_answers
from hotline.store.codec import plain, restore
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.events import read_events
from hotline.store.tables import CASE, CASE_TALLY, CLOCK, FOLLOW_UP_ANSWER, TALLY, TALLY_CHANGE
from hotline.store.tally import count_case
from hotline.store.tally_folding import fold_changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine
    from sqlmodel import Session

    from hotline.casework.calendars import Calendar

BATCH = 200


def needs_rebuild(session: Session) -> bool:
    """Whether clocks have ended and nothing at all is counted: a database from before the summary."""
    if session.execute(select(CASE_TALLY.c.case_id).limit(1)).first() is not None:
        return False
    return bool(session.execute(select(exists().where(CLOCK.c.stopped_at.is_not(None)))).scalar())


def rebuild(engine: Engine, calendar: Calendar, progress: Callable[[int], None] = lambda _done: None) -> int:
    """Count every case anew, in short transactions; return how many cases there were.

    Each case is taken out of the summary and put in again in one transaction, so that people may go on working.
    """
    with write_transaction(engine) as session:
        for table in (CASE_TALLY, TALLY_CHANGE, TALLY, FOLLOW_UP_ANSWER):
            session.execute(delete(table))
    done, after = 0, ""
    while True:
        with read_transaction(engine) as session:
            found = select(CASE.c.id).where(CASE.c.id > after).order_by(CASE.c.id).limit(BATCH)
            ids = list(session.execute(found).scalars())
        if not ids:
            break
        with write_transaction(engine) as session:
            for case_id in ids:
                _recount(session, case_id, calendar)
            fold_changes(session)
        done, after = done + len(ids), ids[-1]
        progress(done)
    return done


def _recount(session: Session, case_id: str, calendar: Calendar) -> None:
    office_id, closed_at = session.execute(select(CASE.c.office_id, CASE.c.closed_at).where(CASE.c.id == case_id)).one()
    events = read_events(session, case_id)
    cuts = stretches(events)
    stored = session.execute(select(CLOCK.c.cause, CLOCK.c.body).where(CLOCK.c.case_id == case_id)).all()
    kept = [restore(Clock, row.body) for row in stored]
    clocks = [caused(clock, cuts, calendar) for clock in kept]
    changed = [
        {"clock": clock.id, "why": clock.cause, "whole": plain(clock)}
        for clock, before, row in zip(clocks, kept, stored, strict=True)
        if (clock, clock.cause) != (before, row.cause)
    ]
    if changed:
        saved = update(CLOCK).where(CLOCK.c.id == bindparam("clock"))
        session.execute(saved.values(cause=bindparam("why"), body=bindparam("whole")), changed)
    spent = shares(cuts, calendar, closed_at) if closed_at else ()
    count_case(session, case_id, office_id, clocks, spent)
    note_answers(session, events)
