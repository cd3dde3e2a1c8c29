"""The stages of a running clock, and the hours in which they are announced: pure functions of times and calendar.

A clock is announced when little of its time is left (`warn`), on the day or in the hour it falls due (`due`), when its
deadline has passed (`overdue`), and on each further day (`overdue+1`, `overdue+2` …). Warning and due day go by the
earlier date where the law is ambiguous, overdue by the later one. Days and hours are those of Asia/Shanghai.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from hotline.casework.calendars import ONE_DAY, SATURDAY
from hotline.casework.day_bounds import start_of
from hotline.casework.workdays import is_workday
from hotline.errors import CalendarError
from hotline.moments import SHANGHAI, local_date
from hotline.vocabulary import Stage

if TYPE_CHECKING:
    from datetime import date

    from hotline.casework.calendars import Calendar

ONE_HOUR = timedelta(hours=1)
_FURTHER = f"{Stage.OVERDUE}+"
_INSTANT = timedelta(microseconds=1)
_MOST_CLOSED_DAYS = 30


class Span(NamedTuple):
    """The times of a clock that its stages follow from."""

    warn_at: datetime
    due_at: datetime
    breach_at: datetime


def reached(span: Span, now: datetime, calendar: Calendar) -> tuple[str, ...]:
    """Keys of the stages reached at `now`, in their order; of the further days only the last."""
    keys = [str(stage) for stage, moment in _moments(span, calendar) if moment <= now]
    days = (now - _passed(span)) // ONE_DAY if keys and keys[-1] == Stage.OVERDUE else 0
    return (*keys, further(days)) if days else tuple(keys)


def following(span: Span, now: datetime, calendar: Calendar) -> datetime:
    """The moment of the next stage after `now`. There always is one: a clock left alone is late one more day."""
    later = [moment for _, moment in _moments(span, calendar) if moment > now]
    return min(later) if later else _passed(span) + ((now - _passed(span)) // ONE_DAY + 1) * ONE_DAY


def further(days: int) -> str:
    """The key of the nth day after the one on which the deadline passed."""
    return f"{_FURTHER}{days}"


def days_over(key: str) -> int:
    """The number of the further day that a key stands for, 0 for every other stage."""
    return int(key.removeprefix(_FURTHER)) if key.startswith(_FURTHER) else 0


def is_late(key: str) -> bool:
    """Whether the deadline has passed at this stage."""
    return key.startswith(Stage.OVERDUE)


def label(key: str) -> str:
    """A stage in Chinese."""
    days = days_over(key)
    if days:
        return f"已逾期 {days} 天"
    return next((stage.label for stage in Stage if stage == key), key)


def missed_label(missed: str) -> str:
    """The stages that passed unannounced, in Chinese: `warn,due,overdue+1..3` is 即将到期、今日到期、逾期第 1–3 天."""
    words = []
    for key in filter(None, missed.split(",")):
        first, _, last = key.removeprefix(_FURTHER).partition("..")
        words.append(f"逾期第 {first}{f'–{last}' if last else ''} 天" if key.startswith(_FURTHER) else label(key))
    return "、".join(words)


def opening(moment: datetime, calendar: Calendar) -> datetime:
    """`moment` itself in working hours, else when they begin next."""
    local = moment.astimezone(SHANGHAI)
    minute, day = local.hour * 60 + local.minute, local.date()
    for _ in range(_MOST_CLOSED_DAYS):
        if _works(day, calendar):
            bands = calendar.bands_on(day)
            if any(begin <= minute < end for begin, end in bands):
                return moment
            begins = next((begin for begin, _ in bands if begin > minute), None)
            if begins is not None:
                return (start_of(day) + timedelta(minutes=begins)).astimezone(UTC)
        day, minute = day + ONE_DAY, -1
    return moment


def _moments(span: Span, calendar: Calendar) -> tuple[tuple[Stage, datetime], ...]:
    passed = _passed(span)
    warn, falls_due = min(span.warn_at, passed), _falls_due(span.due_at, calendar)
    if not warn < falls_due < passed:  # So short, or warned on its last day anyway, that one stage says it all.
        return (Stage.WARN, warn), (Stage.OVERDUE, passed)
    return (Stage.WARN, warn), (Stage.DUE, falls_due), (Stage.OVERDUE, passed)


def _falls_due(due_at: datetime, calendar: Calendar) -> datetime:
    """The beginning of the last working day until the deadline; for clocks in hours an hour before it."""
    local = due_at.astimezone(SHANGHAI)
    if local.hour or local.minute or local.second or local.microsecond:
        return due_at - ONE_HOUR
    day = local_date(due_at) - ONE_DAY
    for back in range(_MOST_CLOSED_DAYS):
        if _works(day - back * ONE_DAY, calendar):
            return start_of(day - back * ONE_DAY)
    return start_of(day)


def _passed(span: Span) -> datetime:
    """The first moment that is overdue: the deadline itself is still in time."""
    return span.breach_at + _INSTANT


def _works(day: date, calendar: Calendar) -> bool:
    try:
        return is_workday(calendar, day).counted
    except CalendarError:  # A year nobody can know: its weekdays are working days.
        return day.weekday() < SATURDAY
