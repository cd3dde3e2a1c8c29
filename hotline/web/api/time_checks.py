"""What times and days that come into the API must be."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hotline.errors import InvalidInputError
from hotline.intake.moments import parse_day, parse_moment
from hotline.moments import SHANGHAI

_LOST_PLUS = re.compile(r"(T[0-9:.]+) ([0-9]{2}:?[0-9]{2})$")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check_moment(value: str) -> str:
    """An ISO 8601 time of the calendar.

    Raises:
        ValueError: It is none.
    """
    if not value:
        return value
    try:
        datetime.fromisoformat(value)
        parse_moment(value)
    except (ValueError, InvalidInputError):
        message = "不是日历上的时间，应为 ISO 8601，例如 2026-01-31T09:00:00+08:00；不写时区按北京时间"
        raise ValueError(message) from None
    return value


def check_since(value: str) -> str:
    """An ISO 8601 time, of any year.

    Raises:
        ValueError: It is none, or lies beyond what can be reckoned in UTC.
    """
    try:
        since_of(value)
    except (ValueError, OverflowError):
        message = "不是日历上的时间，应为 ISO 8601，例如 2026-01-31T09:00:00+08:00；不写时区按北京时间"
        raise ValueError(message) from None
    return value


def since_of(value: str) -> datetime:
    """The moment that a time of a query means, aware and in UTC; a plus that was not encoded has become a space."""
    at = datetime.fromisoformat(_LOST_PLUS.sub(r"\1+\2", value))
    return (at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at).astimezone(UTC)


def check_day(value: str) -> str:
    """A day of the calendar.

    Raises:
        ValueError: It is none.
    """
    if value and not (_DAY.fullmatch(value) and parse_day(value)):
        message = "不是日历上的日期，应为 2026-01-31 的形式"
        raise ValueError(message)
    return value
