"""Feast days by name, solar and lunar, as calendar days of a given year."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Protocol

from hotline.intake import lunar
from hotline.intake.numbers import chinese_int

SOLAR = {
    "元旦": (1, 1),
    "情人节": (2, 14),
    "三八节": (3, 8),
    "三八妇女节": (3, 8),
    "妇女节": (3, 8),
    "三一五": (3, 15),
    "315": (3, 15),
    "3.15": (3, 15),
    "3·15": (3, 15),
    "植树节": (3, 12),
    "五四青年节": (5, 4),
    "青年节": (5, 4),
    "520": (5, 20),
    "五二零": (5, 20),
    "五二〇": (5, 20),
    "消费者权益日": (3, 15),
    "愚人节": (4, 1),
    "五一劳动节": (5, 1),
    "劳动节": (5, 1),
    "五一": (5, 1),
    "儿童节": (6, 1),
    "六一": (6, 1),
    "618": (6, 18),
    "6.18": (6, 18),
    "6·18": (6, 18),
    "建军节": (8, 1),
    "光棍节": (11, 11),
    "11·11": (11, 11),
    "12·12": (12, 12),
    "跨年夜": (12, 31),
    "六一八": (6, 18),
    "教师节": (9, 10),
    "国庆节": (10, 1),
    "国庆": (10, 1),
    "十一国庆": (10, 1),
    "双十一": (11, 11),
    "双11": (11, 11),
    "双十二": (12, 12),
    "双12": (12, 12),
    "平安夜": (12, 24),
    "圣诞节": (12, 25),
    "圣诞": (12, 25),
}
LUNAR = (
    *("除夕", "大年三十", "年三十", "春节", "大年初一", "元宵节", "元宵", "正月十五", "端午节", "端午"),
    *("七夕节", "七夕", "腊八节", "腊八", "龙抬头", "中元节", "七月半", "母亲节", "父亲节", "冬至"),
    *("中秋节", "中秋", "八月十五", "重阳节", "重阳", "清明节", "清明"),
)
"""Feasts that fall on another day each year."""
_LUNAR_DAYS = {"七夕": (7, 7), "七夕节": (7, 7), "龙抬头": (2, 2), "中元节": (7, 15), "七月半": (7, 15)}
# Month, and which Sunday of it.
_SUNDAYS = {"母亲节": (5, 2), "父亲节": (6, 3)}
_FROM_NEW_YEAR = {"除夕": -1, "大年三十": -1, "年三十": -1, "春节": 0, "大年初一": 0}
_FROM_NEW_YEAR |= dict.fromkeys(("元宵", "元宵节", "正月十五"), 14)
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
    if name.startswith("端午"):
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
