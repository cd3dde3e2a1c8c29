"""When a clock ends: pure functions of a start, a duration and the calendar (sla-law §6, design §6).

Days are days in Asia/Shanghai. The first day is not counted; a clock in days ends at 24:00 of its last day. Where that
day is a statutory holiday the first working day after it takes its place; where it is a plain weekend the law is
ambiguous, and both days are given. Hours and minutes run on through nights, weekends and holidays. Months and years
go by the calendar (民法典第200–203条).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.casework.calendars import ONE_DAY
from hotline.casework.day_kinds import WEEKDAYS, is_holiday, is_workday
from hotline.casework.day_tables import NATURAL, Reached, natural_days, nth_workday
from hotline.casework.policy import Policy
from hotline.clock_parts import DayTrace
from hotline.errors import CalendarError, InvalidInputError
from hotline.moments import SHANGHAI, local_date
from hotline.records import Due
from hotline.vocabulary import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hotline.casework.calendars import Calendar

    Pause = tuple[datetime, datetime | None]

CONTINUOUS = {Unit.HOUR: timedelta(hours=1), Unit.MINUTE: timedelta(minutes=1)}
MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
PAUSED = "中止计时，不计入"


def due(
    rule: Policy | tuple[int, Unit],
    started_at: datetime,
    calendar: Calendar,
    *,
    pauses: Iterable[Pause] = (),
    extended: int = 0,
    now: datetime | None = None,
) -> Due:
    """When a clock that started at `started_at` ends.

    Args:
        rule: The policy, or a duration with its unit (then reckoned as a statutory one).
        started_at: The moment of the 起算点, aware.
        calendar: The working calendar.
        pauses: Spans that do not count. The day a pause begins counts, the day it ends does not (the first day of the
            rest is not counted either). A pause without end lasts until `now`; without `now` it is left out.
        extended: An approved extension, in the unit of the policy's extension rule (its own unit where it has none).
        now: The end of a pause that still runs.

    Raises:
        InvalidInputError: `started_at` has no time zone.
        CalendarError: A day on the way has no data.
    """
    if started_at.tzinfo is None:
        message = "起算时间缺少时区。请写成带时区的时间，例如 2026-11-20T09:00+08:00。"
        raise InvalidInputError(message, start=message)
    duration, unit = (rule.duration, rule.unit) if isinstance(rule, Policy) else rule
    statutory = not isinstance(rule, Policy) or rule.statutory
    extra_unit = rule.extension.unit if isinstance(rule, Policy) and rule.extension else unit
    spans = _spans(pauses, now) if pauses else []
    if extra_unit is unit:
        duration, extended = duration + extended, 0
    try:
        if unit is Unit.HOUR or unit is Unit.MINUTE:
            return _continuous(started_at, CONTINUOUS[unit] * duration, spans)
        day, skipped = local_date(started_at), _paused_days(spans) if spans else None
        if not skipped:
            return _due_after(day, (duration, unit), (extended, extra_unit), calendar, statutory)
        reached = _reach(day, duration, unit, calendar, skipped)
        if extended:
            reached = _further(reached, _reach(reached.day, extended, extra_unit, calendar, skipped))
        return _ended(reached, calendar, postponable=statutory)
    except (OverflowError, ValueError) as error:
        message = "期限超出可推算的日期范围，请检查时长。"
        raise CalendarError(message) from error


@lru_cache(maxsize=8192)
def _due_after(
    day: date,
    length: tuple[int, Unit],
    extra: tuple[int, Unit],
    calendar: Calendar,
    statutory: bool,  # noqa: FBT001 - part of a cache's key.
) -> Due:
    """Clocks in days that were never paused end alike when they start on the same day."""
    reached = _reach(day, *length, calendar, frozenset())
    if extra[0]:
        reached = _further(reached, _reach(reached.day, *extra, calendar, frozenset()))
    return _ended(reached, calendar, postponable=statutory)


def _further(one: Reached, more: Reached) -> Reached:
    return Reached(more.day, one.provisional or more.provisional, one.trace + more.trace)


@lru_cache(maxsize=8192)
def end_of(day: date) -> datetime:
    """24:00 of a day in Asia/Shanghai, in UTC."""
    return datetime.combine(day + ONE_DAY, time(), SHANGHAI).astimezone(UTC)


def start_of(day: date) -> datetime:
    """0:00 of a day in Asia/Shanghai, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def weekday(day: date) -> str:
    """周一 to 周日."""
    return f"周{WEEKDAYS[day.weekday()]}"


def _spans(pauses: Iterable[Pause], now: datetime | None) -> list[tuple[datetime, datetime]]:
    """Closed spans in order, overlapping ones merged."""
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted((start, end or now or start) for start, end in pauses):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _paused_days(spans: Iterable[tuple[datetime, datetime]]) -> frozenset[date]:
    days: set[date] = set()
    for start, end in spans:
        day, last = local_date(start), local_date(end)
        while day < last:
            day += ONE_DAY
            days.add(day)
    return frozenset(days)


def _continuous(started_at: datetime, length: timedelta, spans: Iterable[tuple[datetime, datetime]]) -> Due:
    start = started_at.astimezone(UTC)
    end = start + length
    trace = [DayTrace(local_date(start), counted=True, reason="自起算时刻连续计算，夜间、周末和节假日照走")]
    for pause_start, pause_end in spans:
        if pause_start < end and pause_end > start:
            end += pause_end - max(pause_start, start)
            trace.append(DayTrace(local_date(pause_start), counted=False, reason=PAUSED))
    return Due(local_date(end), None, end, end, provisional=False, trace=tuple(trace))


def _reach(day: date, count: int, unit: Unit, calendar: Calendar, skipped: frozenset[date]) -> Reached:
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


def _ended(reached: Reached, calendar: Calendar, *, postponable: bool) -> Due:
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
