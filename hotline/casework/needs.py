"""What an action asks for: the fields of its form, declared once and checked once (`need_reading`).

The need named `text` is the command's free text (stored encrypted); every other need goes into the event, which holds
codes and ids only: a short line there is one line, at most 100 characters, without a run of digits that could be a
phone or an ID number.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

TEXT = "text"


class NeedKind(StrEnum):
    """How a need is asked for and checked."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    BODY = "body"
    BODIES = "bodies"
    BOOL = "bool"
    DATETIME = "datetime"
    NUMBER = "number"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Need:
    """One field: `choices` are (code, Chinese label).

    A choice without choices is filled by the page: categories and settings from the taxonomy, ids from the case.
    `limit` is the largest number allowed, the smallest is 1.
    """

    name: str
    label: str
    kind: NeedKind
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    limit: int = 3650


@dataclass(frozen=True, slots=True)
class Span:
    """The time an action may name: not before the case (or leg), not after now; both aware."""

    earliest: datetime
    now: datetime

    def check(self, at: datetime) -> str:
        """What is wrong with `at`, or an empty string."""
        if at.utcoffset() is None:
            return "时间没有时区，请带上时区填写"
        if at > self.now:
            return "时间在将来，请填写已经发生的时间"
        if at < self.earliest:
            return "时间早于本件收到或交办的时间，请核对"
        return ""
