"""Days that every yearly notice gives off, as the law does: a list without them is not the whole notice.

Source: 国务院《全国年节及纪念日放假办法》 of 1949, 1999, 2007, 2013 and 2024, clause 2 of each. A notice adds days to
these and moves weekends; it takes none of them away.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from hotline.errors import CalendarError
from hotline.intake.feasts import feast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hotline.casework.calendars import NoticeDay


class Law(NamedTuple):
    """Days off by one wording of the law, from a year on."""

    since: int
    eve: bool
    """Whether 春节 begins with 除夕."""
    spring: int
    may: int
    october: int
    moving: tuple[str, ...] = ("清明节", "端午节", "中秋节")


_LAWS = (
    Law(2025, eve=True, spring=4, may=2, october=3),
    Law(2014, eve=False, spring=3, may=1, october=3),
    Law(2008, eve=True, spring=3, may=1, october=3),
    Law(2000, eve=False, spring=3, may=3, october=3, moving=()),
    Law(0, eve=False, spring=3, may=1, october=2, moving=()),
)


def legal_days(year: int) -> dict[str, tuple[date, ...]]:
    """The days off of a year by feast; a feast whose day is not in the lunar tables is left out."""
    law = next(each for each in _LAWS if year >= each.since)
    spans = (
        ("元旦", date(year, 1, 1), 1),
        ("春节", feast("除夕" if law.eve else "春节", year), law.spring),
        ("劳动节", date(year, 5, 1), law.may),
        ("国庆节", date(year, 10, 1), law.october),
        *((name, feast(name, year), 1) for name in law.moving),
    )
    return {
        name: tuple(first + timedelta(days=offset) for offset in range(length))
        for name, first, length in spans
        if first is not None
    }


def lacking_feasts(year: int, days: Iterable[NoticeDay]) -> str:
    """The feasts of which a list of a year's days lacks a day that is off by law, with these days; empty if none."""
    off = {day.date for day in days if not day.makeup}
    missing = {
        name: [day.strftime("%m-%d") for day in legal if day not in off] for name, legal in legal_days(year).items()
    }
    return "、".join(f"{name}（{'、'.join(gone)}）" for name, gone in missing.items() if gone)


def check_whole(year: int, days: Iterable[NoticeDay]) -> None:
    """Refuse a list of a year's days that lacks a day which is off by law.

    Raises:
        CalendarError: Days are missing; the message names their feasts.
    """
    lacking = lacking_feasts(year, days)
    if lacking:
        message = (
            f"{year} 年的放假安排不全，缺少法定放假日：{lacking}。"
            "《全国年节及纪念日放假办法》规定的日子每年都放假，请按国务院办公厅通知列全（含周末的放假日）后重新导入；日历没有改动。"
        )
        raise CalendarError(message)
