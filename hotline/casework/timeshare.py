"""Whose working minutes a case took: every minute from receipt to closing is charged to exactly one holder (design §4).

Shares are working minutes (the calendar's bands of working days); elapsed minutes stand beside them, because a clock
in hours runs at night too. Both add up exactly: each stretch (`stretches`) ends in the minute in which the next begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.worked_minutes import minute_of, worked_until

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hotline.casework.calendars import Calendar
    from hotline.casework.holding import Part
    from hotline.casework.stretches import Stretch


@dataclass(frozen=True, slots=True)
class Share:
    """What one holder took of a case's time, in working minutes and in elapsed ones."""

    part: Part
    body_id: str | None
    minutes: int
    elapsed: int


def shares(cuts: Iterable[Stretch], calendar: Calendar, until: datetime) -> tuple[Share, ...]:
    """What each holder took up to a moment, the most first; together exactly the time from receipt to then."""
    return taken(cuts, calendar, None, until)


def taken(cuts: Iterable[Stretch], calendar: Calendar, since: datetime | None, until: datetime) -> tuple[Share, ...]:
    """What each holder took between two moments, the most first."""
    found: dict[tuple[Part, str | None], list[int]] = {}
    for each in cuts:
        begin = max(each.start, since) if since else each.start
        end = min(each.end or until, until)
        if end <= begin:
            continue
        sums = found.setdefault((each.part, each.body_id), [0, 0])
        sums[0] += worked_until(calendar, end) - worked_until(calendar, begin)
        sums[1] += minute_of(end) - minute_of(begin)
    made = (Share(part, body, sums[0], sums[1]) for (part, body), sums in found.items())
    return tuple(sorted(made, key=lambda each: (-each.minutes, -each.elapsed, each.part, each.body_id or "")))
