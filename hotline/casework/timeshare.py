"""Whose working minutes a case took: every minute from receipt to closing is charged to exactly one holder (design §4).

A history is cut into stretches between its events; each stretch has one part and one holder (a body, or the desk):

- 派单台: the desk sorts, dispatches, reviews or calls back;
- 待签收, 承办: the lead leg waits to be signed, or is worked on;
- 等待协办: the lead has decided or told the result and a co leg is still open (that body holds the case);
- 等待来电人: a signed dispute cannot be accepted because who complains is not known (121号令第10条);
- 中止计时: the lead leg is suspended (鉴定, 公告 …);
- 退单往返: from the opening of a lead leg that was returned until the next dispatch.

Shares are working minutes (the calendar's bands of working days); elapsed minutes stand beside them, because a clock
in hours runs at night too. Both add up exactly: each stretch ends in the minute in which the next one begins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from hotline.casework.bands import minutes_a_day
from hotline.casework.state import TracedLeg, current_lead, evolve, open_legs
from hotline.casework.workdays import is_workday
from hotline.errors import CalendarError
from hotline.moments import SHANGHAI
from hotline.vocabulary import (
    OPEN_CASE_STATES,
    Action,
    CaseState,
    Holder,
    Kind,
    LegRole,
    LegState,
    NoticeSubject,
    Term,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hotline.casework.calendars import Calendar
    from hotline.records import CaseEvent, CaseSnapshot, Clock, Leg


class Part(Term):
    """环节: in whose hands a case is, as the cause of a breach."""

    DESK = "desk", "派单台"
    SIGNING = "signing", "待签收"
    HANDLING = "handling", "承办"
    CO = "co", "等待协办"
    CALLER = "caller", "等待来电人"
    PAUSED = "paused", "中止计时"
    RETURNING = "returning", "退单往返"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a case's life in one holder's hands; `body_id` None is the desk, `end` None is still going on."""

    part: Part
    body_id: str | None
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Share:
    """What one holder took of a case's time, in working minutes and in elapsed ones."""

    part: Part
    body_id: str | None
    minutes: int
    elapsed: int


def stretches(events: Sequence[CaseEvent]) -> tuple[Stretch, ...]:
    """The life of a case as stretches without gap or overlap, from its receipt to its closing.

    Raises:
        TransitionError, ConflictError: These are not the events of one case.
    """
    snapshot: CaseSnapshot | None = None
    seen: list[tuple[datetime, CaseSnapshot]] = []
    for event in events:
        snapshot = evolve(snapshot, event)
        seen.append((event.at, snapshot))
    return cut(seen)


def cut(seen: Sequence[tuple[datetime, CaseSnapshot]]) -> tuple[Stretch, ...]:
    """The same from the case as it was after each event."""
    if not seen:
        return ()
    final = seen[-1][1]
    returned = {leg.id for leg in final.legs if leg.role is LegRole.LEAD and leg.state is LegState.RETURNED}
    start = min(final.received_at, seen[0][0])
    made: list[Stretch] = []
    for index, (at, snapshot) in enumerate(seen):
        if snapshot.state not in OPEN_CASE_STATES:
            continue
        # Times of events may be entered later; a stretch never ends before it begins.
        begin = start if index == 0 else max(at, start)
        end = max(seen[index + 1][0], begin) if index + 1 < len(seen) else None
        start = end or begin
        _add(made, Stretch(*_holder(snapshot, returned), begin, end))
    return tuple(made)


def shares(cuts: Iterable[Stretch], calendar: Calendar, until: datetime) -> tuple[Share, ...]:
    """What each holder took up to a moment, the most first; together exactly the time from receipt to then."""
    return taken(cuts, calendar, None, until)


def taken(cuts: Iterable[Stretch], calendar: Calendar, since: datetime | None, until: datetime) -> tuple[Share, ...]:
    """What each holder took between two moments, the most first."""
    found: dict[tuple[Part, str | None], list[int]] = {}
    for each in cuts:
        begin = max(each.start, since) if since else each.start
        end = min(each.end or until, until)
        if end <= begin:
            continue
        sums = found.setdefault((each.part, each.body_id), [0, 0])
        sums[0] += _worked(calendar, end) - _worked(calendar, begin)
        sums[1] += _minute(end) - _minute(begin)
    made = (Share(part, body, sums[0], sums[1]) for (part, body), sums in found.items())
    return tuple(sorted(made, key=lambda each: (-each.minutes, -each.elapsed, each.part, each.body_id or "")))


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


