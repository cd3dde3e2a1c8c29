"""Which legs a case has: opened and closed as it is dispatched, all closed with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from hotline.casework.event_data import term
from hotline.casework.legs import TracedLeg, current_lead, open_legs
from hotline.vocabulary import OPEN_CASE_STATES, Action, CaseState, LegRole, LegState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from hotline.records import CaseEvent, CaseSnapshot, Leg


def assigned(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """DISPATCH, REASSIGN, RULE: close the legs under `closed`, open those under `legs`; the others go on."""
    closed = set(cast("Sequence[str]", event.data.get("closed", ())))
    kept = tuple(_closed(leg, event.at) if leg.id in closed else leg for leg in snapshot.legs)
    opened = tuple(
        TracedLeg(item["leg_id"], item["body_id"], term(LegRole, item["role"]), LegState.QUEUED, event.at)
        for item in cast("Sequence[Mapping[str, str]]", event.data.get("legs", ()))
    )
    ruled = snapshot.ruled or event.action is Action.RULE
    return replace(snapshot, legs=(*kept, *opened), state=CaseState.DISPATCHED, ruled=ruled)


def _closed(leg: Leg, at: datetime) -> Leg:
    return replace(leg, state=LegState.CLOSED, closed_at=at, suspended=False)


def settled(snapshot: CaseSnapshot, event: CaseEvent) -> dict[str, Any]:
    """What follows: a closed case has no open leg; a resolved lead without open legs resolves the case."""
    changes: dict[str, Any] = {}
    running = {leg.id for leg in open_legs(snapshot)}
    if snapshot.state not in OPEN_CASE_STATES:
        if running:
            changes["legs"] = tuple(_closed(leg, event.at) if leg.id in running else leg for leg in snapshot.legs)
        changes["closed_at"] = snapshot.closed_at or event.at
        running = set()
    elif snapshot.state is CaseState.DISPATCHED and not running and current_lead(snapshot):
        changes["state"] = CaseState.RESOLVED
    if any(item.leg_id not in running for item in snapshot.extensions):
        changes["extensions"] = tuple(item for item in snapshot.extensions if item.leg_id in running)
    return changes
