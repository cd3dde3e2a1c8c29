"""A clock being built up while the events of a case are folded (`clock_fold`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.casework.policy import Policy
    from hotline.clock_parts import ClockExtension
    from hotline.records import CaseEvent
    from hotline.vocabulary import Action


@dataclass
class Draft:
    """A clock being built up; `on_lead` marks the case clock that the lead agency answers for.

    `because` stands for the policy's own 起算点 where the clock began later than that.
    """

    policy: Policy
    seq: int
    started_at: datetime
    leg_id: str | None = None
    body_id: str | None = None
    matter_id: str | None = None
    party: int = 0
    on_lead: bool = False
    desk: bool = False
    demand: str = ""
    because: str = ""
    extended: int = 0
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    extensions: list[ClockExtension] = field(default_factory=list)
    stopped_at: datetime | None = None
    stopped_by: Action | None = None

    @property
    def running(self) -> bool:
        """Whether nothing has stopped it yet."""
        return self.stopped_at is None

    @property
    def paused_since(self) -> datetime | None:
        """Since when it stands still, where it does."""
        return self.pauses[-1][0] if self.running and self.pauses and self.pauses[-1][1] is None else None

    def stop(self, event: CaseEvent) -> None:
        """End it with an event; an open pause ends with it."""
        self.resume(event.at)
        self.stopped_at, self.stopped_by = event.at, event.action

    def pause(self, at: datetime, reason: str) -> None:
        """Let it stand still."""
        self.pauses.append((at, None))
        self.reasons.append(reason)

    def resume(self, at: datetime) -> None:
        """End an open pause."""
        if self.paused_since is not None:
            self.pauses[-1] = (self.pauses[-1][0], at)
