"""What an event makes of the whole case: registered, classified, called back, ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from hotline.casework import bonds, unsealing
from hotline.casework.event_data import term, text_in
from hotline.casework.leg_folds import change_leg
from hotline.casework.legs import current_lead
from hotline.vocabulary import CaseState, Kind, LegState, Urgency

if TYPE_CHECKING:
    from collections.abc import Callable

    from hotline.records import CaseEvent, CaseSnapshot


def registered(event: CaseEvent) -> CaseSnapshot:
    """REGISTER: the case as it begins."""
    data = event.data
    kind = term(Kind, data.get("kind"))
    return bonds.TracedCase(
        case_id=event.case_id,
        office_id=text_in(data, "office_id"),
        complaint_id=text_in(data, "complaint_id"),
        state=term(CaseState, data.get("state")),
        seq=event.seq,
        kind=kind,
        urgency=term(Urgency, data.get("urgency")),
        channel=text_in(data, "channel"),
        received_at=datetime.fromisoformat(text_in(data, "received_at")),
        named=data.get("named") is True,
        category=text_in(data, "category"),
        setting=text_in(data, "setting"),
        lacking=bonds.codes(data, "lacking"),
        protected=kind is Kind.REPORT,
        registrar=event.actor_id,
    )


def unchanged(snapshot: CaseSnapshot, _event: CaseEvent) -> CaseSnapshot:
    """An action that changes nothing visible."""
    return snapshot


def classified(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """CLASSIFY: what a person decided; a returned case still waits for its return to be decided."""
    data = event.data
    disputed = snapshot.state is CaseState.DISPUTED
    after = replace(
        snapshot,
        category=text_in(data, "category"),
        setting=text_in(data, "setting"),
        kind=term(Kind, data.get("kind")),
        urgency=term(Urgency, data.get("urgency")),
        state=snapshot.state if disputed else term(CaseState, data.get("state")),
    )
    return unsealing.reclassified(snapshot, after, event)


def reworked(snapshot: CaseSnapshot) -> CaseSnapshot:
    """SEND_BACK and an unhappy follow-up: the lead that resolved has it again, signed."""
    lead = current_lead(snapshot)
    after = replace(snapshot, state=CaseState.DISPATCHED)
    if lead is None:
        return after
    return change_leg(after, lead.id, lambda leg: replace(leg, state=LegState.SIGNED, closed_at=None))


def followed_up(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """FOLLOW_UP: archived, or done again where the caller is unhappy and the desk says so."""
    again = event.data.get("satisfied") == "no" and event.data.get("reopen") is True
    return reworked(snapshot) if again else replace(snapshot, state=CaseState.ARCHIVED)


def to_state(state: CaseState) -> Callable[[CaseSnapshot, CaseEvent], CaseSnapshot]:
    """The fold of an action that always leads to one state."""
    return lambda snapshot, _event: replace(snapshot, state=state)
