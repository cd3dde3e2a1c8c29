"""Whose time a late clock was: the part that took most of its working minutes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.casework.holding import Part
from hotline.casework.timeshare import taken
from hotline.casework.worked_minutes import worked_between
from hotline.vocabulary import Holder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hotline.casework.calendars import Calendar
    from hotline.casework.stretches import Stretch
    from hotline.records import Clock


def cause_of(cuts: Sequence[Stretch], calendar: Calendar, since: datetime, until: datetime | None) -> str:
    """The part that took most of a clock's working time; of one that still runs, the part that has the case now.

    A clock in hours may run out in a night without a working minute: then elapsed minutes decide.
    """
    if until is None:
        return str(cuts[-1].part) if cuts else ""
    sums: dict[Part, list[int]] = {}
    for each in taken(cuts, calendar, since, until):
        total = sums.setdefault(each.part, [0, 0])
        total[0] += each.minutes
        total[1] += each.elapsed
    if not sums:
        return str(next((each.part for each in reversed(cuts) if each.start <= until), ""))
    return str(max(sums, key=lambda part: (sums[part][0], sums[part][1], -list(Part).index(part))))


def caused(clock: Clock, cuts: Sequence[Stretch], calendar: Calendar) -> Clock:
    """A clock with what `blamed` says of it; the cause of one that was met stays."""
    times = (clock.started_at, clock.stopped_at, clock.due.breach_at)
    cause, worked = blamed(clock.holder, times, cuts, calendar)
    return replace(clock, cause=clock.cause if cause is None else cause, worked=worked)


def blamed(
    holder: Holder,
    times: tuple[datetime, datetime | None, datetime],
    cuts: Sequence[Stretch],
    calendar: Calendar,
) -> tuple[str | None, int]:
    """A clock's cause where it was late or runs (a met deadline needs none), and its working minutes once it stopped.

    The clock of a matter (移送, 协查) runs beside the case: whoever must keep it had it in hand all the time.
    `times` are its start, its end and the moment of its breach.
    """
    started_at, stopped_at, breach_at = times
    worked = worked_between(calendar, started_at, stopped_at) if stopped_at else 0
    late = stopped_at is None or stopped_at > breach_at
    if holder is Holder.MATTER:
        return str(Part.HANDLING) if late else "", worked
    return cause_of(cuts, calendar, started_at, stopped_at) if late else None, worked
