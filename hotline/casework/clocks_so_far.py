"""What has been seen while the events of a case are folded into clocks (`clock_fold`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hotline.casework.policies import applicable
from hotline.moments import local_date
from hotline.vocabulary import OPEN_LEG_STATES, AgencyType, LegRole, LegState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hotline.casework.clock_draft import Draft
    from hotline.casework.policy import Policy
    from hotline.records import CaseEvent, CaseSnapshot, Leg


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


def stop_where(fold: Fold, event: CaseEvent, which: Callable[[Draft], bool]) -> None:
    """Stop the running drafts for which this holds."""
    for draft in fold.drafts:
        if draft.running and which(draft):
            draft.stop(event)
