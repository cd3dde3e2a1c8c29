"""A mark of possible crime on a case, as `crime` finds it and lists show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CrimeFlag:
    """A rule that a case meets (`level` 2) or comes near to (1).

    `percent` is the share of the threshold, 0 for an act or a sign. `threshold` and `found` are in words, `words` are
    those of the text that said so. `since` and `until` bound the regime by the day of receipt.
    """

    rule: str
    crime: str
    article: str
    since: date
    until: date | None
    level: int
    percent: int
    threshold: str
    found: str
    words: tuple[str, ...]
    grave: bool = False

    @property
    def mark(self) -> str:
        """What lists show, sortable: the level, then the crime."""
        return f"{self.level}{self.crime}{f' {self.percent}%' if self.percent else ''}"
