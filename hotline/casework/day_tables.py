"""Working days as arrays, one table a year and calendar version, built when first asked: a deadline is a look-up.

The steps of a trace are made once a year and shared by every clock that passes the day.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hotline.casework.day_kinds import is_workday
from hotline.clock_parts import DayTrace

if TYPE_CHECKING:
    from hotline.casework.calendars import Calendar

NATURAL = "自然日，计入"


class Reached(NamedTuple):
    """A day, whether it rests on a year without its notice, and how it was reached."""

    day: date
    provisional: bool
    trace: tuple[DayTrace, ...]


@dataclass(frozen=True, slots=True)
class YearTable:
    """A year: a step for each day, and the ordinals of its working days and of its provisional days."""

    first: int
    steps: tuple[DayTrace, ...]
    worked: tuple[int, ...]
    provisional: tuple[int, ...]


@lru_cache(maxsize=512)
def year_table(calendar: Calendar, year: int) -> YearTable:
    """One year of one calendar version.

    Raises:
        CalendarError: The year has no data.
    """
    first = date(year, 1, 1).toordinal()
    last = date(year, 12, 31).toordinal()
    days = [date.fromordinal(each) for each in range(first, last + 1)]
    kinds = [is_workday(calendar, day) for day in days]
    return YearTable(
        first=first,
        steps=tuple(DayTrace(day, kind.counted, kind.reason) for day, kind in zip(days, kinds, strict=True)),
        worked=tuple(first + index for index, kind in enumerate(kinds) if kind.counted),
        provisional=tuple(first + index for index, kind in enumerate(kinds) if kind.provisional),
    )


def nth_workday(calendar: Calendar, day: date, count: int) -> Reached:
    """The Nth working day after a day, N at least 1.

    Raises:
        CalendarError: A day on the way has no data.
        OverflowError: It lies beyond all dates.
    """
    start = day.toordinal()
    year = date.fromordinal(start + 1).year
    while True:
        table = year_table(calendar, year)
        at = bisect_right(table.worked, start) + count - 1
        if at < len(table.worked):
            end = table.worked[at]
            return Reached(date.fromordinal(end), *span(calendar, start + 1, end))
        count = at - len(table.worked) + 1
        year += 1


def span(calendar: Calendar, first: int, last: int) -> tuple[bool, tuple[DayTrace, ...]]:
    """Whether a day between two ordinals (both in) is provisional, and the steps of all of them.

    Raises:
        CalendarError: A day has no data.
    """
    provisional, steps = False, []
    for year in range(date.fromordinal(first).year, date.fromordinal(last).year + 1):
        table = year_table(calendar, year)
        steps.append(table.steps[max(first - table.first, 0) : last - table.first + 1])
        found = bisect_right(table.provisional, first - 1)
        provisional |= found < len(table.provisional) and table.provisional[found] <= last
    return provisional, steps[0] if len(steps) == 1 else tuple(step for each in steps for step in each)


def natural_days(day: date, count: int) -> Reached:
    """The Nth day after a day.

    Raises:
        OverflowError: It lies beyond all dates.
    """
    start = day.toordinal()
    end = date.fromordinal(start + count) if count else day
    steps: list[DayTrace] = []
    for year in range(day.year, end.year + 1):
        first = date(year, 1, 1).toordinal()
        low = max(start + 1 - first, 0)
        steps += _natural_year(year)[low : max(start + count - first + 1, low)]
    return Reached(end, provisional=False, trace=tuple(steps))


@lru_cache(maxsize=256)
def _natural_year(year: int) -> tuple[DayTrace, ...]:
    first = date(year, 1, 1).toordinal()
    last = date(year, 12, 31).toordinal()
    return tuple(DayTrace(date.fromordinal(each), counted=True, reason=NATURAL) for each in range(first, last + 1))
