"""The lunar calendar as calendar days: which day 三月初八 was. Of years that are not in the table nothing is read."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

# Lunar year → its first day, the length of every month in its order (S 29 days, L 30) and the month that comes twice
# (0: none); the second of these stands right behind the first.
_YEARS = {
    2018: ("2018-02-16", "SLSLSSLSLSLL", 0),
    2019: ("2019-02-05", "LSLSLSSLSSLL", 0),
    2020: ("2020-01-25", "SLLLSLSSLSLSL", 4),
    2021: ("2021-02-12", "SLLSLSLSLSLS", 0),
    2022: ("2022-02-01", "LSLSLLSLSLSL", 0),
    2023: ("2023-01-22", "SLSSLLSLLSLSL", 2),
    2024: ("2024-02-10", "SLSSLSLLSLLS", 0),
    2025: ("2025-01-29", "LSLSSLSLSLLLS", 6),
    2026: ("2026-02-17", "LSLSSLSSLLLS", 0),
    2027: ("2027-02-06", "LLSLSSLSSLLS", 0),
    2028: ("2028-01-26", "LLLSLSSLSSLLS", 5),
    2029: ("2029-02-13", "LLSLSLSLSSLL", 0),
    2030: ("2030-02-03", "SLSLLSLSLSLS", 0),
    2031: ("2031-01-23", "SLLSLSLLSLSLS", 3),
    2032: ("2032-02-11", "LSSLSLLSLLSL", 0),
    2033: ("2033-01-31", "SLSSLSLSLLLSL", 11),
    2034: ("2034-02-19", "SLSSLSLSLLSL", 0),
    2035: ("2035-02-08", "LSLSSLSSLLSL", 0),
}
_LENGTH = {"S": 29, "L": 30}
_TWELFTH = 12
_MONTHS = {name: number for number, name in enumerate("正二三四五六七八九十冬腊", 1)} | {"十一": 11, "十二": 12}


def month_number(name: str) -> int:
    """正, 三, 十一, 冬, 腊 as a number; 0 where it is no month's name."""
    return _MONTHS.get(name, 0)


@cache
def _months(year: int) -> tuple[tuple[int, date, int], ...]:
    """Number, first day and length of each month of a lunar year; a month that comes twice bears its number twice."""
    if year not in _YEARS:
        return ()
    first, lengths, leap = _YEARS[year]
    numbers = [number for number in range(1, _TWELFTH + 1) for _ in range(1 + (number == leap))]
    begin, months = date.fromisoformat(first), []
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
        for year in (today.year, today.year - 1)
        for number, begin, length in _months(year)
        if month in {0, number} and 1 <= day <= length
    ]
    return max((each for each in found if each <= today), default=None)
