"""Calendar days in a text, resolved against the day the complaint was received (Asia/Shanghai).

A day of a month without a year is the latest one not after receipt; lunar days (三月初八) too. Weeks begin on Monday.
Vague times (月底, 上周) and impossible days are left out; so are batch, version, patent and registration numbers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hotline.intake.days_of_feasts import FEAST, LUNAR, feast_places
from hotline.intake.days_told import AGO, AHEAD, EDGE, MONTH_WORD, RELATIVE, SAME_DAY, WEEKDAY
from hotline.intake.days_written import BARE, COMPACT, DOTTED, MONTH_DAY, SIGNED, WORDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

READINGS = (
    *(WORDED, SIGNED, COMPACT, FEAST, MONTH_DAY, MONTH_WORD, LUNAR, EDGE, DOTTED),
    *(WEEKDAY, RELATIVE, SAME_DAY, AHEAD, AGO, BARE),
)
"""The more explicit before the less: of two that read the same characters the first one counts."""
_SCANNED = [(rank, reading) for rank, reading in enumerate(READINGS) if reading is not FEAST]
_FEASTS = ((READINGS.index(FEAST), FEAST),)
_CHARS = "".join(sorted({char for _, reading in _SCANNED for char in reading.hinge}))
_AT = {char: tuple(ranked for ranked in _SCANNED if char in ranked[1].hinge) for char in _CHARS}
# A plain class comes first: only then does the engine skip fast what cannot match.
_HINGE = re.compile(f"[{re.escape(_CHARS)}](?:{'|'.join(reading.look() for _, reading in _SCANNED)})")


def _matches(text: str) -> list[tuple[int, int, int, re.Match[str]]]:
    """What `pattern.finditer(text)` finds for each reading: start, minus the end, the reading's place, the match."""
    hinges = [(found.start(), _AT[found[0]]) for found in _HINGE.finditer(text)]
    hinges += [(place, _FEASTS) for place in feast_places(text)]
    found, ends = [], [0] * len(READINGS)
    for hinge, readings in hinges:
        for rank, reading in readings:
            for start in range(max(ends[rank], hinge - reading.far), hinge - reading.near + 1):
                if match := reading.pattern.match(text, start):
                    ends[rank] = match.end()
                    found.append((start, -match.end(), rank, match))
                    break
    return found


def _days(found: list[tuple[int, int, int, re.Match[str]]], today: date) -> Iterator[date | None]:
    """The days of the matches in their order; of those that overlap the first and longest counts."""
    end = 0
    for start, stop, rank, match in sorted(found):
        if start >= end:
            end = -stop
            yield from READINGS[rank].read(match, today)


def find_dates(text: str, today: date) -> tuple[date, ...]:
    """Days in order of the text, each once. `today` is the day of receipt in Asia/Shanghai."""
    found = _matches(text)
    if not found:
        return ()
    try:
        return tuple(dict.fromkeys(day for day in _days(found, today) if day))
    except (OverflowError, ValueError):  # The received time stands at the edge of the calendar.
        return ()
