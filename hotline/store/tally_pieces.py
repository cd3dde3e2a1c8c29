"""A period as the spans of the summary: whole years, whole months, single days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

YEAR, MONTH, DAY = "year", "month", "day"
FIRST, LAST = date(1990, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Piece:
    """Days from `first` to `last` (both included) to be read at one span; `day` of the rows lies between them."""

    span: str
    first: date
    last: date


def pieces(since: date | None, until: date | None) -> tuple[Piece, ...]:
    """A period as whole years, whole months and single days, as few rows as can be."""
    first, last = max(since or FIRST, FIRST), min(until or LAST, LAST)
    if first > last:
        return ()
    year = date(first.year + (first > date(first.year, 1, 1)), 1, 1)
    end = date(last.year + (last == date(last.year, 12, 31)), 1, 1) - timedelta(days=1)
    if year > end:
        return _months(first, last)
    whole = Piece(YEAR, year, end)
    return (*_months(first, year - timedelta(days=1)), whole, *_months(end + timedelta(days=1), last))


def _months(first: date, last: date) -> tuple[Piece, ...]:
    if first > last:
        return ()
    month = first if first.day == 1 else _next_month(first)
    end = last if (last + timedelta(days=1)).day == 1 else last.replace(day=1) - timedelta(days=1)
    if month > end:
        return (Piece(DAY, first, last),)
    days = [Piece(DAY, first, month - timedelta(days=1)), Piece(MONTH, month, end)]
    days.append(Piece(DAY, end + timedelta(days=1), last))
    return tuple(each for each in days if each.first <= each.last)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
