"""What the scheduler has to announce, and that it was announced: once per clock, due date and stage.

What makes an announcement happen once is the key of `announcement`; the locks only keep two schedulers on PostgreSQL
from doing the same work.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from hotline.casework.stages import days_over, further
from hotline.store.dialect import among, insert_new, update_each
from hotline.store.tables import ANNOUNCEMENT, CLOCK
from hotline.vocabulary import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlmodel import Session

    from hotline.store.due_clocks import DueClock


class Reached(NamedTuple):
    """The stages a clock has reached, all of them, and when it is looked at next."""

    clock: DueClock
    stages: tuple[str, ...]
    next_at: datetime


class Fresh(NamedTuple):
    """What is new of a clock: the stage it is in now, and those it passed through unannounced, joined by commas."""

    stage: str
    missed: str


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
