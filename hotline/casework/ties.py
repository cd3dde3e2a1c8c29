"""Which of a case's links a person may see: a 投诉 tied to the 举报 that was split from it tells who reports.

The dispute shows its caller to its agency and to the desk, so that the tie alone would open the seal without a second
person. It is shown to who made it, and to whom a second person lets look at the 举报 now; to an agency never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.bonds import TIES
from hotline.casework.privacy import look_fields
from hotline.casework.state import replay
from hotline.casework.unsealing import guarded
from hotline.vocabulary import AGENCY_ROLES, Action, Relation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hotline.casework.ports import Store
    from hotline.records import Actor, CaseEvent, CaseSnapshot


def shown_ties(
    store: Store, snapshot: CaseSnapshot, events: Sequence[CaseEvent], actor: Actor, now: datetime
) -> frozenset[str]:
    """The cases that this one was ever linked to, by id, of which the actor may know that."""
    made = [event for event in events if event.action is Action.LINK]
    return frozenset(str(event.data.get("case", "")) for event in made if _shown(store, snapshot, event, actor, now))


def without_hidden(events: Sequence[CaseEvent], shown: frozenset[str]) -> tuple[CaseEvent, ...]:
    """The events of a case that may be shown: not a link that may not be known, nor that it was undone."""
    return tuple(event for event in events if event.action not in TIES or event.data.get("case") in shown)


def steps_in(events: Sequence[CaseEvent]) -> int:
    """How many events a case has beside its links: what a form may say that a person has seen."""
    return sum(event.action not in TIES for event in events)


def _shown(store: Store, mine: CaseSnapshot, event: CaseEvent, actor: Actor, now: datetime) -> bool:
    theirs = replay(store.events(str(event.data.get("case", ""))))
    secret = [each for each in (mine, theirs) if guarded(each)]
    split = event.data.get("relation") == Relation.SPLIT
    if not secret or (len(secret) > 1 and not split):
        return True
    if actor.role in AGENCY_ROLES:
        return False
    # What the desk links by hand as the same or a related matter says nothing of who told it.
    if not split or event.actor_id == actor.account_id:
        return True
    return all(look_fields(each, None, actor, now) for each in secret)
