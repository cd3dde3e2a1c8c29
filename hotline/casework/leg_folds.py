"""What an event makes of one leg: signed, decided, told, given back.

Where the lifecycle's table gives a leg's next state, the fold takes that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.casework.agency_moves import AGENCY_MOVES
from hotline.casework.event_data import text_in
from hotline.casework.legs import FACTS, TracedLeg
from hotline.vocabulary import OPEN_LEG_STATES, Action, CaseState, LegRole, LegState

if TYPE_CHECKING:
    from collections.abc import Callable

    from hotline.records import CaseEvent, CaseSnapshot, Leg

_LEG_TO = {(row.action, kind): row.to for row in AGENCY_MOVES for kind in row.kinds if isinstance(row.to, LegState)}


def change_leg(snapshot: CaseSnapshot, leg_id: str, change: Callable[[Leg], Leg]) -> CaseSnapshot:
    """The case with one of its legs changed."""
    return replace(snapshot, legs=tuple(change(leg) if leg.id == leg_id else leg for leg in snapshot.legs))


def stepped(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """An action of a leg that has a next state in the lifecycle's table."""
    to = _LEG_TO.get((event.action, snapshot.kind))
    if to is None:
        return snapshot
    is_open = to in OPEN_LEG_STATES

    def change(leg: Leg) -> Leg:
        signed_at = event.at if event.action is Action.SIGN else leg.signed_at
        still = leg.suspended and is_open
        return replace(leg, state=to, signed_at=signed_at, suspended=still, closed_at=None if is_open else event.at)

    return change_leg(snapshot, text_in(event.data, "leg_id"), change)


def returned(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """RETURN: the leg goes back; a lead's return leaves the case to the dispatch desk."""
    leg = snapshot.leg(text_in(event.data, "leg_id"))
    after = stepped(snapshot, event)
    if leg is None or leg.role is LegRole.CO:
        return after
    return replace(after, state=CaseState.DISPUTED, returns=snapshot.returns + 1)


def notified(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """NOTIFY: what the caller was told, each subject once."""
    subject = text_in(event.data, "subject")

    def change(leg: Leg) -> Leg:
        return leg if subject in leg.told else replace(leg, told=(*leg.told, subject))

    return change_leg(snapshot, text_in(event.data, "leg_id"), change)


def noted(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """Remember on the leg that this happened there."""
    if event.action not in FACTS:
        return snapshot

    def change(leg: Leg) -> Leg:
        return replace(leg, facts=leg.facts | {event.action}) if isinstance(leg, TracedLeg) else leg

    return change_leg(snapshot, text_in(event.data, "leg_id"), change)
