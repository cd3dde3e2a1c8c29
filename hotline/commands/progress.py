"""A bar on stderr for whoever watches a long command; a log gets nothing of it."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

WIDTH = 30
EVERY = 0.2
"""Seconds between two drawings."""


class Bar:
    """How many records were dealt with, how fast, and how much of the file has been read."""

    def __init__(self, share: Callable[[], float], *, to: TextIO | None = None) -> None:
        """Ask `share` for the part that was read, 0 to 1."""
        self._share, self._to = share, to or sys.stderr
        self._begin = self._last = time.monotonic()
        self._drawn = 0

    def __call__(self, count: int) -> None:
        """Tell the count; it is drawn a few times a second at most."""
        now = time.monotonic()
        if self._to.isatty() and now - self._last >= EVERY:
            self._last = now
            self._draw(count, now - self._begin)

    def _draw(self, count: int, seconds: float) -> None:
        share = min(1.0, max(0.0, self._share()))
        bar = "█" * int(share * WIDTH)
        line = f"{bar:░<{WIDTH}} {share:4.0%}  已处理 {count} 条，每秒 {count / seconds:.0f} 条"
        self._drawn = len(line) + 16  # Wide characters take two places.
        self._to.write(f"\r{line}")
        self._to.flush()

    def close(self) -> None:
        """Leave a clean line."""
        if self._drawn:
            self._to.write("\r" + " " * self._drawn + "\r")
            self._to.flush()
