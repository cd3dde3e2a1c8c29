"""Counts working days, days, months and years on from a day, paused days left out."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from hotline.casework.calendars import ONE_DAY
from hotline.casework.day_kinds import is_workday
from hotline.casework.day_tables import NATURAL, Reached, natural_days, nth_workday
from hotline.casework.paused_spans import PAUSED
from hotline.clock_parts import DayTrace
from hotline.vocabulary import Unit

if TYPE_CHECKING:
    from hotline.casework.calendars import Calendar

MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}


def reach(day: date, count: int, unit: Unit, calendar: Calendar, skipped: frozenset[date]) -> Reached:
    """The day that so many units after a day are over."""
    if unit is Unit.WORKDAY:
        return _working(day, count, calendar, skipped) if skipped else nth_workday(calendar, day, count)
    if unit is Unit.DAY:
        return _natural(day, count, skipped) if skipped else natural_days(day, count)
    return _by_calendar(day, count * MONTHS[unit], skipped)


def _working(day: date, count: int, calendar: Calendar, skipped: frozenset[date]) -> Reached:
    provisional, trace = False, []
    while count:
        day += ONE_DAY
        if day in skipped:
            trace.append(DayTrace(day, counted=False, reason=PAUSED))
            continue
        kind = is_workday(calendar, day)
        provisional |= kind.provisional
        trace.append(DayTrace(day, kind.counted, kind.reason))
        count -= kind.counted
    return Reached(day, provisional, tuple(trace))


def _natural(day: date, count: int, skipped: frozenset[date]) -> Reached:
    trace = []
    while count:
        day += ONE_DAY
        counted = day not in skipped
        trace.append(DayTrace(day, counted, NATURAL if counted else PAUSED))
        count -= counted
    return Reached(day, provisional=False, trace=tuple(trace))


def _by_calendar(day: date, months: int, skipped: frozenset[date]) -> Reached:
    """The same day of a later month, or its last day; each paused day moves it on by one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError(year)
    last = monthrange(year, month + 1)[1]
    end = date(year, month + 1, min(day.day, last))
    lost = sorted(pause for pause in skipped if pause > day)
    trace = [DayTrace(pause, counted=False, reason=PAUSED) for pause in lost if pause <= end]
    for pause in lost:
        if pause > end:
            break
        end += ONE_DAY
    span = f"{months // 12} 年" if months % 12 == 0 else f"{months} 个月"
    return Reached(end, provisional=False, trace=(*trace, DayTrace(end, counted=True, reason=f"自 {day} 起满 {span}")))
