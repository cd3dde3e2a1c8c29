"""When the clocks of a leg start: with the leg, by an act, or late because a phone was missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.bonds import lacking_of
from hotline.casework.clock_draft import Draft
from hotline.casework.legs import facts_of, open_legs
from hotline.casework.policy import LEAD, LEG
from hotline.moments import local_date
from hotline.vocabulary import OPEN_LEG_STATES, Action, LegRole

if TYPE_CHECKING:
    from hotline.casework.clocks_so_far import Fold
    from hotline.casework.policy import Policy
    from hotline.records import CaseEvent, CaseSnapshot, Leg

PHONE_TOLD = "补充投诉人、举报人电话（派单时没有电话可联系，当时不起算）"


def legs_that_opened(fold: Fold, before: CaseSnapshot | None, event: CaseEvent) -> None:
    """Start the clocks of new legs; go on with those of a leg that is worked on again."""
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


def phone_told(fold: Fold, before: CaseSnapshot | None, event: CaseEvent) -> None:
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


def start_by_action(fold: Fold, leg: Leg, event: CaseEvent) -> None:
    """Start the clocks that an act on the lead's leg starts."""
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
