"""What a case puts into the summary: its closed clocks, met or late, and whose time it took."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hotline.casework.policy_file import load_policies
from hotline.moments import local_date

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hotline.casework.timeshare import Share
    from hotline.records import Clock

MET, LATE, TIME = "met", "late", "time"


class Entry(NamedTuple):
    """What one closed clock, or one holder's time in a closed case, adds: `n` is 1."""

    day: str
    body_id: str
    category: str
    channel: str
    policy: str
    outcome: str
    cause: str
    n: int
    minutes: int


@lru_cache(maxsize=1)
def permission_windows() -> frozenset[str]:
    """Policies that only permit something for a time (退单窗口): they end by themselves and are never breached."""
    return frozenset(policy.id for policy in load_policies() if policy.window)


def clock_entry(clock: Clock, category: str, channel: str) -> Entry | None:
    """What a clock adds; None while it runs, and for a permission window."""
    if clock.stopped_at is None or clock.policy in permission_windows():
        return None
    outcome = LATE if clock.stopped_at > clock.due.breach_at else MET
    day = local_date(clock.started_at).isoformat()
    cause = clock.cause if outcome == LATE else ""
    return Entry(day, clock.body_id or "", category, channel, clock.policy, outcome, cause, 1, clock.worked)


def clock_entries(clocks: Iterable[Clock], category: str, channel: str) -> list[Entry]:
    """What the closed ones of a case's clocks add."""
    return [each for clock in clocks if (each := clock_entry(clock, category, channel))]


def time_entries(spent: Iterable[Share], received_at: datetime, category: str, channel: str) -> list[Entry]:
    """What the holders' shares of a closed case add."""
    day = local_date(received_at).isoformat()
    return [
        Entry(day, each.body_id or "", category, channel, "", TIME, str(each.part), 1, each.minutes) for each in spent
    ]


def entries_kept(counted: str | None) -> list[Entry]:
    """What a case has put into the summary, as `case_tally` holds it."""
    return [Entry(*each) for each in json.loads(counted)] if counted else []
