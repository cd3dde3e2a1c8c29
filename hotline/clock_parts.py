"""What a clock's explanation is made of: its days, pauses and extensions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hotline.vocabulary import Unit


@dataclass(frozen=True, slots=True)
class DayTrace:
    """Why one day counted or not."""

    date: date
    counted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ClockPause:
    """A span in which a clock stood still, with the reason's code; `until` is None while it lasts."""

    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class ClockExtension:
    """An approved extension of a clock: when, how much of which unit, and by whom (an account's id)."""

    at: datetime
    amount: int
    unit: Unit
    approver: str
