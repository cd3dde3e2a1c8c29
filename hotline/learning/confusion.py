"""The model's category against the desk's, over the newest decision of each case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WEEKS = 8


@dataclass(frozen=True, slots=True)
class Pair:
    """How many cases the model called `guess` and the desk `decided`."""

    guess: str
    decided: str
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """One category as the model says it: decided cases, those confirmed, and the desk's other categories."""

    guess: str
    count: int
    right: int
    others: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Confusion:
    """All lines, the most corrected first; `right` of `count` decided cases kept the model's category."""

    count: int
    right: int
    lines: tuple[Line, ...]


def confusion(decisions: Mapping[tuple[str, str], int]) -> Confusion:
    """Arrange counts by (the model's category, the desk's category)."""
    lines = []
    for guess in {guess for guess, _ in decisions}:
        mine = {decided: count for (said, decided), count in decisions.items() if said == guess and count}
        others = [Pair(guess, decided, count) for decided, count in mine.items() if decided != guess]
        others.sort(key=lambda pair: (-pair.count, pair.decided))
        lines.append(Line(guess, sum(mine.values()), mine.get(guess, 0), tuple(others)))
    lines.sort(key=lambda line: (line.right - line.count, line.guess))
    return Confusion(sum(line.count for line in lines), sum(line.right for line in lines), tuple(lines))
