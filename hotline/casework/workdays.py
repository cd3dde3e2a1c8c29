"""Working days of the State Council with 调休: which day counts, and why.

Plain dates in Asia/Shanghai. The first day is never counted (121号令第45条; sla-law §6): the Nth working day *after* a
date. A day of a year without its notice is reckoned by the fixed rule of 放假办法 and marks the result provisional.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hotline.casework import day_tables
from hotline.casework.calendar_file import diff_year, parse_calendar_file
from hotline.casework.calendars import Calendar, NoticeDay, load_calendar, with_year
from hotline.casework.day_kinds import WEEKDAYS, DayKind, is_holiday, is_workday
from hotline.errors import CalendarError, InvalidInputError

if TYPE_CHECKING:
    from datetime import date

    from hotline.clock_parts import DayTrace

__all__ = [
    "WEEKDAYS",
    "Calendar",
    "DayKind",
    "NoticeDay",
    "add_workdays",
    "count_workdays",
    "diff_year",
    "is_holiday",
    "is_workday",
    "load_calendar",
    "next_workday",
    "parse_calendar_file",
    "with_year",
]


class Reckoned(NamedTuple):
    """The day that N working days lead to."""

    date: date
    provisional: bool
    trace: tuple[DayTrace, ...]


class Counted(NamedTuple):
    """How many working days lie between two dates."""

    days: int
    provisional: bool
    trace: tuple[DayTrace, ...]


def add_workdays(calendar: Calendar, day: date, n: int) -> Reckoned:
    """The Nth working day after `day`, which itself is not counted.

    Raises:
        InvalidInputError: N is below 1.
        CalendarError: A day on the way has no data.
    """
    if n < 1:
        message = "工作日数应是不小于 1 的整数。"
        raise InvalidInputError(message, n=message)
    try:
        return Reckoned(*day_tables.nth_workday(calendar, day, n))
    except (OverflowError, ValueError):
        message = "日期超出可推算的范围。"
        raise CalendarError(message) from None


def count_workdays(calendar: Calendar, a: date, b: date) -> Counted:
    """The working days after `a` up to and including `b`.

    Raises:
        InvalidInputError: `b` lies before `a`.
        CalendarError: A day on the way has no data.
    """
    if b < a:
        message = "结束日期早于开始日期，请对调后重试。"
        raise InvalidInputError(message, b=message)
    if a == b:
        return Counted(0, provisional=False, trace=())
    provisional, trace = day_tables.span(calendar, a.toordinal() + 1, b.toordinal())
    return Counted(sum(step.counted for step in trace), provisional, trace)


def next_workday(calendar: Calendar, day: date) -> Reckoned:
    """The first working day after `day`, with the days passed over."""
    return add_workdays(calendar, day, 1)
