"""What one day is: worked or off, why, and whether that rests on a year whose notice is not out yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hotline.casework.calendars import SATURDAY
from hotline.errors import CalendarError

if TYPE_CHECKING:
    from datetime import date

    from hotline.casework.calendars import Calendar

WEEKDAYS = "一二三四五六日"


class DayKind(NamedTuple):
    """Whether one day is a working day, why, and whether that rests on a year without its notice."""

    counted: bool
    reason: str
    provisional: bool


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


def _announced_day(calendar: Calendar, day: date) -> DayKind:
    if day in calendar.makeup:
        return DayKind(counted=True, reason=f"{calendar.makeup[day]}调休上班", provisional=False)
    name = calendar.holidays.get(day)
    if name:
        return DayKind(counted=False, reason=f"{name}放假", provisional=False)
    if day.weekday() >= SATURDAY:
        return DayKind(counted=False, reason=f"周{WEEKDAYS[day.weekday()]}休息", provisional=False)
    return DayKind(counted=True, reason="工作日", provisional=False)
