"""A case for the present user: one way in, so that what is invisible answers like what does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.privacy import identity_fields, visible
from hotline.casework.state import replay
from hotline.errors import NotFoundError
from hotline.web.context import actor

if TYPE_CHECKING:
    from hotline.records import Actor, CaseEvent, CaseSnapshot, Leg
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


def identity_leg(snapshot: CaseSnapshot, who: Actor) -> tuple[Leg | None, frozenset[str]]:
    """Which of the caller's fields `who` may look at, and the leg that entitles an agency to it."""
    choices: list[tuple[Leg | None, frozenset[str]]] = [
        (leg, identity_fields(snapshot, leg, who)) for leg in (None, *snapshot.legs)
    ]
    return max(choices, key=lambda choice: len(choice[1]))
