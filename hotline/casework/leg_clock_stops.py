"""What stops, pauses and extends the clocks of a leg: acts on it, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hotline.casework.clocks_so_far import stop_where
from hotline.casework.leg_clock_starts import start_by_action
from hotline.clock_parts import ClockExtension
from hotline.vocabulary import OPEN_LEG_STATES, Action, LegRole, LegState, NoticeSubject

if TYPE_CHECKING:
    from hotline.casework.clocks_so_far import Fold
    from hotline.casework.policy import Policy
    from hotline.records import CaseEvent, CaseSnapshot, Leg


def leg_action(fold: Fold, event: CaseEvent) -> None:
    """What an act on a leg does to its clocks."""
    leg_id = event.data.get("leg_id")
    leg = fold.case.leg(leg_id) if isinstance(leg_id, str) else None
    if leg is None:
        return
    for draft in fold.running(leg.id):
        if _stops(draft.policy, event):
            draft.stop(event)
    if event.action is Action.NOTIFY and leg.role is LegRole.LEAD:
        _interim_reply(fold, leg, event)
    if leg.role is LegRole.LEAD:
        start_by_action(fold, leg, event)
    _pause_or_extend(fold, leg, event)


def _stops(policy: Policy, event: CaseEvent) -> bool:
    told = event.action is Action.NOTIFY and event.data.get("subject") in policy.stop_notices
    return told or event.action in policy.stop_actions


def _interim_reply(fold: Fold, leg: Leg, event: CaseEvent) -> None:
    """阶段性反馈 stops the hotline's 办结 clock: the result told, or any notice while a legal procedure goes on.

    The statutory clock goes on (sla-law §2.6: 热线钟到期可阶段性反馈停表，法定钟不停).
    """
    procedure = any(draft.policy.statutory for draft in fold.running(leg.id))
    result = event.data.get("subject") == NoticeSubject.RESULT
    if result or procedure:
        stop_where(fold, event, lambda draft: draft.on_lead and bool(draft.policy.stop_notices))


def _pause_or_extend(fold: Fold, leg: Leg, event: CaseEvent) -> None:
    if event.action is Action.SUSPEND:
        reason = str(event.data.get("reason"))
        fold.suspended[leg.id] = reason
        for draft in fold.running(leg.id):
            if reason in draft.policy.pauses and draft.paused_since is None:
                draft.pause(event.at, reason)
    elif event.action is Action.RESUME:
        fold.suspended.pop(leg.id, None)
        for draft in fold.running(leg.id):
            draft.resume(event.at)
    elif event.action is Action.EXTEND:
        name, amount = event.data.get("policy"), cast("int", event.data["amount"])
        for draft in (*fold.running(leg.id), *fold.running(None)):
            if draft.policy.id == name:
                draft.extended += amount
                rule = draft.policy.extension
                unit = rule.unit if rule else draft.policy.unit
                draft.extensions.append(ClockExtension(event.at, amount, unit, event.actor_id))


def legs_that_ended(fold: Fold, before: CaseSnapshot | None, event: CaseEvent) -> None:
    """A leg that is no longer open ends its clocks; only a notice still owed for a decision outlives 办结."""
    for leg in before.legs if before else ():
        now = fold.case.leg(leg.id)
        if leg.state not in OPEN_LEG_STATES or now is None or now.state in OPEN_LEG_STATES:
            continue
        fold.suspended.pop(leg.id, None)
        resolved = now.state is LegState.RESOLVED
        for draft in fold.running(leg.id):
            if not (resolved and _notice_still_owed(draft.policy)):
                draft.stop(event)


def _notice_still_owed(policy: Policy) -> bool:
    return policy.statutory and bool(policy.stop_notices) and not policy.from_receipt
