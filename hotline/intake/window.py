"""A stretch of a long text that moves on as it is read: what lies behind is let go."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Window:
    """The text from the last place asked for; `ended` once nothing follows it."""

    def __init__(self, chunks: Iterator[str]) -> None:
        """Begin before the first chunk."""
        self._chunks = chunks
        self.text = ""
        self.ended = False

    def more(self, at: int) -> None:
        """Let go what stands before `at`, which becomes place 0, and read on.

        As much again is read as is kept, so that a record over many chunks costs no more than its length.
        """
        parts, wanted = [self.text[at:]], len(self.text) - at
        have = -1
        while have < wanted:
            chunk = next(self._chunks, None)
            if chunk is None:
                self.ended = True
                break
            parts.append(chunk)
            have = max(have, 0) + len(chunk)
        self.text = "".join(parts)
