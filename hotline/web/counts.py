"""The numbers in the navigation: what waits at the desk, in the agency's queue, of matters, and unread notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.store.liftings import lift_count
from hotline.store.matters import waiting_matters
from hotline.store.notices import unread_count
from hotline.store.tallies import AT_THE_DESK, open_leg_count, state_counts
from hotline.store.unsealings import waiting_count
from hotline.vocabulary import AGENCY_ROLES, DESK_ROLES, CaseState, Role

if TYPE_CHECKING:
    from sqlmodel import Session

    from hotline.store.accounts import Account


def counts_for(session: Session, account: Account, *, queued: int | None = None) -> dict[str, int]:
    """Count by endpoint what this account has to do; `queued` are the open legs of its body where they are known."""
    counts = {"notices.index": unread_count(session, account.actor)}
    if account.role in DESK_ROLES:
        states = state_counts(session, account.office_id)
        counts["operators.triage"] = states[CaseState.TRIAGE]
        counts["operators.desk"] = sum(states[state] for state in AT_THE_DESK if state is not CaseState.TRIAGE)
    if account.role is Role.SUPERVISOR:
        asked = waiting_count(session, account.office_id, account.id)
        counts["supervisors.unsealings"] = asked + lift_count(session, account.office_id, account.id)
    if account.role in AGENCY_ROLES and account.body_id is not None:
        counts["agencies.queue"] = open_leg_count(session, account.body_id) if queued is None else queued
        counts["matters.index"] = waiting_matters(session, account.body_id)
    return counts
