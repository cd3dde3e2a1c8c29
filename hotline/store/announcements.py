"""What the scheduler has to announce, and that it was announced: once per clock, due date and stage.

`announce_at` is only a work list. What makes an announcement happen once is the key of `announcement`; the locks only
keep two schedulers on PostgreSQL from doing the same work.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select, update

from hotline.casework.stages import Span, days_over, further
from hotline.store.dialect import among, insert_new, update_each, upsert
from hotline.store.tables import ANNOUNCEMENT, CASE, CLOCK, OFFICE, OUTBOX, SWEEP_MARK
from hotline.vocabulary import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlmodel import Session

MARK = "sweep"
SLACK = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=1)
"""No message waits longer than this for its next try, however the clock is set (`outbox.BACKOFF`)."""
_OF_CASE = ("number", "category", "urgency")


@dataclass(frozen=True, slots=True)
class DueClock:
    """A running clock about which something may have to be said."""

    clock_id: str
    case_id: str
    number: str
    category: str
    urgency: str
    leg_id: str | None
    body_id: str | None
    office_id: str
    policy: str
    statutory: bool
    warn_at: datetime
    due_at: datetime
    breach_at: datetime

    @property
    def span(self) -> Span:
        """The times its stages follow from."""
        return Span(self.warn_at, self.due_at, self.breach_at)


class Reached(NamedTuple):
    """The stages a clock has reached, all of them, and when it is looked at next."""

    clock: DueClock
    stages: tuple[str, ...]
    next_at: datetime


class Fresh(NamedTuple):
    """What is new of a clock: the stage it is in now, and those it passed through unannounced, joined by commas."""

    stage: str
    missed: str


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a sweep at `now` has work to do; one look into the index."""
    found = select(CLOCK.c.id).where(CLOCK.c.announce_at <= now).limit(1)
    return session.execute(found).first() is not None


def due_clocks(session: Session, now: datetime, limit: int = 500, *, locked: bool = False) -> tuple[DueClock, ...]:
    """Running clocks to look at, at `now`. It costs what is due, not what is open.

    With `locked`, PostgreSQL keeps them for this unit of work and leaves out those that another one has.
    """
    names = [name for name in DueClock.__dataclass_fields__ if name not in {"clock_id", *_OF_CASE}]
    columns = [CLOCK.c.id.label("clock_id"), *[CASE.c[name] for name in _OF_CASE], *[CLOCK.c[name] for name in names]]
    statement = (
        select(*columns)
        .select_from(CLOCK.join(CASE, CASE.c.id == CLOCK.c.case_id))
        .where(CLOCK.c.announce_at <= now)
        .order_by(CLOCK.c.announce_at, CLOCK.c.id)
        .limit(limit)
    )
    if locked:
        statement = statement.with_for_update(of=CLOCK, skip_locked=True)
    return tuple(DueClock(**row) for row in session.execute(statement).mappings())


def office_regions(session: Session, office_ids: Iterable[str]) -> dict[str, str]:
    """The places of these offices: each keeps the working hours of its own."""
    found = session.execute(select(OFFICE.c.id, OFFICE.c.region).where(OFFICE.c.id.in_(sorted(office_ids))))
    return {row.id: row.region for row in found}


def announce(session: Session, found: Sequence[Reached], at: datetime) -> dict[str, Fresh]:
    """Record the stages that these clocks have reached; return by clock id what is new.

    Only what is returned may be put into the outbox, in the same transaction: two schedulers at once, or one that
    was killed and started again, get each of them once. After a sleep all stages are recorded, the last is announced
    and names the others; further days in between are named by their range.
    """
    if not found:
        return {}
    known = _known_days(session, found)
    wanted = [
        {"clock_id": each.clock.clock_id, "due_at": each.clock.due_at, "stage": stage, "at": at}
        for each in found
        for stage in each.stages
        if not days_over(stage) or days_over(stage) > known.get((each.clock.clock_id, each.clock.due_at), 0)
    ]
    entered: dict[str, set[str]] = defaultdict(set)
    if wanted:
        for row in insert_new(session, ANNOUNCEMENT, wanted, returning=("clock_id", "stage")):
            entered[row.clock_id].add(row.stage)
    look_again(session, [(each.clock.clock_id, each.next_at) for each in found])
    fresh = {}
    for each in found:
        new, key = entered.get(each.clock.clock_id, set()), (each.clock.clock_id, each.clock.due_at)
        # A stage that was passed by without its turn is recorded, and not told after a later one was.
        if each.stages and each.stages[-1] in new:
            fresh[each.clock.clock_id] = Fresh(each.stages[-1], _missed(each.stages, new, known.get(key, 0)))
    return fresh


def look_again(session: Session, times: Iterable[tuple[str, datetime]]) -> None:
    """Set when clocks are looked at next."""
    rows = [{"id": clock_id, "announce_at": moment} for clock_id, moment in times]
    update_each(session, CLOCK, rows, key="id")


def moved_back(session: Session, now: datetime) -> bool:
    """Whether the machine's clock stands before a moment at which something was announced already."""
    last = session.execute(select(SWEEP_MARK.c.at).where(SWEEP_MARK.c.name == MARK)).scalar()
    return last is not None and last > now + SLACK


def look_at_all_again(session: Session, now: datetime) -> None:
    """After the clock was moved back: what waits for a moment that came from the false time is looked at now.

    It goes once through the open clocks that have reached a stage; what was announced is not announced again.
    """
    running = CLOCK.c.stopped_at.is_(None) & CLOCK.c.paused_since.is_(None)
    misled = running & (CLOCK.c.announce_at > now) & (CLOCK.c.warn_at <= now)
    session.execute(update(CLOCK).where(misled).values(announce_at=now))
    session.execute(update(OUTBOX).where(OUTBOX.c.next_try_at > now + LONGEST_WAIT).values(next_try_at=now))
    mark(session, now)


def mark(session: Session, now: datetime) -> None:
    """Remember that something was announced at this moment."""
    upsert(session, SWEEP_MARK, [{"name": MARK, "at": now}], key=("name",))


def _known_days(session: Session, found: Sequence[Reached]) -> Mapping[tuple[str, datetime], int]:
    """The last further day that was announced, by clock and due date."""
    late = [each.clock.clock_id for each in found if any(days_over(stage) for stage in each.stages)]
    if not late:
        return {}
    columns = (ANNOUNCEMENT.c.clock_id, ANNOUNCEMENT.c.due_at, ANNOUNCEMENT.c.stage)
    wanted = select(*columns).where(
        among(session, ANNOUNCEMENT.c.clock_id, late), ANNOUNCEMENT.c.stage.startswith("overdue+")
    )
    known: dict[tuple[str, datetime], int] = {}
    for row in session.execute(wanted):
        key = (row.clock_id, row.due_at)
        known[key] = max(known.get(key, 0), days_over(row.stage))
    return known


def _missed(stages: tuple[str, ...], new: set[str], known: int) -> str:
    """The stages before the last that nobody was told of: `warn,overdue,overdue+1..4`."""
    names = [stage for stage in stages[:-1] if stage in new]
    first, last = known + 1, days_over(stages[-1]) - 1
    if Stage.OVERDUE in stages and first <= last:
        names.append(further(first) if first == last else f"{further(first)}..{last}")
    return ",".join(names)
