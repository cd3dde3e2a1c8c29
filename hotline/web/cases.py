"""A case for the present user: one way in, so that what is invisible answers like what does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.lifecycle import allowed
from hotline.casework.privacy import look_fields, visible
from hotline.casework.returning import why_closed
from hotline.casework.state import replay
from hotline.casework.unsealing import sealed
from hotline.errors import NotFoundError
from hotline.moments import local_date
from hotline.vocabulary import Action
from hotline.web.context import actor, now, services

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.casework.policy import Policy
    from hotline.casework.transitions import Offer
    from hotline.records import Actor, CaseEvent, CaseSnapshot, Clock, Leg
    from hotline.store.casestore import CaseStore

UNKNOWN = "没有这件工单，或者您无权查看。请核对编号。"


def load_events(store: CaseStore, case_id: str) -> tuple[CaseSnapshot, tuple[CaseEvent, ...]]:
    """A case with its events, if the signed-in account may see it.

    Raises:
        NotFoundError: There is no such case, or the account may not see it: both answers are the same.
    """
    events = store.events(case_id)
    # Streams of accounts share the table; only a case's stream carries a plain id.
    snapshot = replay(events) if events and ":" not in case_id else None
    if snapshot is None or not visible(snapshot, actor()):
        raise NotFoundError(UNKNOWN)
    return snapshot, events


def load_case(store: CaseStore, case_id: str) -> CaseSnapshot:
    """A case, if the signed-in account may see it.

    Raises:
        NotFoundError: There is no such case, or the account may not see it.
    """
    return load_events(store, case_id)[0]


def policies_of(snapshot: CaseSnapshot) -> tuple[Policy, ...]:
    """The policies that the server goes by in this case: those of its office and of the day it was received."""
    office = services().office(snapshot.office_id)
    return services().rulebook.clock_rules.policies_for(office, local_date(snapshot.received_at))


def offers_of(snapshot: CaseSnapshot, clocks: Sequence[Clock]) -> tuple[tuple[Offer, ...], tuple[str, ...]]:
    """What the signed-in account may do now; and of a return whose time has run out, why not and what to do instead.

    `allowed` knows no time: what it offers would be refused.
    """
    offers: list[Offer] = []
    closed: list[str] = []
    for offer in allowed(snapshot, actor()):
        late = ""
        if offer.transition.action is Action.RETURN:
            late = why_closed(clocks, offer.leg_id, policies=services().rulebook.policies, moment=now())
        if late:
            closed.append(late)
        else:
            offers.append(offer)
    return tuple(offers), tuple(closed)


def look_leg(snapshot: CaseSnapshot, who: Actor) -> tuple[Leg | None, frozenset[str]]:
    """Which of the caller's fields `who` may look at this minute: of a report, what a second person has let them."""
    choices: list[tuple[Leg | None, frozenset[str]]] = [
        (leg, look_fields(snapshot, leg, who, now())) for leg in (None, *(() if sealed(snapshot) else snapshot.legs))
    ]
    return max(choices, key=lambda choice: len(choice[1]))
