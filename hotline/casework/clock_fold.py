"""Folds the events of a case into clock drafts: started, paused, extended and stopped, not yet reckoned.

The state of case and legs comes from `state.evolve` (a `History`), so that clocks and lifecycle cannot disagree.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from hotline.casework.bonds import DEMANDS, lacking_of, open_demands
from hotline.casework.clock_draft import Draft, Fold
from hotline.casework.matters import effect_of
from hotline.casework.policies import LEAD, LEG, default_agency_type
from hotline.casework.state import facts_of, open_legs
from hotline.clock_parts import ClockExtension
from hotline.errors import TransitionError
from hotline.moments import local_date
from hotline.vocabulary import (
    OPEN_CASE_STATES,
    OPEN_LEG_STATES,
    Action,
    AgencyType,
    CaseState,
    Holder,
    Kind,
    LegRole,
    LegState,
    NoticeSubject,
    Unit,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hotline.casework.history import History
    from hotline.casework.policy import Policy
    from hotline.records import CaseEvent, CaseSnapshot, Leg

OTHER = "other"
DESK_STATES = frozenset({CaseState.TRIAGE, CaseState.READY})
PHONE_TOLD = "补充投诉人、举报人电话（派单时没有电话可联系，当时不起算）"
BUREAU_TYPES = frozenset({AgencyType.AIC, AgencyType.QUALITY, AgencyType.MARKET_REGULATION})
"""Behind 12315 and 12365 stands the bureau whose own acceptance desk takes an ordinary dispute (design §4, Routing)."""


def fold_events(
    history: History,
    *,
    policies: Sequence[Policy],
    body_types: Mapping[str, AgencyType],
    region: str | None,
) -> Fold:
    """The drafts of every clock that these events started.

    Raises:
        TransitionError: There is no event.
    """
    fold: Fold | None = None
    for event, after in zip(history.events, history.states, strict=True):
        before = fold.case if fold else None
        if fold is None:
            fold = Fold(after, policies, body_types, region)
        fold.case = after
        _apply(fold, before, event)
    if fold is None:
        message = "这件工单没有事件，请联系系统管理员核对数据。"
        raise TransitionError(message)
    return fold


def _apply(fold: Fold, before: CaseSnapshot | None, event: CaseEvent) -> None:
    _case_clocks(fold, before, event)
    _desk_clocks(fold, event)
    _demand_clocks(fold, event)
    _leg_action(fold, event)
    _legs_that_ended(fold, before, event)
    _legs_that_opened(fold, before, event)
    _phone_told(fold, before, event)
    _matter_clocks(fold, event)
    if fold.case.state not in OPEN_CASE_STATES:
        for draft in fold.drafts:
            if draft.running and draft.matter_id is None:
                draft.stop(event)


# ---- clocks of the case -----------------------------------------------------------------------


def _case_clocks(fold: Fold, before: CaseSnapshot | None, event: CaseEvent) -> None:
    """Start and stop the clocks that run while the case is in given states; urgency as last decided."""
    was, now = before.state if before else None, fold.case.state
    if event.action is Action.CLASSIFY:
        _retier(fold)
    for policy in fold.chosen(AgencyType.HOTLINE):
        if not policy.states or policy.statutory:
            continue
        if now in policy.states and was not in policy.states:
            start = fold.case.received_at if event.action is Action.REGISTER else event.at
            on_lead = CaseState.DISPATCHED in policy.states
            fold.drafts.append(Draft(policy, event.seq, start, on_lead=on_lead))
        elif was in policy.states and now not in policy.states:
            _stop_policy(fold, event, policy.id)


def _stop_policy(fold: Fold, event: CaseEvent, policy_id: str) -> None:
    _stop_where(fold, event, lambda draft: draft.policy.id == policy_id and draft.leg_id is None)


def _retier(fold: Fold) -> None:
    for draft in fold.drafts:
        if draft.running and draft.policy.tiers:
            draft.policy = draft.policy.at(fold.case.urgency)


def _desk_clocks(fold: Fold, event: CaseEvent) -> None:
    """An ordinary dispute of 12315 or 12365 is with the bureau from its receipt: acceptance runs until handed on."""
    case = fold.case
    kind = default_agency_type(case.channel, local_date(case.received_at))
    wanted = case.category == OTHER and case.kind is Kind.DISPUTE and case.state in DESK_STATES and kind in BUREAU_TYPES
    if not wanted:
        _stop_where(fold, event, lambda draft: draft.desk)
    elif not any(draft.desk and draft.running for draft in fold.drafts):
        for policy in fold.chosen(kind):
            if policy.statutory and LEG in policy.starts and policy.holder is Holder.COMPLAINT:
                fold.drafts.append(Draft(policy, event.seq, case.received_at, desk=True))


def _demand_clocks(fold: Fold, event: CaseEvent) -> None:
    """A 督办 or 催办 that waits for a reply: a clock of the case, which goes with it to whoever leads.

    The days that a supervisor names take the place of the policy's own; they are calendar days.
    """
    demand_id = event.data.get("demand_id")
    if event.action in DEMANDS and isinstance(demand_id, str):
        for policy in fold.chosen(AgencyType.HOTLINE):
            if event.action in policy.starts:
                days = event.data.get("days")
                own = replace(policy, duration=days, unit=Unit.DAY, tiers={}) if isinstance(days, int) else policy
                fold.drafts.append(Draft(own, event.seq, event.at, on_lead=True, demand=demand_id))
        return
    waiting = {demand.id for demand in open_demands(fold.case)}
    _stop_where(fold, event, lambda draft: bool(draft.demand) and draft.demand not in waiting)


# ---- clocks of a matter: they go on when the case is closed ------------------------------------


def _matter_clocks(fold: Fold, event: CaseEvent) -> None:
    effect = effect_of(fold.case, event)
    if effect is None:
        return
    for draft in fold.drafts:
        mine = draft.running and draft.matter_id == effect.matter_id
        named = draft.policy.id in effect.stops and effect.party in {None, draft.party}
        if mine and (named or effect.all_end):
            draft.stop(event)
    for start in effect.starts:
        policy = _matter_policy(fold, start.policy, event)
        if policy is not None:
            fold.drafts.append(
                Draft(
                    policy,
                    event.seq,
                    event.at,
                    body_id=start.body_id,
                    matter_id=effect.matter_id,
                    party=start.party,
                )
            )


def _matter_policy(fold: Fold, policy_id: str, event: CaseEvent) -> Policy | None:
    """The policy as it stands on the day of the event (sla-law §2.5: 事件日), None where there is none yet."""
    day = local_date(event.at)
    rows = (policy for policy in fold.policies if policy.id == policy_id and policy.enabled)
    found = next((policy for policy in rows if any(scope.covers(day) for scope in policy.scopes)), None)
    return found.at(fold.case.urgency) if found else None


# ---- clocks of a leg --------------------------------------------------------------------------


def _legs_that_opened(fold: Fold, before: CaseSnapshot | None, event: CaseEvent) -> None:
    for leg in fold.case.legs:
        if leg.state not in OPEN_LEG_STATES:
            continue
        earlier = before.leg(leg.id) if before else None
        if earlier is None:
            _open(fold, leg, event)
        elif earlier.state not in OPEN_LEG_STATES:
            _reopen(fold, leg)


def _open(fold: Fold, leg: Leg, event: CaseEvent) -> None:
    for policy in _opening(fold, leg):
        final = policy.window and event.action is Action.RULE
        if not final:
            _start(fold, policy, leg, event)


def _opening(fold: Fold, leg: Leg) -> list[Policy]:
    """The policies whose clocks start with a leg."""
    lead = leg.role is LegRole.LEAD
    chosen = (policy for policy in fold.chosen(fold.body_type(leg)) if policy.from_receipt)
    return [each for each in chosen if (lead if each.statutory or LEAD in each.starts else LEG in each.starts)]


def _phone_told(fold: Fold, before: CaseSnapshot | None, event: CaseEvent) -> None:
    """A clock that waited for a phone to call starts when one is told, unless what would stop it was done already."""
    if before is None or "phone" not in lacking_of(before) or "phone" in lacking_of(fold.case):
        return
    for leg in open_legs(fold.case):
        begun = {draft.policy.id for draft in fold.drafts if draft.leg_id == leg.id}
        for policy in _opening(fold, leg):
            if policy.reachable_only and policy.id not in begun and not _done(policy, leg):
                _start(fold, policy, leg, event, because=PHONE_TOLD)


def _done(policy: Policy, leg: Leg) -> bool:
    """Whether an act that stops the policy's clock has happened on the leg."""
    told = bool(leg.told) if Action.NOTIFY in policy.stop_actions else bool(policy.stop_notices & set(leg.told))
    return told or bool(policy.stop_actions & facts_of(leg))


