"""The working calendar as data: announced holidays (放假) and make-up days (补班), and the fixed rule for later years.

Everything here is a plain date in Asia/Shanghai. Sources: the yearly notices of the State Council (`calendar_cn.toml`)
and 全国年节及纪念日放假办法 as of 2024-11-10 for years whose notice is not out yet.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hotline.casework.bands import USUAL, Bands
from hotline.errors import CalendarError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DATA = Path(__file__).with_name("calendar_cn.toml")
SATURDAY = 5
DECEMBER = 12
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """One version of the working calendar; never edited, `with_year` makes a new one.

    `festivals` are the days off that the fixed rule gives to a year without a notice; they are provisional. `bands` are
    the working bands of a day as they were at first, `bands_since` those adopted since, each from its day on, in their
    order: ask `bands_on`. `regions` are the exceptions of regions, which `calendar_regions.calendar_at` lays over.
    """

    version: str
    holidays: Mapping[date, str]
    makeup: Mapping[date, str]
    announced: frozenset[int]
    festivals: Mapping[int, Mapping[date, str]]
    bands: Bands = USUAL
    regions: tuple[RegionRule, ...] = ()
    bands_since: tuple[tuple[date, Bands], ...] = ()

    def __hash__(self) -> int:
        """By version, so that what is reckoned on a calendar can be kept with it."""
        return hash(self.version)

    def bands_on(self, day: date) -> Bands:
        """The working bands of a day: a later change leaves the days before it as they were."""
        found = self.bands
        for since, bands in self.bands_since:
            if day < since:
                break
            found = bands
        return found

    @property
    def last_announced(self) -> int:
        """The last year whose notice is known."""
        return max(self.announced)


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day of a yearly notice: off (`makeup` false) or worked although it is a weekend."""

    date: date
    makeup: bool
    name: str


@dataclass(frozen=True, slots=True)
class RegionRule:
    """What a region has of its own: the days of a year, or (year 0) working bands by the day they begin to serve."""

    region: str
    year: int
    days: tuple[NoticeDay, ...] = ()
    bands_since: tuple[tuple[date, Bands], ...] = ()


def load_calendar(path: Path = DATA) -> Calendar:
    """Read the calendar that ships with the program.

    Raises:
        CalendarError: The file is no TOML or a day in it cannot be read.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        years = {int(year): days for year, days in document["years"].items()}
        holidays = {day: name for year, days in years.items() for day, name in _days(year, days["holidays"])}
        makeup = {day: name for year, days in years.items() for day, name in _days(year, days["makeup"])}
        festivals = {int(year): days_off_by_rule(int(year), dates) for year, dates in document["festivals"].items()}
        version = str(document["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"工作日历文件 {path.name} 无法使用：{error}。请恢复随程序发布的文件。"
        raise CalendarError(message) from error
    return Calendar(version, holidays, makeup, frozenset(years), festivals)


def with_year(calendar: Calendar, year: int, days: Sequence[NoticeDay]) -> Calendar:
    """A new version of the calendar in which `year` is announced with exactly these days.

    Days of the December before may be among them; what an earlier notice said of other days stays.

    Raises:
        CalendarError: A year before it is still missing, or the calendar would have no holidays.
    """
    if year > calendar.last_announced + 1:
        missing = calendar.last_announced + 1
        message = f"不能导入 {year} 年：{missing} 年的放假安排还没有导入。请先导入 {missing} 年。"
        raise CalendarError(message)
    if not any(not day.makeup for day in days):
        message = f"{year} 年的放假安排里没有放假日。请检查文件内容。"
        raise CalendarError(message)
    named = {day.date for day in days}
    kept = {
        kind: {day: name for day, name in known.items() if day.year != year and day not in named}
        for kind, known in ((False, calendar.holidays), (True, calendar.makeup))
    }
    for day in days:
        kept[day.makeup][day.date] = day.name
    digest = hashlib.sha256(repr(sorted((d.date, d.makeup, d.name) for d in days)).encode()).hexdigest()[:8]
    return replace(
        calendar,
        version=f"{calendar.version}+{year}.{digest}",
        holidays=kept[False],
        makeup=kept[True],
        announced=calendar.announced | {year},
    )


def days_off_by_rule(year: int, moving: Sequence[str]) -> dict[date, str]:
    """The 13 public holidays of a year and a weekday off for each that falls on a weekend (放假办法第2、6条).

    Args:
        year: The year.
        moving: 春节 (first day), 清明, 端午, 中秋 as `MM-DD`.
    """
    spring, qingming, duanwu, mid_autumn = (date.fromisoformat(f"{year}-{day}") for day in moving)
    blocks = (
        ("元旦", date(year, 1, 1), 1),
        ("春节", spring - ONE_DAY, 4),
        ("清明节", qingming, 1),
        ("劳动节", date(year, 5, 1), 2),
        ("端午节", duanwu, 1),
        ("中秋节", mid_autumn, 1),
        ("国庆节", date(year, 10, 1), 3),
    )
    days: dict[date, str] = {}
    owed: list[tuple[str, date]] = []
    for name, first, length in blocks:
        for offset in range(length):
            day = first + offset * ONE_DAY
            if day.weekday() >= SATURDAY or day in days:
                owed.append((name, day))
            days.setdefault(day, name)
    for name, day in owed:
        days[_next_free_weekday(day, days)] = f"{name}补假"
    return days


def _next_free_weekday(day: date, taken: Mapping[date, str]) -> date:
    while day.weekday() >= SATURDAY or day in taken:
        day += ONE_DAY
    return day


def _days(year: int, entries: Iterable[str]) -> Iterable[tuple[date, str]]:
    for entry in entries:
        span, name = entry.split(" ", 1)
        first, _, last = span.partition("..")
        day, end = date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last or first}")
        while day <= end:
            yield day, name
            day += ONE_DAY
