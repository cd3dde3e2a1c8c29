"""Reads the yearly notice as a file (CSV, JSON or TOML with date, type, name) and says what it would change."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from hotline.casework.calendars import DECEMBER, SATURDAY, NoticeDay
from hotline.errors import CalendarError

if TYPE_CHECKING:
    from hotline.casework.calendars import Calendar

OFF_WORDS = frozenset({"holiday", "off", "放假", "休", "休息", "假日", "节假日"})
WORK_WORDS = frozenset({"makeup", "workday", "work", "补班", "上班", "班", "调休上班"})
HEADINGS = {
    "date": "date",
    "日期": "date",
    "type": "type",
    "类型": "type",
    "name": "name",
    "名称": "name",
    "节日": "name",
}


def parse_calendar_file(year: int, content: bytes | str, *, regional: bool = False) -> tuple[NoticeDay, ...]:
    """The days of one year's notice, sorted.

    CSV needs a heading line with date, type, name (日期, 类型, 名称); JSON a list of such objects; TOML the same as
    `[[day]]` tables. A December day of the year before is allowed, since a notice may move it. `regional` is a file of
    a region's exceptions, which need not hold a day off.

    Raises:
        CalendarError: The file cannot be read, a line is wrong, a day stands twice or in another year.
    """
    rows = _rows(_text(content))
    days: dict[date, NoticeDay] = {}
    for number, row in enumerate(rows, start=1):
        day = _notice_day(year, number, row)
        if day.date in days:
            contradiction = "，一次放假、一次补班，自相矛盾" if days[day.date].makeup != day.makeup else ""
            raise _error(number, f"{day.date} 出现了两次{contradiction}")
        days[day.date] = day
    if not regional and not any(not day.makeup and day.date.year == year for day in days.values()):
        message = f"文件里没有 {year} 年的放假日。请确认年份和文件。"
        raise CalendarError(message)
    return tuple(days[key] for key in sorted(days))


def diff_year(calendar: Calendar, year: int, days: tuple[NoticeDay, ...]) -> tuple[str, ...]:
    """What the calendar would say differently, one line a day; a year not yet announced is compared with the rule."""
    known = year in calendar.announced
    before = {day: f"{name}放假" for day, name in calendar.holidays.items() if day.year == year}
    before |= {day: f"{name}补班" for day, name in calendar.makeup.items() if day.year == year}
    if not known:
        before = {day: f"{name}放假（暂定）" for day, name in calendar.festivals.get(year, {}).items()}
    after = {day.date: f"{day.name}{'补班' if day.makeup else '放假'}" for day in days}
    lines = []
    for day in sorted(before.keys() | after.keys()):
        old, new = before.get(day, _plain(day)), after.get(day, _plain(day))
        if old != new:
            lines.append(f"{day} {old} → {new}")
    return tuple(lines)


def _plain(day: date) -> str:
    return "周末" if day.weekday() >= SATURDAY else "工作日"


def _text(content: bytes | str) -> str:
    if isinstance(content, str):
        return content
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = "日历文件不是文本文件（UTF-8 或 GB18030）。请另存为 CSV、JSON 或 TOML。"
    raise CalendarError(message)


def _rows(text: str) -> list[Mapping[str, object]]:
    stripped = text.strip()
    if not stripped or "\0" in stripped:
        message = "日历文件是空的或不是文本。请提供含 date、type、name 三列的 CSV、JSON 或 TOML 文件。"
        raise CalendarError(message)
    try:
        if "[[day]]" in stripped:
            entries: object = tomllib.loads(stripped)["day"]
        elif stripped.startswith(("[", "{")):
            entries = json.loads(stripped)
        else:
            return _csv_rows(stripped)
    except (ValueError, KeyError) as error:
        message = f"日历文件读不出来：{error}。请检查格式。"
        raise CalendarError(message) from error
    if isinstance(entries, Mapping):
        entries = entries.get("days")
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        message = "日历文件应是一个列表，每项含 date、type、name。"
        raise CalendarError(message)
    return entries


def _csv_rows(text: str) -> list[Mapping[str, object]]:
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    lines = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    heading = [HEADINGS.get(cell.strip().lower(), "") for cell in lines[0]]
    if not {"date", "type"} <= set(heading):
        message = "日历文件第一行应是表头：日期,类型,名称（或 date,type,name）。"
        raise CalendarError(message)
    return [dict(zip(heading, (cell.strip() for cell in line), strict=False)) for line in lines[1:] if any(line)]


def _notice_day(year: int, number: int, row: Mapping[str, object]) -> NoticeDay:
    raw, kind = row.get("date"), str(row.get("type", "")).strip().lower()
    try:
        day = raw if type(raw) is date else date.fromisoformat(str(raw).strip())
    except ValueError:
        raise _error(number, "日期应写成 YYYY-MM-DD") from None
    if day.year != year and not (day.year == year - 1 and day.month == DECEMBER):
        raise _error(number, f"{day} 不属于 {year} 年")
    if kind not in OFF_WORDS | WORK_WORDS:
        raise _error(number, "类型应是 放假（holiday）或 补班（makeup）")
    if kind in WORK_WORDS and day.weekday() < SATURDAY:
        raise _error(number, f"{day} 不是周末，不能是补班日")
    return NoticeDay(day, kind in WORK_WORDS, str(row.get("name") or "").strip() or "节日")


def _error(number: int, what: str) -> CalendarError:
    return CalendarError(f"日历文件第 {number} 条：{what}。请改正后重新导入。")
