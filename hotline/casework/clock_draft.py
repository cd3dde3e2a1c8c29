"""Clocks being built up while the events of a case are folded (`clock_fold`): the drafts, and what was seen so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hotline.casework.policies import applicable
from hotline.moments import local_date
from hotline.vocabulary import OPEN_LEG_STATES, AgencyType, LegRole, LegState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hotline.casework.policy import Policy
    from hotline.clock_parts import ClockExtension
    from hotline.records import CaseEvent, CaseSnapshot, Leg
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


@dataclass
class Fold:
    """What has been seen so far: the case, its drafts and the legs that are suspended, with the reason."""

    case: CaseSnapshot
    policies: Sequence[Policy]
    body_types: Mapping[str, AgencyType]
    region: str | None
    drafts: list[Draft] = field(default_factory=list)
    suspended: dict[str, str] = field(default_factory=dict)
    chosen_before: dict[tuple[str, ...], tuple[Policy, ...]] = field(default_factory=dict)

    @property
    def lead_body_id(self) -> str | None:
        """The body of the lead leg that runs or resolved last; None while the desk holds the case."""
        leads = [leg for leg in self.case.legs if leg.role is LegRole.LEAD]
        last = leads[-1] if leads else None
        return last.body_id if last and last.state in OPEN_LEG_STATES | {LegState.RESOLVED} else None

    def running(self, leg_id: str | None) -> list[Draft]:
        """The running drafts of one leg, or with None those of the case."""
        mine = (draft for draft in self.drafts if draft.leg_id == leg_id and draft.matter_id is None)
        return [draft for draft in mine if draft.running]

    def chosen(self, agency_type: AgencyType) -> tuple[Policy, ...]:
        """The policies that apply to this case when a body of this type has it."""
        case = self.case
        key = (agency_type, case.kind, case.urgency, case.category)
        if key not in self.chosen_before:
            self.chosen_before[key] = applicable(
                self.policies,
                kind=case.kind,
                agency_type=agency_type,
                channel=case.channel,
                urgency=case.urgency,
                received_on=local_date(case.received_at),
                region=self.region,
                category=case.category,
            )
        return self.chosen_before[key]

    def body_type(self, leg: Leg) -> AgencyType:
        """The agency type of a leg's body."""
        return self.body_types.get(leg.body_id, AgencyType.ANY)
