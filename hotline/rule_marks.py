"""What the rules of a process were made from, to see whether anything has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Times: TypeAlias = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the rules were made from: equal stamps mean that nothing has changed."""

    plans: int
    model: Times
    calendar: Times
    choice: int = 0
    promoted: Times = ()
    clocks: int = 0
    channels: Times = ()


def times_of(files: Iterable[Path]) -> Times:
    """When each of these files was last changed."""
    return tuple((path.name, path.stat().st_mtime_ns) for path in files)
