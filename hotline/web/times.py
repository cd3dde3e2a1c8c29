"""How times look on a page: local moments and days, remaining time in words, whether it is late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hotline.moments import SHANGHAI
from hotline.store.types import FAR
from hotline.web.context import now

if TYPE_CHECKING:
    from datetime import date, datetime

MINUTES_AN_HOUR = 60
MINUTES_A_DAY = 24 * 60


def moment(value: datetime | None) -> str:
    """11月21日 14:30 in Asia/Shanghai, with the year where it is another one than now."""
    return "" if value is None else moment_in(value, now().astimezone(SHANGHAI).year)


def moment_in(value: datetime, year: int) -> str:
    """The same, read in this year."""
    local = value.astimezone(SHANGHAI)
    named = "" if local.year == year else f"{local.year}年"
    return f"{named}{local.month}月{local.day}日 {local.hour:02}:{local.minute:02}"


def day(value: date | datetime | None) -> str:
    """11月21日, with the year where it is another one than now; a moment is taken in Asia/Shanghai."""
    if value is None:
        return ""
    local = value.astimezone(SHANGHAI) if hasattr(value, "astimezone") else value
    year = "" if local.year == now().astimezone(SHANGHAI).year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日"


def until(value: datetime | None) -> str:
    """A deadline: 11月20日 24:00 and not 11月21日 00:00, so that nobody takes the next day for the last one."""
    if value is None:
        return ""
    local = value.astimezone(SHANGHAI)
    ends_a_day = (local.hour, local.minute, local.second) == (0, 0, 0)
    return f"{day(local - timedelta(days=1))} 24:00" if ends_a_day else moment(value)


def clock_time(value: datetime | None) -> str:
    """14:30 in Asia/Shanghai."""
    return "" if value is None else f"{value.astimezone(SHANGHAI):%H:%M}"


def form_moment(value: datetime) -> str:
    """A time as `<input type=datetime-local>` wants it, in Asia/Shanghai."""
    return f"{value.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"


def remaining(due: datetime | None, breach: datetime | None = None) -> str:
    """剩 3 小时 20 分, or 逾期 1 天 2 小时 once `breach` (or `due`) has passed; calendar time, not working time."""
    return "—" if due is None or due == FAR else remaining_at(now(), due, breach or due)


def remaining_at(at: datetime, due: datetime, breach: datetime) -> str:
    """The same at a moment."""
    late = at > breach
    left = breach if at > due or late else due
    return f"{'逾期' if late else '剩'} {duration(abs((left - at).total_seconds()))}"


def duration(seconds: float) -> str:
    """A span in its two largest units."""
    minutes = int(seconds // 60)
    days, rest = divmod(minutes, MINUTES_A_DAY)
    hours, minutes_left = divmod(rest, MINUTES_AN_HOUR)
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {minutes_left} 分" if minutes_left else f"{hours} 小时"
    return f"{minutes_left} 分" if minutes_left else "不到 1 分"


def is_late(breach: datetime | None) -> bool:
    """Whether a deadline has passed."""
    return breach is not None and breach != FAR and now() > breach


def tag_class(due: datetime | None, breach: datetime | None = None, warn: datetime | None = None) -> str:
    """The badge's class: late, soon (the warning time is reached), or none."""
    return "" if due is None or due == FAR else tag_at(now(), breach or due, warn or due)


def tag_at(at: datetime, breach: datetime, warn: datetime) -> str:
    """The same at a moment."""
    if breach != FAR and at > breach:
        return "tag-late"
    return "tag-soon" if at >= warn else ""
