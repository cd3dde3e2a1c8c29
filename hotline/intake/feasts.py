"""Feast days by name, solar and lunar, as calendar days of a given year."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Protocol

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
    "消费者权益日": (3, 15),
    "愚人节": (4, 1),
    "五一劳动节": (5, 1),
    "劳动节": (5, 1),
    "五一": (5, 1),
    "儿童节": (6, 1),
    "六一": (6, 1),
    "618": (6, 18),
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
    *("七夕节", "七夕", "腊八节", "腊八"),
    *("中秋节", "中秋", "八月十五", "重阳节", "重阳", "清明节", "清明"),
)
# Lunar 7/7 and 12/8, which the calendar package does not hold; by the solar year in which the lunar one is counted.
_TABLES = {
    "七夕": ("20200825 20210814 20220804 20230822 20240810 20250829 20260819 20270808 20280826 20290816 20300805"),
    "腊八": ("20200102 20210120 20220110 20221230 20240118 20250107 20260126 20270115"),
}
_FROM_NEW_YEAR = {"除夕": -1, "大年三十": -1, "年三十": -1, "春节": 0, "大年初一": 0}
_FROM_NEW_YEAR |= dict.fromkeys(("元宵", "元宵节", "正月十五"), 14)
_EIGHTH, _LONGEST = 8, 30


class _Lunisolar(Protocol):
    """The part of the holidays package's Chinese calendar that is asked for."""

    def lunar_new_year_date(self, year: int) -> tuple[date | None, bool]: ...
    def dragon_boat_date(self, year: int) -> tuple[date | None, bool]: ...
    def mid_autumn_date(self, year: int) -> tuple[date | None, bool]: ...
    def double_ninth_date(self, year: int) -> tuple[date | None, bool]: ...
    def qingming_date(self, year: int) -> tuple[date | None, bool]: ...


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
    if days := _TABLES.get(name.removesuffix("节")):
        return next((date.fromisoformat(day) for day in days.split() if day.startswith(str(year))), None)
    calendar = _calendar()
    if name.startswith("端午"):
        return calendar.dragon_boat_date(year)[0]
    if name.startswith("重阳"):
        return calendar.double_ninth_date(year)[0]
    return (calendar.qingming_date(year) if name.startswith("清明") else calendar.mid_autumn_date(year))[0]


def _twelfth_month(day: int, year: int) -> date | None:
    """A day of the twelfth lunar month (腊月二十三) that falls in `year`, counted from its eighth."""
    eighths = (date.fromisoformat(each) for each in _TABLES["腊八"].split())
    found = next((each for eighth in eighths if (each := eighth + timedelta(days=day - _EIGHTH)).year == year), None)
    return None if found and day == _LONGEST and found == _new_year(year, 0) else found


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
