"""A row of the desk's list: the case, what was said last, who has it, and what is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.desk import proposed_legs
from hotline.casework.legs import open_legs
from hotline.casework.privacy import unnamed
from hotline.casework.scene import FINAL_RETURNS
from hotline.casework.state import replay
from hotline.casework.unsealing import closed_to
from hotline.store import worklists
from hotline.vocabulary import Action, CaseState, LegRole
from hotline.web.context import actor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.records import Assignment, CaseEvent, CaseSnapshot
    from hotline.store.casestore import CaseStore
    from hotline.store.lines import CaseLine

ANSWERED = (CaseState.DISPUTED, CaseState.RESOLVED, CaseState.FOLLOW_UP)
"""Where an agency has written something that the desk must read: a return, or a reply."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an agency wrote: a return with the clause it disputes and the owner it names, or a reply."""

    body_id: str
    role: str
    text: str
    data: Mapping[str, object]
    event: CaseEvent


@dataclass(frozen=True, slots=True)
class Work:
    """One row: the case, what was said last, who has it, and what the plan proposes."""

    line: CaseLine
    snapshot: CaseSnapshot
    said: tuple[Said, ...]
    lead: str
    co: tuple[str, ...]
    route: Assignment | None

    @property
    def final(self) -> bool:
        """Whether the case was returned so often that the office rules on it."""
        return self.snapshot.returns >= FINAL_RETURNS


def works_of(store: CaseStore, lines: Sequence[CaseLine]) -> list[Work]:
    """The rows of these cases."""
    routes = worklists.assignments(store.session, [line.case_id for line in lines])
    return [_work(store, line, routes.get(line.case_id)) for line in lines]


def _work(store: CaseStore, line: CaseLine, route: Assignment | None) -> Work:
    events = store.events(line.case_id)
    snapshot = replay(events)
    said = _said(store, snapshot, events) if line.state in ANSWERED else ()
    lead, co = _proposed(snapshot, said, route)
    return Work(line, snapshot, said, lead, co, route)


def _said(store: CaseStore, snapshot: CaseSnapshot, events: Sequence[CaseEvent]) -> tuple[Said, ...]:
    """The returns of a disputed case, the newest first; else the last reply of each leg, lead first."""
    wanted = Action.RETURN if snapshot.state is CaseState.DISPUTED else Action.RESOLVE
    texts = store.event_texts(snapshot.case_id)
    if closed_to(snapshot, actor()):  # Who was let look may have written who the informer is.
        complaint = store.complaint(snapshot.complaint_id)
        texts = {event_id: unnamed(text, complaint, snapshot) for event_id, text in texts.items()}
    found: dict[str, Said] = {}
    for event in events:
        leg = snapshot.leg(str(event.data.get("leg_id")))
        if event.action is wanted and leg is not None:
            found[leg.id] = Said(leg.body_id, leg.role, texts.get(event.id, ""), event.data, event)
    ordered = sorted(found.values(), key=lambda item: -item.event.seq)
    return tuple(sorted(ordered, key=lambda item: item.role != LegRole.LEAD))


def _proposed(snapshot: CaseSnapshot, said: Sequence[Said], route: Assignment | None) -> tuple[str, tuple[str, ...]]:
    """Lead and co-agencies to begin with: of a return the better owner it names, else what the plan proposes."""
    if snapshot.state is CaseState.DISPUTED:
        owner = str(said[0].data.get("owner", "")) if said else ""
        return owner, tuple(leg.body_id for leg in open_legs(snapshot) if leg.body_id != owner)
    if route is None or route.silent:
        return "", ()
    legs = proposed_legs(route)
    co = legs["co"]
    return str(legs["lead"]), tuple(str(body) for body in co) if isinstance(co, tuple) else ()
