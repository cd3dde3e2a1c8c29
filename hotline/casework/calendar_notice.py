"""What people are told of the yearly notice: that the next one is missing, and what a file would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.calendar_file import diff_year
from hotline.casework.day_kinds import is_workday

if TYPE_CHECKING:
    from datetime import date

    from hotline.casework.calendars import Calendar, NoticeDay

NOVEMBER = 11


def missing_notice(calendar: Calendar, today: date) -> str:
    """What is missing, in Chinese; empty where nothing is. The notice of a year comes out in November before it."""
    last = calendar.last_announced
    if last < today.year:
        return f"缺少 {today.year} 年的放假安排（只到 {last} 年），时限无法推算。请立即导入 {today.year} 年放假通知。"
    if last == today.year and today.month >= NOVEMBER:
        return f"还没有 {last + 1} 年的放假安排，跨年时限为暂定。国办通知公布后请导入。"
    return ""


def notice_changes(calendar: Calendar, year: int, days: tuple[NoticeDay, ...]) -> tuple[str, ...]:
    """What a year's notice would change: whether the year is new, then a line for each day that differs."""
    lines = diff_year(calendar, year, days)
    state = "已有" if year in calendar.announced else "新增，原为暂定（按放假办法推算）"
    off, made_up = sum(not day.makeup for day in days), sum(day.makeup for day in days)
    return (f"{year}：{state}；放假 {off} 天，补班 {made_up} 天；与现在的日历相差 {len(lines)} 天", *lines)


def region_changes(calendar: Calendar, year: int, days: tuple[NoticeDay, ...]) -> tuple[str, ...]:
    """What a region's exceptions would change of the calendar at that place."""
    lines = [
        f"{day.date} {is_workday(calendar, day.date).reason} → {day.name}{'上班' if day.makeup else '放假'}"
        for day in days
    ]
    return (f"{year}：本地区例外 {len(days)} 天", *lines)
