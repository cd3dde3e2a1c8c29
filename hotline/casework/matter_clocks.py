"""Clocks of a matter (移送, 联合执法, 协查): they go on when the case is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.clock_draft import Draft
from hotline.casework.matters import effect_of
from hotline.moments import local_date

if TYPE_CHECKING:
    from hotline.casework.clocks_so_far import Fold
    from hotline.casework.policy import Policy
    from hotline.records import CaseEvent


def matter_clocks(fold: Fold, event: CaseEvent) -> None:
    """Stop and start what the matter's step says."""
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
