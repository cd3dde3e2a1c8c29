"""Working bands of a day (`9:00-12:00 13:30-17:30`), any number of them, in minutes after midnight in Asia/Shanghai."""

from __future__ import annotations

import re
from itertools import pairwise

from hotline.errors import CalendarError

Bands = tuple[tuple[int, int], ...]
USUAL: Bands = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60 + 30))
"""9:00–12:00 and 13:30–17:30, which serve where a deployment has adopted nothing else."""
HOUR, DAY = 60, 24 * 60
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—至~]\s*(\d{1,2}):(\d{2})")
_BETWEEN = re.compile(r"[\s,，;；、]*")


def parse_bands(text: str) -> Bands:
    """Read the bands of a day, in order.

    Raises:
        CalendarError: Nothing is there, a time is none, a band ends before it begins, or two overlap.
    """
    if not text.strip() or _BETWEEN.sub("", _SPAN.sub("", text.replace("：", ":"))):
        message = f"工作时段“{text.strip()[:60]}”读不出来。请写成 9:00-12:00 13:30-17:30 的样子。"
        raise CalendarError(message)
    found = []
    for start_hour, start_minute, end_hour, end_minute in _SPAN.findall(text.replace("：", ":")):
        opening = int(start_hour) * HOUR + int(start_minute)
        close = int(end_hour) * HOUR + int(end_minute)
        if int(start_minute) >= HOUR or int(end_minute) >= HOUR or not opening < close <= DAY:
            message = (
                f"工作时段 {start_hour}:{start_minute}-{end_hour}:{end_minute} 不对：结束要晚于开始，且在同一天内。"
            )
            raise CalendarError(message)
        found.append((opening, close))
    bands = tuple(sorted(found))
    for one, other in pairwise(bands):
        if other[0] < one[1]:
            message = f"工作时段 {bands_text((one,))} 与 {bands_text((other,))} 重叠。请改正后重试。"
            raise CalendarError(message)
    return bands


def bands_text(bands: Bands) -> str:
    """The bands as `parse_bands` reads them."""
    return " ".join(f"{a // HOUR}:{a % HOUR:02}-{b // HOUR}:{b % HOUR:02}" for a, b in bands)


def minutes_a_day(bands: Bands) -> int:
    """How long a working day is."""
    return sum(close - opening for opening, close in bands)
