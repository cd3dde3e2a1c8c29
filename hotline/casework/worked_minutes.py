"""Working minutes between two moments, from tables of the minutes up to each day; kept for each calendar version."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hotline.casework.bands import minutes_a_day
from hotline.casework.workdays import is_workday
from hotline.errors import CalendarError
from hotline.moments import SHANGHAI

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.casework.calendars import Calendar


def worked_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Working minutes between two moments; of a time without calendar data, no minute is known to be worked."""
    return max(worked_until(calendar, end) - worked_until(calendar, start), 0)


_FIRST_YEAR = 2000
_YEAR_DAYS = 366
_TABLES: dict[tuple[str, frozenset[int]], dict[int, tuple[int, ...]]] = {}
_MOST_CALENDARS = 8


def minute_of(moment: datetime) -> int:
    """The minute of a moment, counted since 1970."""
    return int(moment.timestamp() // 60)


def worked_until(calendar: Calendar, moment: datetime) -> int:
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
