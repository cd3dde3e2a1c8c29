"""The last day of a clock: where it is a holiday or a weekend, which day takes its place (民法典第203条)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.casework.day_bounds import end_of
from hotline.casework.day_kinds import is_holiday, is_workday
from hotline.casework.day_tables import nth_workday
from hotline.clock_parts import DayTrace
from hotline.records import Due

if TYPE_CHECKING:
    from hotline.casework.calendars import Calendar
    from hotline.casework.day_tables import Reached


def ended(reached: Reached, calendar: Calendar, *, postponable: bool) -> Due:
    """The end of a clock that has reached its last day; only statutory ones are postponed."""
    day, provisional, trace = reached
    last = is_workday(calendar, day) if postponable else None
    if last is None or last.counted:
        provisional |= last is not None and last.provisional
        return Due(day, None, end_of(day), end_of(day), provisional, trace)
    moved = nth_workday(calendar, day, 1)
    provisional |= last.provisional or moved.provisional
    before = trace[:-1] if trace and trace[-1].date == day else trace
    if is_holiday(calendar, day):
        note = DayTrace(day, counted=True, reason=f"末日{last.reason}，顺延到假后第一个工作日")
        passed = tuple(replace(step, counted=False) for step in moved.trace)
        end = end_of(moved.day)
        return Due(moved.day, None, end, end, provisional, (*before, note, *passed))
    note = DayTrace(day, counted=True, reason=f"末日{last.reason}；是否顺延条文不明，预警按当日，逾期按 {moved.day}")
    return Due(day, moved.day, end_of(day), end_of(moved.day), provisional, (*before, note))
