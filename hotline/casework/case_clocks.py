"""Clocks of the case: by the states it is in, at the bureau's own desk, and of demands that wait for a reply."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.casework.bonds import DEMANDS, open_demands
from hotline.casework.clock_draft import Draft
from hotline.casework.clocks_so_far import stop_where
from hotline.casework.policy import LEG
from hotline.casework.policy_lookup import default_agency_type
from hotline.moments import local_date
from hotline.vocabulary import Action, AgencyType, CaseState, Holder, Kind, Unit

if TYPE_CHECKING:
    from hotline.casework.clocks_so_far import Fold
    from hotline.records import CaseEvent, CaseSnapshot

OTHER = "other"
DESK_STATES = frozenset({CaseState.TRIAGE, CaseState.READY})
BUREAU_TYPES = frozenset({AgencyType.AIC, AgencyType.QUALITY, AgencyType.MARKET_REGULATION})
"""Behind 12315 and 12365 stands the bureau whose own acceptance desk takes an ordinary dispute (design §4, Routing)."""


def case_clocks(fold: Fold, before: CaseSnapshot | None, event: CaseEvent) -> None:
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
    stop_where(fold, event, lambda draft: draft.policy.id == policy_id and draft.leg_id is None)


def _retier(fold: Fold) -> None:
    for draft in fold.drafts:
        if draft.running and draft.policy.tiers:
            draft.policy = draft.policy.at(fold.case.urgency)


def desk_clocks(fold: Fold, event: CaseEvent) -> None:
    """An ordinary dispute of 12315 or 12365 is with the bureau from its receipt: acceptance runs until handed on."""
    case = fold.case
    kind = default_agency_type(case.channel, local_date(case.received_at))
    wanted = case.category == OTHER and case.kind is Kind.DISPUTE and case.state in DESK_STATES and kind in BUREAU_TYPES
    if not wanted:
        stop_where(fold, event, lambda draft: draft.desk)
    elif not any(draft.desk and draft.running for draft in fold.drafts):
        for policy in fold.chosen(kind):
            if policy.statutory and LEG in policy.starts and policy.holder is Holder.COMPLAINT:
                fold.drafts.append(Draft(policy, event.seq, case.received_at, desk=True))


def demand_clocks(fold: Fold, event: CaseEvent) -> None:
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
    stop_where(fold, event, lambda draft: bool(draft.demand) and draft.demand not in waiting)
