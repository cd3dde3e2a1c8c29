"""Spans that do not count: closed and merged, and the days that they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.calendars import ONE_DAY
from hotline.moments import local_date

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    Pause = tuple[datetime, datetime | None]

PAUSED = "中止计时，不计入"


def closed_spans(pauses: Iterable[Pause], now: datetime | None) -> list[tuple[datetime, datetime]]:
    """Closed spans in order, overlapping ones merged."""
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted((start, end or now or start) for start, end in pauses):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def paused_days(spans: Iterable[tuple[datetime, datetime]]) -> frozenset[date]:
    """The days that the spans take: the day a pause begins counts, the day it ends does not."""
    days: set[date] = set()
    for start, end in spans:
        day, last = local_date(start), local_date(end)
        while day < last:
            day += ONE_DAY
            days.add(day)
    return frozenset(days)
