"""What the readings of a day share: numerals, days that may be impossible, and a reading itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from hotline.intake.numbers import chinese_int

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

NUMERALS = "一二三四五六七八九十廿"
N = rf"(?:\d{{1,2}}|[{NUMERALS}]{{1,3}})"
"""The number of a month or a day, as an expression."""
YEARS = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "明年": 1}
_FOUR = 4
_FEBRUARY_TRIES = 9


class Reading(NamedTuple):
    """One way to name a day.

    Every match of the `pattern` has one of the characters `hinge` between `near` and `far` places behind its start, one
    of the characters `behind` right before that, and `ahead` (an expression) fits right after it; where these are empty
    anything does. A text is looked over once for the hinges of all readings: a pattern is tried only around its own.
    """

    hinge: str
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], date], list[date | None]]
    near: int
    far: int
    behind: str = ""
    ahead: str = ""

    def look(self) -> str:
        """What stands around a hinge, as an expression that is tried right behind it."""
        behind = f"(?<=[{self.behind}][{self.hinge}])" if self.behind else f"(?<=[{self.hinge}])"
        return behind + (f"(?={self.ahead})" if self.ahead else "")


def small_int(text: str) -> int:
    """A small number, Arabic or Chinese; 0 where it is none, which makes an impossible day."""
    return int(text) if text.isascii() else (chinese_int(text) or 0)


def make_day(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def latest(month: int, day: int, today: date) -> date | None:
    """The latest such day of the year that is not after `today` (29 February looks back to a leap year)."""
    for year in range(today.year, today.year - _FEBRUARY_TRIES, -1):
        found = make_day(year, month, day)
        if found and found <= today:
            return found
    return None


def latest_of_month(day: int, today: date) -> date | None:
    """The latest day of that number in a month that is not after today."""
    tries = (make_day(*month_away(today, -back), day) for back in range(3))
    return next((found for found in tries if found and found <= today), None)


def month_away(today: date, months: int) -> tuple[int, int]:
    """Year and month so many months from today's."""
    count = today.year * 12 + today.month - 1 + months
    return count // 12, count % 12 + 1


def year_named(word: str, today: date) -> int:
    """The year of 去年, 2025年."""
    return today.year + YEARS[word] if word in YEARS else int(word[:_FOUR])
