"""A request to look at who reports (启封), as the case carries it; `unsealing` has the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=24)
"""How long who was let may look, from the moment it was granted."""


@dataclass(frozen=True, slots=True)
class Unsealing:
    """One request; `granted` is None until the second person has said yes or no."""

    id: str
    asker: str
    why: str
    asked_at: datetime
    granted: bool | None = None
    decider: str = ""
    decided_at: datetime | None = None

    def opens(self, account_id: str, now: datetime | None) -> bool:
        """Whether this account may look at `now`; without a time, whether it ever might."""
        if not self.granted or self.asker != account_id or self.decided_at is None:
            return False
        return now is None or now < self.decided_at + WINDOW
