"""Working time until a deadline, in minutes and in the words of the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.bands import USUAL, minutes_a_day
from hotline.casework.clocks import working_minutes
from hotline.casework.day_bounds import start_of
from hotline.casework.day_kinds import is_workday
from hotline.errors import CalendarError
from hotline.moments import SHANGHAI, local_date

if TYPE_CHECKING:
    from datetime import date, datetime

    from hotline.casework.bands import Bands
    from hotline.casework.calendars import Calendar
    from hotline.store.open_clocks import OpenClock

MINUTES_AN_HOUR = 60


class Worktime:
    """Working time from one moment to many deadlines: each day that holds one is reckoned once."""

    def __init__(self, now: datetime, calendar: Calendar) -> None:
        """Begin with no day reckoned."""
        self.now = now
        self._calendar = calendar
        self._today = calendar.bands_on(local_date(now))
        self._days: dict[date, tuple[int, bool]] = {}

    def words(self, clock: OpenClock) -> str:
        """What a row says of the working time of a clock; empty where the calendar does not reach so far."""
        try:
            minutes = self.left(clock)
        except CalendarError:
            return ""
        if minutes == 0:
            # Clocks in hours run on through nights and weekends, when no working time passes.
            return "非工作时间照走" if clock.paused_since is None else "中止中"
        words = working_words(minutes, self._today)
        if clock.paused_since is not None:
            return f"中止中，余工作时间 {words}"
        return f"工作时间剩 {words}" if minutes > 0 else f"工作时间超 {words}"

    def left(self, clock: OpenClock) -> int:
        """Working minutes until the deadline, below zero when it has passed; a suspended clock stands still.

        Raises:
            CalendarError: A day on the way has no data.
        """
        if clock.paused_since is not None:
            return working_left(clock, self.now, self._calendar)
        local = clock.due_at.astimezone(SHANGHAI)
        day = local.date()
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = self._reckoned(day)
        until, works = known
        minute = local.hour * MINUTES_AN_HOUR + local.minute
        return until + (
            sum(max(0, min(minute, end) - begin) for begin, end in self._calendar.bands_on(day)) if works else 0
        )

    def _reckoned(self, day: date) -> tuple[int, bool]:
        """Working minutes from now to the beginning of a day (below zero where that has passed), and whether it works.

        Raises:
            CalendarError: A day on the way has no data.
        """
        works = is_workday(self._calendar, day).counted
        return signed_minutes(self.now, start_of(day), self._calendar), works


def working_left(clock: OpenClock, moment: datetime, calendar: Calendar) -> int:
    """Working minutes until the deadline of one clock, below zero when it has passed; a suspended clock stands still.

    Raises:
        CalendarError: A day on the way has no data.
    """
    return signed_minutes(clock.paused_since or moment, clock.due_at, calendar)


def signed_minutes(since: datetime, end: datetime, calendar: Calendar) -> int:
    """Working minutes from one moment to another, below zero where the other is earlier.

    Raises:
        CalendarError: A day on the way has no data.
    """
    return working_minutes(since, end, calendar) if since <= end else -working_minutes(end, since, calendar)


def working_words(minutes: int, bands: Bands = USUAL) -> str:
    """Working time in days (of seven hours, where the bands are the usual ones): 2 个工作日 3 小时."""
    days, rest = divmod(abs(minutes), minutes_a_day(bands))
    hours, left = divmod(rest, MINUTES_AN_HOUR)
    parts = [f"{days} 个工作日"] if days else []
    parts += [f"{hours} 小时"] if hours else []
    parts += [f"{left} 分"] if left and not days else []
    return " ".join(parts) or "0 分"
