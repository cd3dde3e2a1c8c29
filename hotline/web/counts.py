"""The numbers in the navigation: what waits at the desk, in the agency's queue, and unread notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.store.notices import unread_count
from hotline.store.tallies import open_leg_count, state_counts
from hotline.store.unsealings import waiting_count
from hotline.vocabulary import AGENCY_ROLES, DESK_ROLES, CaseState, Role

if TYPE_CHECKING:
    from sqlmodel import Session

    from hotline.store.accounts import Account

AT_THE_DESK = (CaseState.READY, CaseState.DISPUTED, CaseState.RESOLVED, CaseState.FOLLOW_UP)


def counts_for(session: Session, account: Account) -> dict[str, int]:
    """Count by endpoint what this account has to do."""
    counts = {"notices.index": unread_count(session, account.actor)}
    if account.role in DESK_ROLES:
        states = state_counts(session, account.office_id)
        counts["operators.triage"] = states.get(CaseState.TRIAGE, 0)
        counts["operators.desk"] = sum(states.get(state, 0) for state in AT_THE_DESK)
    if account.role is Role.SUPERVISOR:
        counts["supervisors.unsealings"] = waiting_count(session, account.office_id, account.id)
    if account.role in AGENCY_ROLES and account.body_id is not None:
        counts["agencies.queue"] = open_leg_count(session, account.body_id)
    return counts
