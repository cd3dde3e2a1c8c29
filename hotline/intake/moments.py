"""Times as forms, files and programs write them → aware UTC."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from hotline.errors import InvalidInputError

SHANGHAI = ZoneInfo("Asia/Shanghai")
UTC = timezone.utc  # noqa: UP017 - one name for the whole room, importable as a constant
_EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's serial day has no zone; Shanghai is set below
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,12})?")
_WRITTEN = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?"
    r"(?:[T\s]*(?:(?:星期|周)[一二三四五六日天])?\s*(?P<half>上午|下午|晚上|中午|凌晨|AM|PM|am|pm)?\s*"
    r"(?P<h>\d{1,2})\s*[:：时点]\s*(?:(?P<min>\d{1,2})\s*(?:[:：分]\s*(?:(?P<s>\d{1,2})(?:\.\d{1,9})?\s*秒?)?)?)?"
    r"\s*(?P<late>AM|PM|am|pm)?)?"
    r"\s*(?P<zone>Z|z|[+-]\d{2}:?\d{2})?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?)?")
_SERIAL_RANGE = (20_000, 80_000)
_SUM = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})")
_LONGEST = 60
_YEARS = range(1970, 2101)
_NOON = 12


def _zone(text: str | None) -> timezone | ZoneInfo:
    """The zone an offset names; Shanghai where none is written."""
    if not text:
        return SHANGHAI
    if text in {"Z", "z"}:
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))


def _hour(hour: int, half: str) -> int:
    """The hour of 24 for 下午3时 and 3 PM."""
    if half in {"下午", "晚上", "pm"} and hour < _NOON:
        return hour + _NOON
    return 0 if half in {"am", "凌晨"} and hour == _NOON else hour


def _read(text: str) -> datetime | None:
    """A moment, or None where the form is not one of those known. ValueError where the calendar has no such moment."""
    if written := _WRITTEN.fullmatch(text):
        half = (written["half"] or written["late"] or "").lower()
        clock = (_hour(int(written["h"] or 0), half), int(written["min"] or 0), int(written["s"] or 0))
        return datetime(int(written["y"]), int(written["m"]), int(written["d"]), *clock, tzinfo=_zone(written["zone"]))
    if compact := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in compact.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
    if _SERIAL.fullmatch(text) and _SERIAL_RANGE[0] <= float(text) <= _SERIAL_RANGE[1]:
        moment = _EXCEL_DAY_ZERO + timedelta(seconds=round(float(text) * 86_400))
        return moment.replace(tzinfo=SHANGHAI)
    try:
        iso = datetime.fromisoformat(text)
    except ValueError:
        return None
    return iso if iso.tzinfo else iso.replace(tzinfo=SHANGHAI)


def parse_moment(text: str) -> datetime:
    """A moment in UTC; without an offset it is Asia/Shanghai, a day alone begins at 00:00. Excel serial days are known.

    Raises:
        InvalidInputError: It cannot be read, or the calendar has no such time (2023-02-30).
    """
    text = text.strip()
    try:
        moment = _read(text) if len(text) <= 60 else None  # noqa: PLR2004 - longer than any time
        if moment and moment.year in _YEARS:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    message = "时间无法识别，或日历上没有这一天。请写成 2026-11-21 09:30 的形式。"
    raise InvalidInputError(message, received_at="时间无法识别")


def parse_day(text: str) -> date | None:
    """The calendar day in Asia/Shanghai; None where it cannot be read."""
    try:
        return parse_moment(text).astimezone(SHANGHAI).date()
    except InvalidInputError:
        return None


def parse_amount(text: str) -> Decimal | None:
    """A sum in yuan (1,280.00, ¥50, 3000元), its sign dropped; None where it cannot be read. 1E+9 is no sum."""
    plain = re.sub(r"[,，\s¥￥元圆块]|人民币|RMB", "", text[:_LONGEST])
    return abs(Decimal(plain)) if _SUM.fullmatch(plain) else None