def _reopen(fold: Fold, leg: Leg) -> None:
    """Work goes on after 退回重办: a statutory clock that only 办结 had stopped was never met."""
    for draft in fold.drafts:
        if draft.leg_id == leg.id and draft.policy.statutory and draft.stopped_by is Action.RESOLVE:
            draft.stopped_at, draft.stopped_by = None, None


def _leg_action(fold: Fold, event: CaseEvent) -> None:
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
        _start_by_action(fold, leg, event)
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
        _stop_where(fold, event, lambda draft: draft.on_lead and bool(draft.policy.stop_notices))


def _start_by_action(fold: Fold, leg: Leg, event: CaseEvent) -> None:
    body_type = fold.body_type(leg)
    running = {draft.policy.id for draft in fold.running(leg.id)}
    day = local_date(event.at)
    for policy in fold.chosen(body_type):
        due_now = event.action in policy.starts and policy.id not in running
        if due_now and (not policy.by_event or policy.covers(body_type, day)):
            _start(fold, policy, leg, event)


def _start(fold: Fold, policy: Policy, leg: Leg, event: CaseEvent, *, because: str = "") -> None:
    if policy.named_only and not fold.case.named:
        return
    if policy.reachable_only and "phone" in lacking_of(fold.case):
        return
    draft = Draft(policy, event.seq, event.at, leg.id, leg.body_id, because=because)
    if fold.suspended.get(leg.id) in policy.pauses:
        draft.pause(event.at, fold.suspended[leg.id])
    fold.drafts.append(draft)


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


def _legs_that_ended(fold: Fold, before: CaseSnapshot | None, event: CaseEvent) -> None:
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


def _stop_where(fold: Fold, event: CaseEvent, which: Callable[[Draft], bool]) -> None:
    for draft in fold.drafts:
        if draft.running and which(draft):
            draft.stop(event)
