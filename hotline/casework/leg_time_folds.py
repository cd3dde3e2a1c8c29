"""What an event makes of a leg's time: suspended and resumed, more asked for and answered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from hotline.casework.event_data import text_in
from hotline.casework.leg_folds import change_leg
from hotline.casework.legs import TracedLeg
from hotline.records import ExtensionRequest
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from hotline.records import CaseEvent, CaseSnapshot, Leg


def suspension(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """SUSPEND and RESUME."""
    suspended = event.action is Action.SUSPEND
    return change_leg(snapshot, text_in(event.data, "leg_id"), lambda leg: replace(leg, suspended=suspended))


def requested(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """REQUEST_EXTEND: more time is asked for, and waits for an answer."""
    data = event.data
    request = ExtensionRequest(
        id=text_in(data, "request_id"),
        leg_id=text_in(data, "leg_id"),
        policy=text_in(data, "policy"),
        amount=cast("int", data["amount"]),
        requested_at=event.at,
    )
    return replace(snapshot, extensions=(*snapshot.extensions, request))


def request_answered(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """EXTEND and REFUSE_EXTEND: the request is answered; what was granted stands on the leg."""
    done = text_in(event.data, "request_id")
    after = replace(snapshot, extensions=tuple(item for item in snapshot.extensions if item.id != done))
    if event.action is Action.REFUSE_EXTEND:
        return after
    policy = text_in(event.data, "policy")

    def change(leg: Leg) -> Leg:
        return replace(leg, extended=(*leg.extended, policy)) if isinstance(leg, TracedLeg) else leg

    return change_leg(after, text_in(event.data, "leg_id"), change)
