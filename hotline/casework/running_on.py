"""Clocks in hours and minutes: they run on through nights, weekends and holidays."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from hotline.casework.paused_spans import PAUSED
from hotline.clock_parts import DayTrace
from hotline.moments import local_date
from hotline.records import Due
from hotline.vocabulary import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

CONTINUOUS = {Unit.HOUR: timedelta(hours=1), Unit.MINUTE: timedelta(minutes=1)}


def continuous(started_at: datetime, length: timedelta, spans: Iterable[tuple[datetime, datetime]]) -> Due:
    """When so many hours after the start are over, the spans left out."""
    start = started_at.astimezone(UTC)
    end = start + length
    trace = [DayTrace(local_date(start), counted=True, reason="自起算时刻连续计算，夜间、周末和节假日照走")]
    for pause_start, pause_end in spans:
        if pause_start < end and pause_end > start:
            end += pause_end - max(pause_start, start)
            trace.append(DayTrace(local_date(pause_start), counted=False, reason=PAUSED))
    return Due(local_date(end), None, end, end, provisional=False, trace=tuple(trace))
