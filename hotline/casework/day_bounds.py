"""A day in Asia/Shanghai: when it begins, when it ends, which day of the week it is."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.casework.calendars import ONE_DAY
from hotline.casework.day_kinds import WEEKDAYS
from hotline.moments import SHANGHAI

if TYPE_CHECKING:
    from datetime import date


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