def worked_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Working minutes between two moments; of a time without calendar data, no minute is known to be worked."""
    return max(_worked(calendar, end) - _worked(calendar, start), 0)


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


def _add(made: list[Stretch], new: Stretch) -> None:
    """Join with the stretch before where nothing changed hands."""
    last = made[-1] if made else None
    if last and (last.part, last.body_id, last.end) == (new.part, new.body_id, new.start):
        made[-1] = Stretch(last.part, last.body_id, last.start, new.end)
    elif new.end is None or new.end > new.start or not made:
        made.append(new)


def _holder(snapshot: CaseSnapshot, returned: set[str]) -> tuple[Part, str | None]:
    if snapshot.state is CaseState.DISPUTED:
        return Part.RETURNING, None
    lead = current_lead(snapshot)
    if snapshot.state is not CaseState.DISPATCHED or lead is None:
        return Part.DESK, None
    if lead.id in returned:
        return Part.RETURNING, lead.body_id
    co = [leg for leg in open_legs(snapshot) if leg.role is LegRole.CO]
    if co and _done(lead):
        return Part.CO, min(co, key=lambda leg: (leg.opened_at, leg.id)).body_id
    return _at_lead(snapshot, lead), lead.body_id


def _at_lead(snapshot: CaseSnapshot, lead: Leg) -> Part:
    if lead.suspended:
        return Part.PAUSED
    if lead.state is LegState.QUEUED:
        return Part.SIGNING
    if lead.state is LegState.SIGNED and snapshot.kind is Kind.DISPUTE and not snapshot.named:
        return Part.CALLER
    return Part.HANDLING


def _done(lead: Leg) -> bool:
    """Whether the lead has nothing left but to close: resolved, decided, or the result told."""
    decided = isinstance(lead, TracedLeg) and Action.DECIDE in lead.facts
    return decided or lead.state is LegState.RESOLVED or NoticeSubject.RESULT in lead.told


_FIRST_YEAR = 2000
_YEAR_DAYS = 366
_TABLES: dict[tuple[str, frozenset[int]], dict[int, tuple[int, ...]]] = {}
_MOST_CALENDARS = 8


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def _worked(calendar: Calendar, moment: datetime) -> int:
    """Working minutes from the first year on to a moment, rounded down to its minute: differences add up."""
    local = moment.astimezone(SHANGHAI)
    if local.year < _FIRST_YEAR:
        return 0
    minute, table = local.hour * 60 + local.minute, _table(calendar, local.year)
    index = local.timetuple().tm_yday - 1
    before = table[index]
    if table[index + 1] == before:
        return before
    bands = calendar.bands_on(local.date()) if calendar.bands_since else calendar.bands
    return before + sum(max(0, min(minute, close) - opening) for opening, close in bands)


def _table(calendar: Calendar, year: int) -> tuple[int, ...]:
    """Working minutes from the first year up to each day of a year; kept for each calendar version."""
    key = (calendar.version, calendar.announced)
    if key not in _TABLES and len(_TABLES) >= _MOST_CALENDARS:
        _TABLES.clear()
    known = _TABLES.setdefault(key, {})
    if year not in known:
        total = 0
        for each in range(_FIRST_YEAR, year + 1):
            if each not in known:
                known[each] = _year(calendar, each, total)
            total = known[each][-1]
    return known[year]


def _year(calendar: Calendar, year: int, total: int) -> tuple[int, ...]:
    sums = [total]
    for offset in range(_YEAR_DAYS):
        day = date(year, 1, 1) + timedelta(days=offset)
        total += minutes_a_day(calendar.bands_on(day)) if day.year == year and _counts(calendar, day) else 0
        sums.append(total)
    return tuple(sums)


def _counts(calendar: Calendar, day: date) -> bool:
    try:
        return is_workday(calendar, day).counted
    except CalendarError:
        return False
