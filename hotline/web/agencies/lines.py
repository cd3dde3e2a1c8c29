"""A leg in the queue as the page shows it: which deadline presses, and how much working time is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.bands import USUAL, minutes_a_day
from hotline.casework.clocks import working_minutes
from hotline.errors import CalendarError
from hotline.store.queues import clock_titles, open_clocks
from hotline.vocabulary import LegState
from hotline.web.context import account, now, services
from hotline.web.rendering import remaining, tag_class

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlmodel import Session

    from hotline.casework.bands import Bands
    from hotline.casework.calendars import Calendar
    from hotline.store.lines import LegLine
    from hotline.store.queues import OpenClock

MINUTES_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One row. `title` is that of the clock that presses, empty where none runs; `more` says how many others run.

    `left` is the calendar time that remains and `tag` its badge's class; a clock that is `paused` shows neither.
    """

    leg: LegLine
    key: str
    title: str
    paused: bool
    left: str
    tag: str
    more: int
    working: str
    unsigned: bool
    late: bool


def queue_lines(session: Session, body_id: str, legs: Sequence[LegLine]) -> tuple[QueueLine, ...]:
    """The rows of these legs, with their clocks read at once."""
    clocks = open_clocks(session, body_id, [leg.case.case_id for leg in legs])
    pressing = [[each for each in clocks.get(leg.case.case_id, ()) if _presses(leg, each)] for leg in legs]
    shown = [_shown(mine) for mine in pressing]
    titles = clock_titles(session, [clock.id for clock in shown if clock])
    calendar = services().rulebook.clock_rules.calendar_for(services().office(account().office_id))
    return tuple(
        _line(leg, mine, clock, titles, calendar) for leg, mine, clock in zip(legs, pressing, shown, strict=True)
    )


def working_words(minutes: int, bands: Bands = USUAL) -> str:
    """Working time in days (of seven hours, where the bands are the usual ones): 2 个工作日 3 小时."""
    days, rest = divmod(abs(minutes), minutes_a_day(bands))
    hours, left = divmod(rest, MINUTES_AN_HOUR)
    parts = [f"{days} 个工作日"] if days else []
    parts += [f"{hours} 小时"] if hours else []
    parts += [f"{left} 分"] if left and not days else []
    return " ".join(parts) or "0 分"


def _shown(mine: Sequence[OpenClock]) -> OpenClock | None:
    """The nearest that runs, else the nearest that is suspended."""
    return next((each for each in mine if each.running()), mine[0] if mine else None)


def _line(
    leg: LegLine, mine: Sequence[OpenClock], clock: OpenClock | None, titles: Mapping[str, str], calendar: Calendar
) -> QueueLine:
    moment = now()
    return QueueLine(
        leg=leg,
        key=f"{leg.case.case_id}:{leg.leg_id}",
        title=titles[clock.id] if clock else "",
        paused=clock is not None and not clock.running(),
        left=remaining(clock.due_at, clock.breach_at) if clock else "",
        tag=tag_class(clock.due_at, clock.breach_at, clock.warn_at) if clock else "",
        more=max(len(mine) - 1, 0),
        working=_working(clock, calendar) if clock else "",
        unsigned=leg.state == LegState.QUEUED,
        late=any(each.running() and each.overdue(moment) for each in mine),
    )


def _presses(leg: LegLine, clock: OpenClock) -> bool:
    """The leg's own clocks, and while it is open the clock of the whole case that its body answers for."""
    if clock.leg_id is None:
        return leg.closed_at is None
    return clock.leg_id == leg.leg_id


def working_left(clock: OpenClock, moment: datetime, calendar: Calendar) -> int:
    """Working minutes until the deadline, below zero when it has passed; a suspended clock stands still.

    Raises:
        CalendarError: A day on the way has no data.
    """
    since, end = clock.paused_since or moment, clock.due_at
    return working_minutes(since, end, calendar) if since <= end else -working_minutes(end, since, calendar)


def _working(clock: OpenClock, calendar: Calendar) -> str:
    try:
        minutes = working_left(clock, now(), calendar)
    except CalendarError:
        return ""
    words = working_words(minutes, calendar.bands)
    if minutes == 0:
        # Clocks in hours run on through nights and weekends, when no working time passes.
        return "非工作时间照走" if clock.paused_since is None else "中止中"
    if clock.paused_since is not None:
        return f"中止中，余工作时间 {words}"
    return f"工作时间剩 {words}" if minutes > 0 else f"工作时间超 {words}"
