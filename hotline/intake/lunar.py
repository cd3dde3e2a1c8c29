"""The lunar calendar as calendar days: which day 三月初八 was. Of years that are not in the table nothing is read."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path

_LENGTH = {"S": 29, "L": 30}
_TWELFTH = 12
_MONTHS = {name: number for number, name in enumerate("正二三四五六七八九十冬腊", 1)} | {"十一": 11, "十二": 12}


def month_number(name: str) -> int:
    """正, 三, 十一, 冬, 腊 as a number; 0 where it is no month's name."""
    return _MONTHS.get(name, 0)


@cache
def _years() -> dict[int, tuple[date, str, int]]:
    """Lunar year → its first day, the lengths of its months, and which comes twice, as `lunar.toml` holds them."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {int(year): (row["first"], row["months"], row["twice"]) for year, row in table.items()}


@cache
def _months(year: int) -> tuple[tuple[int, date, int], ...]:
    """Number, first day and length of each month of a lunar year; a month that comes twice bears its number twice."""
    if year not in _years():
        return ()
    begin, lengths, twice = _years()[year]
    numbers = [number for number in range(1, _TWELFTH + 1) for _ in range(1 + (number == twice))]
    months = []
    for number, length in zip(numbers, lengths, strict=True):
        months.append((number, begin, _LENGTH[length]))
        begin += timedelta(days=_LENGTH[length])
    return tuple(months)


def lunar_day(year: int, month: int, day: int) -> date | None:
    """The calendar day of a day of the lunar `year`; of a month that comes twice the first is meant."""
    for number, begin, length in _months(year):
        if number == month:
            return begin + timedelta(days=day - 1) if 1 <= day <= length else None
    return None


def latest(month: int, day: int, today: date) -> date | None:
    """The latest such lunar day that is not after `today`; with month 0 that of any month (初一那天)."""
    found = [
        begin + timedelta(days=day - 1)
        for year in range(today.year - 2, today.year + 1)
        for number, begin, length in _months(year)
        if month in {0, number} and 1 <= day <= length
    ]
    return max((each for each in found if each <= today), default=None)


def day_of(year: int | None, month: int, day: int, today: date) -> date | None:
    """A lunar day of the year that is named, else the latest not after `today`."""
    return latest(month, day, today) if year is None else lunar_day(year, month, day)
