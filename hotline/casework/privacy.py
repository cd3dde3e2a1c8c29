"""Who may see a case, and who may see who called.

`visible` is the one function that decides who may see a case: pages, API, exports, search and duplicates ask it.
Identity follows 121号令第37条: what mediation needs, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.unsealing import closed_to, guarded, may_open, registered_by
from hotline.intake.normalise import masked
from hotline.vocabulary import AGENCY_ROLES, DESK_ROLES, OPEN_LEG_STATES, Action, Kind, LegRole, Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hotline.records import Actor, CaseEvent, CaseSnapshot, Complaint, Leg

IDENTITY_LABELS = {"name": "姓名", "phone": "电话", "id_number": "证件号", "address": "地址"}
MEDIATION_FIELDS = frozenset({"name", "phone"})


def at_desk(snapshot: CaseSnapshot, actor: Actor) -> bool:
    """Whether the actor is an operator or a supervisor of the office that owns the case."""
    return actor.role in DESK_ROLES and actor.office_id == snapshot.office_id


def of_body(leg: Leg, actor: Actor) -> bool:
    """Whether the actor is a clerk or the responsible person of the body that holds the leg."""
    return actor.role in AGENCY_ROLES and actor.body_id is not None and actor.body_id == leg.body_id


def visible(snapshot: CaseSnapshot, actor: Actor) -> bool:
    """Whether the actor may see the case: the office's desk, a body with a leg in it, the system itself.

    A body keeps sight of a case it returned or lost, so that its own record can be followed; the caller's identity
    it no longer sees. Administrators keep accounts and keys and see no case.
    """
    if actor.role is Role.SYSTEM:
        return True
    return at_desk(snapshot, actor) or any(of_body(leg, actor) for leg in snapshot.legs)


def identity_fields(snapshot: CaseSnapshot, leg: Leg | None, actor: Actor) -> frozenset[str]:
    """Which fields of the caller's identity the actor may look at; each look is an event.

    The office's desk: all. For a dispute, who handles the lead leg while it runs: name and phone. For a report
    nobody beyond the desk: the agency asks through the desk.
    """
    if at_desk(snapshot, actor):
        return frozenset(IDENTITY_LABELS)
    if snapshot.kind is not Kind.DISPUTE or leg is None or not of_body(leg, actor):
        return frozenset()
    running_lead = leg.role is LegRole.LEAD and leg.state in OPEN_LEG_STATES
    return MEDIATION_FIELDS if running_lead else frozenset()


def sees_identity(snapshot: CaseSnapshot, leg: Leg | None, actor: Actor) -> bool:
    """Whether the actor may look at any of the caller's identity (see `identity_fields`)."""
    return bool(identity_fields(snapshot, leg, actor))


def look_fields(snapshot: CaseSnapshot, leg: Leg | None, actor: Actor, now: datetime | None) -> frozenset[str]:
    """Which fields the actor may look at now: where it is closed to them, only what a second person has let them see.

    Then the desk sees all, an agency name and phone. Without a time the question is whether it ever might.
    """
    if not closed_to(snapshot, actor):
        return identity_fields(snapshot, leg, actor)
    if not visible(snapshot, actor) or not may_open(snapshot, actor, now):
        return frozenset()
    return frozenset(IDENTITY_LABELS) if at_desk(snapshot, actor) else MEDIATION_FIELDS


def unnamed(text: str, complaint: Complaint, snapshot: CaseSnapshot) -> str:
    """A free text of the case as somebody reads it who must not learn who called."""
    return masked(text, complaint.reporter, whole=guarded(snapshot))


def texts_for(
    texts: Mapping[str, str], events: Sequence[CaseEvent], complaint: Complaint, snapshot: CaseSnapshot, actor: Actor
) -> dict[str, str]:
    """The free texts of the case's events, by event, for somebody who must not learn who called.

    What they wrote themselves without having looked at the caller or spoken to them stands as they wrote it: otherwise
    they could write down everybody they suspect, and the one name that is hidden would be the caller's.
    """
    mine = [event for event in events if event.actor_id == actor.account_id]
    knew = any(event.action in {Action.REGISTER, Action.LOOK} for event in mine)
    own = set() if knew else {event.id for event in mine}
    return {key: text if key in own else unnamed(text, complaint, snapshot) for key, text in texts.items()}


def knows_caller(snapshot: CaseSnapshot, actor: Actor, now: datetime | None) -> bool:
    """Whether the actor may look at the caller now, or is the one who registered the case and so has spoken to them.

    Only what such a person writes is compared with the caller's name to hide it: to others, what becomes of a name that
    they type would tell whether it is the caller's.
    """
    return registered_by(snapshot, actor) or bool(look_fields(snapshot, None, actor, now))


def may_ask(snapshot: CaseSnapshot, actor: Actor) -> bool:
    """Whether the actor may ask for a report to be unsealed: the desk, and who handles the running lead leg."""
    running = (leg for leg in snapshot.legs if leg.role is LegRole.LEAD and leg.state in OPEN_LEG_STATES)
    return at_desk(snapshot, actor) or any(of_body(leg, actor) for leg in running)
