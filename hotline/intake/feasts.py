"""Feast days by name, solar and lunar, as calendar days of a given year."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol

from hotline.intake import lunar
from hotline.intake.numbers import chinese_int


def _pair(written: str) -> tuple[int, int]:
    """Month and day, or month and which Sunday of it."""
    month, _, number = written.partition("-")
    return int(month), int(number)


_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
SOLAR = {name: _pair(written) for name, written in _TABLES["solar"].items()}
_LUNAR_DAYS = {name: _pair(written) for name, written in _TABLES["lunar"].items()}
_SUNDAYS = {name: _pair(written) for name, written in _TABLES["sunday"].items()}
_FROM_NEW_YEAR: dict[str, int] = _TABLES["from_new_year"]
LUNAR = (*_FROM_NEW_YEAR, *_LUNAR_DAYS, *_SUNDAYS, *_TABLES["other"]["names"])
"""Feasts that fall on another day each year."""
_EIGHTH, _TWELFTH = 8, 12
_SUNDAY = 6


class _Lunisolar(Protocol):
    """The part of the holidays package's Chinese calendar that is asked for."""

    def lunar_new_year_date(self, year: int) -> tuple[date | None, bool]: ...
    def dragon_boat_date(self, year: int) -> tuple[date | None, bool]: ...
    def mid_autumn_date(self, year: int) -> tuple[date | None, bool]: ...
    def double_ninth_date(self, year: int) -> tuple[date | None, bool]: ...
    def qingming_date(self, year: int) -> tuple[date | None, bool]: ...
    def winter_solstice_date(self, year: int) -> tuple[date | None, bool]: ...


@cache
def _calendar() -> _Lunisolar:
    """The tables of the holidays package, loaded only when a lunar feast is named."""
    from holidays.calendars.chinese import _ChineseLunisolar  # noqa: PLC0415 - slow to load

    calendar: _Lunisolar = _ChineseLunisolar()
    return calendar


def _new_year(year: int, days: int) -> date | None:
    """So many days from the first day of the lunar year."""
    day, _ = _calendar().lunar_new_year_date(year)
    return None if day is None else day + timedelta(days=days)


def _lunar(name: str, year: int) -> date | None:
    """A lunar feast (or 清明) of a year."""
    if name in _FROM_NEW_YEAR:
        return _new_year(year, _FROM_NEW_YEAR[name])
    if name in _LUNAR_DAYS:
        return lunar.lunar_day(year, *_LUNAR_DAYS[name])
    if name in _SUNDAYS:
        return _sunday(year, *_SUNDAYS[name])
    if name.startswith("腊八"):
        return _twelfth_month(_EIGHTH, year)
    return _of_the_package(name, year)


def _sunday(year: int, month: int, which: int) -> date:
    """A month's second or third Sunday."""
    first = date(year, month, 1)
    return first + timedelta(days=_SUNDAY - first.weekday() + 7 * (which - 1))


def _of_the_package(name: str, year: int) -> date | None:
    """What the calendar package's tables hold."""
    calendar = _calendar()
    if name == "冬至":
        return calendar.winter_solstice_date(year)[0]
    if name.startswith("端"):
        return calendar.dragon_boat_date(year)[0]
    if name.startswith("重阳"):
        return calendar.double_ninth_date(year)[0]
    return (calendar.qingming_date(year) if name.startswith("清明") else calendar.mid_autumn_date(year))[0]


def _twelfth_month(day: int, year: int) -> date | None:
    """A day of the twelfth lunar month (腊月二十三) that falls in `year`."""
    tries = (lunar.lunar_day(counted, _TWELFTH, day) for counted in (year - 1, year))
    return next((found for found in tries if found and found.year == year), None)


def _lunar_day(name: str) -> int:
    """初八, 廿三, 二十三 behind the month of a lunar day."""
    return chinese_int(name[2:].removeprefix("初")) or 0


def latest(name: str, today: date) -> date | None:
    """The latest day of that name that is not after `today`."""
    if name.startswith("腊"):  # Of two that fall in one year, or of a year without any.
        return lunar.latest(_TWELFTH, _lunar_day(name) if name.startswith("腊月") else _EIGHTH, today)
    tries = (feast(name, today.year - back) for back in range(2))
    return next((found for found in tries if found and found <= today), None)


def feast(name: str, year: int) -> date | None:
    """The day a named feast falls on in `year`; None where the name or the year is not in the tables."""
    if name in SOLAR:
        month, day = SOLAR[name]
        return date(year, month, day)
    if name.startswith("腊月"):
        return _twelfth_month(_lunar_day(name), year)
    if name.startswith("正月") or name[:-1] == "大年初":
        return _new_year(year, _lunar_day(name) - 1)
    return _lunar(name, year) if name in LUNAR else None
