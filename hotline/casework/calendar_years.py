"""Years that a deployment has imported: one TOML file a year, laid over the calendar that ships with the program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hotline.casework.calendar_file import parse_calendar_file
from hotline.casework.calendars import load_calendar, with_year
from hotline.errors import CalendarError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hotline.casework.calendars import Calendar, NoticeDay

YEAR_FILES = "[0-9][0-9][0-9][0-9].toml"


def load_with_years(folder: Path) -> Calendar:
    """The shipped calendar with the years of a folder laid over it, the earliest first; no folder is no year.

    Raises:
        CalendarError: A file cannot be read or a year between is missing; the message names the file.
    """
    calendar = load_calendar()
    for path in sorted(folder.glob(YEAR_FILES)):
        year = int(path.stem)
        try:
            calendar = with_year(calendar, year, parse_calendar_file(year, path.read_bytes()))
        except (OSError, CalendarError) as error:
            message = f"已导入的日历 {path.name} 无法使用：{error}。请重新运行 hotline workdays import {year} 文件。"
            raise CalendarError(message) from error
    return calendar


def year_document(year: int, days: Sequence[NoticeDay]) -> str:
    """The TOML text that `parse_calendar_file` reads back as these days."""
    lines = [f"# {year} 年放假安排，由 hotline workdays import 写入。"]
    for day in days:
        kind = "makeup" if day.makeup else "holiday"
        # A JSON string of printable characters is a TOML string too.
        name = json.dumps("".join(char for char in day.name if char.isprintable()) or "节日", ensure_ascii=False)
        lines += ["", "[[day]]", f"date = {day.date.isoformat()}", f'type = "{kind}"', f"name = {name}"]
    return "\n".join(lines) + "\n"
