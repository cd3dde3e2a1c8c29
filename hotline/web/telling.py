"""Who is told at once of what somebody did to a case: notices beside the event, in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.legs import open_legs
from hotline.casework.scene import is_hotline_policy
from hotline.store.notices import Notice
from hotline.vocabulary import Action, LegRole, Role

if TYPE_CHECKING:
    from hotline.records import CaseSnapshot, Command, Leg

_TO_LEGS = frozenset({Action.REMIND, Action.SUPERVISE, Action.SEND_BACK})
_ANSWERS = frozenset({Action.EXTEND, Action.REFUSE_EXTEND})


def notices_after(before: CaseSnapshot, after: CaseSnapshot, command: Command) -> tuple[Notice, ...]:
    """The notices of an action: reminders and answers to the agency; to the office what it decides on or must know.

    A co-agency's return leaves the case with its lead, so that it stands in no list of returns: the desk is told.
    """
    action = command.action
    if action in _TO_LEGS:
        legs = (leg for leg in open_legs(after) if action is not Action.SEND_BACK or leg.role is LegRole.LEAD)
        return tuple(_to_body(after, action, leg) for leg in legs)
    if action is Action.REPLY:
        return (_to_office(after, action, Role.SUPERVISOR),)
    leg = after.leg(command.leg_id) if command.leg_id else None
    if leg is not None and action in _ANSWERS:
        asked = [request for request in before.extensions if request.id == command.data.get("request_id")]
        return tuple(_to_body(after, action, leg, request.policy) for request in asked)
    if leg is not None and action is Action.REQUEST_EXTEND:
        return (_request(after, leg, str(command.data.get("policy", ""))),)
    given_back = leg is not None and leg.role is LegRole.CO and action is Action.RETURN
    return (_to_office(after, action),) if given_back else ()


def _request(snapshot: CaseSnapshot, leg: Leg, policy: str) -> Notice:
    if not is_hotline_policy(policy):
        return _to_body(snapshot, Action.REQUEST_EXTEND, leg, policy)
    return Notice(
        stage=Action.REQUEST_EXTEND.value,
        code=f"action:{policy}",
        office_id=snapshot.office_id,
        role=Role.SUPERVISOR.value,
        case_id=snapshot.case_id,
    )


def _to_office(snapshot: CaseSnapshot, action: Action, role: Role | None = None) -> Notice:
    """To one role of the office, or to its whole desk."""
    return Notice(
        stage=action.value,
        code=f"{action.value}:",
        office_id=snapshot.office_id,
        role=role.value if role else None,
        case_id=snapshot.case_id,
    )


def _to_body(snapshot: CaseSnapshot, action: Action, leg: Leg, policy: str = "") -> Notice:
    code = f"action:{policy}" if policy else f"{action.value}:"
    return Notice(stage=action.value, code=code, body_id=leg.body_id, case_id=snapshot.case_id)
