"""In whose hands a case is; each part has one holder, a body or the desk (design §4).

- 派单台: the desk sorts, dispatches, reviews or calls back;
- 待签收, 承办: the lead leg waits to be signed, or is worked on;
- 等待协办: the lead has decided or told the result and a co leg is still open (that body holds the case);
- 等待来电人: a signed dispute cannot be accepted because who complains is not known (121号令第10条);
- 中止计时: the lead leg is suspended (鉴定, 公告 …);
- 退单往返: from the opening of a lead leg that was returned until the next dispatch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.legs import TracedLeg, current_lead, open_legs
from hotline.vocabulary import Action, CaseState, Kind, LegRole, LegState, NoticeSubject, Term

if TYPE_CHECKING:
    from hotline.records import CaseSnapshot, Leg


class Part(Term):
    """环节: in whose hands a case is, as the cause of a breach."""

    DESK = "desk", "派单台"
    SIGNING = "signing", "待签收"
    HANDLING = "handling", "承办"
    CO = "co", "等待协办"
    CALLER = "caller", "等待来电人"
    PAUSED = "paused", "中止计时"
    RETURNING = "returning", "退单往返"


def holder_of(snapshot: CaseSnapshot, returned: set[str]) -> tuple[Part, str | None]:
    """The part and the body that has the case; `returned` are the lead legs that were given back in the end."""
    if snapshot.state is CaseState.DISPUTED:
        return Part.RETURNING, None
    lead = current_lead(snapshot)
    if snapshot.state is not CaseState.DISPATCHED or lead is None:
        return Part.DESK, None
    if lead.id in returned:
        return Part.RETURNING, lead.body_id
    co = [leg for leg in open_legs(snapshot) if leg.role is LegRole.CO]
    if co and _done(lead):
        return Part.CO, min(co, key=lambda leg: (leg.opened_at, leg.id)).body_id
    return _at_lead(snapshot, lead), lead.body_id


def _at_lead(snapshot: CaseSnapshot, lead: Leg) -> Part:
    if lead.suspended:
        return Part.PAUSED
    if lead.state is LegState.QUEUED:
        return Part.SIGNING
    if lead.state is LegState.SIGNED and snapshot.kind is Kind.DISPUTE and not snapshot.named:
        return Part.CALLER
    return Part.HANDLING


def _done(lead: Leg) -> bool:
    """Whether the lead has nothing left but to close: resolved, decided, or the result told."""
    decided = isinstance(lead, TracedLeg) and Action.DECIDE in lead.facts
    return decided or lead.state is LegState.RESOLVED or NoticeSubject.RESULT in lead.told
