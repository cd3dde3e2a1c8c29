"""One sweep: announce the stages that clocks have reached, each once, to those who must act or must know.

The scheduler changes no case. A stage goes to the body whose leg it is (to the office's desk where no agency holds
the case); a deadline that has passed goes to the same and, as escalation, to the office's supervisors. Everybody gets
one digest a day in the app and not one message per clock; who has an address gets it by mail or webhook too.

What is reached at night waits for working hours, save in 特急 cases, which wait for nobody. Pages tell the truth at any
time: they ask the clock and not this sweep. After a sleep only the stage a clock is in now is announced, and names
those that were missed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.casework.calendar_regions import calendar_at
from hotline.casework.calendars import load_calendar
from hotline.casework.stages import following, is_late, opening, reached
from hotline.store.announcements import Reached, announce, look_again
from hotline.store.clock_moved_back import look_at_all_again, mark, moved_back
from hotline.store.digests import Line, Recipient, add_lines
from hotline.store.due_clocks import anything_due, due_clocks, office_regions
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.outbox_digests import enqueue
from hotline.vocabulary import Role, Urgency

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Engine
    from sqlmodel import Session

    from hotline.casework.calendars import Calendar
    from hotline.store.announcements import Fresh
    from hotline.store.due_clocks import DueClock
    from hotline.vocabulary import Outlet

BATCH = 2_000
GAP = timedelta(minutes=60)


@lru_cache(maxsize=1)
def _shipped() -> Calendar:
    return load_calendar()


@dataclass(frozen=True, slots=True)
class Manner:
    """How this deployment announces: by which calendar, over which outlets, with what gap between two messages."""

    calendar: Calendar = field(default_factory=_shipped)
    outlets: frozenset[Outlet] = frozenset()
    gap: timedelta = GAP


def sweep(engine: Engine, now: datetime, manner: Manner | None = None) -> int:
    """Announce everything due at `now`, in batches of one short transaction each; return how many clocks had news.

    Killed in the middle, a batch is announced whole or not at all; run twice at once, each stage enters once. A clock
    of the machine that was moved back hides nothing: what waits for a moment of the false time is looked at again.
    """
    manner, announced = manner or Manner(), 0
    while True:
        with read_transaction(engine) as session:
            back, waiting = moved_back(session, now), anything_due(session, now)
        if not back and not waiting:
            return announced
        with write_transaction(engine) as session:
            if back:
                look_at_all_again(session, now)
            # Read again under the lock: a clock may have been stopped since.
            due = due_clocks(session, now, limit=BATCH, locked=True)
            if not due:
                return announced
            announced += _tell(session, due, now, manner)


def _tell(session: Session, due: tuple[DueClock, ...], now: datetime, manner: Manner) -> int:
    places = office_regions(session, {clock.office_id for clock in due})
    calendars = {office: calendar_at(manner.calendar, region) for office, region in places.items()}
    opens = {office: opening(now, calendar) for office, calendar in calendars.items()}
    later = [clock for clock in due if opens[clock.office_id] > now and not _pressing(clock)]
    look_again(session, [(clock.clock_id, opens[clock.office_id]) for clock in later])
    put_off = {clock.clock_id for clock in later}
    clocks = {clock.clock_id: clock for clock in due if clock.clock_id not in put_off}
    fresh = announce(session, [_reached(clock, now, calendars[clock.office_id]) for clock in clocks.values()], now)
    lines = [line for clock_id, news in fresh.items() for line in _lines(clocks[clock_id], news)]
    enqueue(session, add_lines(session, lines, now), now, outlets=manner.outlets, gap=manner.gap)
    mark(session, now)
    return len(fresh)


def _reached(clock: DueClock, now: datetime, calendar: Calendar) -> Reached:
    next_at = following(clock.span, now, calendar)
    stages = reached(clock.span, now, calendar)
    return Reached(clock, stages, next_at if _pressing(clock) else opening(next_at, calendar))


def _lines(clock: DueClock, news: Fresh) -> Iterator[Line]:
    if clock.body_id is not None:
        yield _line(clock, news, Recipient(clock.office_id, clock.body_id), "body")
    else:
        yield _line(clock, news, Recipient(clock.office_id, "", Role.OPERATOR.value), "desk")
    if is_late(news.stage):
        yield _line(clock, news, Recipient(clock.office_id, "", Role.SUPERVISOR.value), "escalation")


def _line(clock: DueClock, news: Fresh, recipient: Recipient, audience: str) -> Line:
    above = audience == "escalation"
    return Line(
        recipient=recipient,
        clock_id=clock.clock_id,
        case_id=clock.case_id,
        number=clock.number,
        category=clock.category,
        policy=clock.policy,
        stage=news.stage,
        missed=news.missed,
        code=f"escalation:{clock.body_id or ''}:{clock.policy}" if above else f"clock:{clock.policy}",
        due_at=clock.due_at,
        dedupe=f"{clock.clock_id}|{clock.due_at.isoformat()}|{news.stage}|{audience}",
        pressing=_pressing(clock),
    )


def _pressing(clock: DueClock) -> bool:
    return clock.urgency == Urgency.CRITICAL
