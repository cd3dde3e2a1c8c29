"""Working days of the State Council with 调休: which day counts, and why.

Plain dates in Asia/Shanghai. The first day is never counted (121号令第45条; sla-law §6): the Nth working day *after* a
date. A day of a year without its notice is reckoned by the fixed rule of 放假办法 and marks the result provisional.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from hotline.casework.calendar_file import diff_year, parse_calendar_file
from hotline.casework.calendars import ONE_DAY, SATURDAY, Calendar, NoticeDay, load_calendar, with_year
from hotline.errors import CalendarError, InvalidInputError
from hotline.records import DayTrace

__all__ = [
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

WEEKDAYS = "一二三四五六日"


class DayKind(NamedTuple):
    """Whether one day is a working day, why, and whether that rests on a year without its notice."""

    counted: bool
    reason: str
    provisional: bool


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


def is_workday(calendar: Calendar, day: date) -> DayKind:
    """Whether people work on a day, with the reason in Chinese.

    Raises:
        CalendarError: The year is past and has no data, or lies beyond what the fixed rule covers.
    """
    if day.year in calendar.announced:
        return _announced_day(calendar, day)
    if day.year < calendar.last_announced or day.year not in calendar.festivals:
        first, last = min(calendar.announced), max(calendar.festivals)
        message = f"没有 {day.year} 年的放假安排，无法推算工作日（可推算 {first}–{last} 年）。请先导入该年的日历。"
        raise CalendarError(message)
    note = f"（{day.year} 年放假通知未公布，按放假办法暂定）"
    if day in calendar.makeup:
        return DayKind(counted=True, reason=f"{calendar.makeup[day]}调休上班", provisional=False)
    name = calendar.holidays.get(day) or calendar.festivals[day.year].get(day)
    if name:
        return DayKind(counted=False, reason=f"{name}放假{note}", provisional=True)
    if day.weekday() >= SATURDAY:
        return DayKind(counted=False, reason=f"周{WEEKDAYS[day.weekday()]}休息{note}", provisional=True)
    return DayKind(counted=True, reason=f"工作日{note}", provisional=True)


def is_holiday(calendar: Calendar, day: date) -> bool:
    """Whether a day is part of a named holiday (法定节假日), not merely a weekend."""
    if day in calendar.makeup:
        return False
    provisional = () if day.year in calendar.announced else calendar.festivals.get(day.year, ())
    return day in calendar.holidays or day in provisional


def add_workdays(calendar: Calendar, day: date, n: int) -> Reckoned:
    """The Nth working day after `day`, which itself is not counted.

    Raises:
        InvalidInputError: N is below 1.
        CalendarError: A day on the way has no data.
    """
    if n < 1:
        message = "工作日数应是不小于 1 的整数。"
        raise InvalidInputError(message, n=message)
    provisional, trace = False, []
    while n:
        day = _after(day)
        kind = is_workday(calendar, day)
        provisional |= kind.provisional
        trace.append(DayTrace(day, kind.counted, kind.reason))
        n -= kind.counted
    return Reckoned(day, provisional, tuple(trace))


def count_workdays(calendar: Calendar, a: date, b: date) -> Counted:
    """The working days after `a` up to and including `b`.

    Raises:
        InvalidInputError: `b` lies before `a`.
        CalendarError: A day on the way has no data.
    """
    if b < a:
        message = "结束日期早于开始日期，请对调后重试。"
        raise InvalidInputError(message, b=message)
    provisional, trace = False, []
    for offset in range(1, (b - a).days + 1):
        day = a + timedelta(days=offset)
        kind = is_workday(calendar, day)
        provisional |= kind.provisional
        trace.append(DayTrace(day, kind.counted, kind.reason))
    return Counted(sum(step.counted for step in trace), provisional, tuple(trace))


def next_workday(calendar: Calendar, day: date) -> Reckoned:
    """The first working day after `day`, with the days passed over."""
    return add_workdays(calendar, day, 1)


def _announced_day(calendar: Calendar, day: date) -> DayKind:
    if day in calendar.makeup:
        return DayKind(counted=True, reason=f"{calendar.makeup[day]}调休上班", provisional=False)
    name = calendar.holidays.get(day)
    if name:
        return DayKind(counted=False, reason=f"{name}放假", provisional=False)
    if day.weekday() >= SATURDAY:
        return DayKind(counted=False, reason=f"周{WEEKDAYS[day.weekday()]}休息", provisional=False)
    return DayKind(counted=True, reason="工作日", provisional=False)


def _after(day: date) -> date:
    if day == date.max:
        message = "日期超出可推算的范围。"
        raise CalendarError(message)
    return day + ONE_DAY
