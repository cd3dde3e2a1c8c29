"""When a clock ends: pure functions of a start, a duration and the calendar (sla-law §6, design §6).

Days are days in Asia/Shanghai. The first day is not counted; a clock in days ends at 24:00 of its last day. Where that
day is a statutory holiday the first working day after it takes its place; where it is a plain weekend the law is
ambiguous, and both days are given. Hours and minutes run on through nights, weekends and holidays. Months and years
go by the calendar (民法典第200–203条).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.casework.day_counting import reach
from hotline.casework.day_tables import Reached
from hotline.casework.paused_spans import closed_spans, paused_days
from hotline.casework.policy import Policy
from hotline.casework.postponing import ended
from hotline.casework.running_on import CONTINUOUS, continuous
from hotline.errors import CalendarError, InvalidInputError
from hotline.moments import local_date
from hotline.vocabulary import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from hotline.casework.calendars import Calendar
    from hotline.casework.paused_spans import Pause
    from hotline.records import Due


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
    spans = closed_spans(pauses, now) if pauses else []
    if extra_unit is unit:
        duration, extended = duration + extended, 0
    try:
        if unit is Unit.HOUR or unit is Unit.MINUTE:
            return continuous(started_at, CONTINUOUS[unit] * duration, spans)
        day, skipped = local_date(started_at), paused_days(spans) if spans else None
        if not skipped:
            return _due_after(day, (duration, unit), (extended, extra_unit), calendar, statutory)
        reached = reach(day, duration, unit, calendar, skipped)
        if extended:
            reached = _further(reached, reach(reached.day, extended, extra_unit, calendar, skipped))
        return ended(reached, calendar, postponable=statutory)
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
    reached = reach(day, *length, calendar, frozenset())
    if extra[0]:
        reached = _further(reached, reach(reached.day, *extra, calendar, frozenset()))
    return ended(reached, calendar, postponable=statutory)


def _further(one: Reached, more: Reached) -> Reached:
    return Reached(more.day, one.provisional or more.provisional, one.trace + more.trace)
