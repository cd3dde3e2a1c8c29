"""Cases that wait for one decision of this person: an extension to approve, a ruling. With the forms to decide by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hotline.casework.lifecycle import allowed
from hotline.casework.policy_lookup import extension_rule
from hotline.casework.privacy import of_body, unnamed
from hotline.casework.scene import approves
from hotline.casework.ties import shown_ties
from hotline.store import accounts, queries
from hotline.store.merging import members_of
from hotline.store.to_decide import cases_with_requests
from hotline.vocabulary import AGENCY_ROLES, Action
from hotline.web.actionforms import Background, asked_clock, forms_of
from hotline.web.cases import load_events, policies_of
from hotline.web.caseview import seen_by
from hotline.web.clockview import clock_views
from hotline.web.context import actor, now
from hotline.web.history import steps_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hotline.records import CaseEvent, CaseSnapshot, Clock, ExtensionRequest, Leg
    from hotline.store.casestore import CaseStore
    from hotline.store.lines import CaseLine
    from hotline.store.merging import Member
    from hotline.web.actionforms import Form
    from hotline.web.clockview import ClockView
    from hotline.web.history import Step

ANSWERS = frozenset({Action.EXTEND, Action.REFUSE_EXTEND})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for more time: on which clock, which still runs, how much, by whom and why."""

    request: ExtensionRequest
    leg: Leg
    clock: ClockView
    unit: str
    step: Step


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case with what waits in it, the steps that led there, and the forms of the decision.

    `seen` is how many of its events this person may see, `group` the cases of the same matter.
    """

    line: CaseLine
    snapshot: CaseSnapshot
    seen: int
    asked: tuple[Asked, ...]
    steps: tuple[Step, ...]
    forms: tuple[Form, ...]
    group: tuple[Member, ...]


def requests_for_me(store: CaseStore) -> tuple[Waiting, ...]:
    """Cases with a request for more time that the signed-in account decides on."""
    found = (_waiting(store, case_id, ANSWERS) for case_id in cases_with_requests(store.session, actor()))
    return tuple(case for case in found if case is not None and case.asked and case.forms)


def count_requests_for_me(store: CaseStore) -> int:
    """How many cases `requests_for_me` lists, without reading what only a page of them shows."""
    count = 0
    for case_id in cases_with_requests(store.session, actor()):
        snapshot, _ = load_events(store, case_id)
        answerable = any(offer.transition.action in ANSWERS for offer in allowed(snapshot, actor()))
        count += answerable and any(True for _ in _mine(snapshot, queries.clocks_of(store.session, case_id)))
    return count


def waiting_for(store: CaseStore, case_ids: Iterable[str], action: Action) -> tuple[Waiting, ...]:
    """These cases, where the signed-in account may take this action on them."""
    found = (_waiting(store, case_id, frozenset({action})) for case_id in case_ids)
    return tuple(case for case in found if case is not None and case.forms)


def _waiting(store: CaseStore, case_id: str, actions: frozenset[Action]) -> Waiting | None:
    snapshot, events = load_events(store, case_id)
    line = queries.case_line(store.session, case_id, actor())
    if line is None:
        return None
    clocks = queries.clocks_of(store.session, case_id)
    offers = [offer for offer in allowed(snapshot, actor()) if offer.transition.action in actions]
    background = Background(snapshot, store.assignment(case_id), clocks, None)
    forms = tuple(_unique(form, case_id) for form in forms_of(offers, background))
    steps = steps_of(snapshot, events, _masked_texts(store, snapshot), _names(store, events))
    asked = tuple(_asked(snapshot, clocks, steps))
    returns = tuple(step for step in steps if step.event.action is Action.RETURN)
    ties = shown_ties(store, snapshot, events, actor(), now())
    group = members_of(store.session, actor(), case_id)
    return Waiting(line, snapshot, len(seen_by(store, events, ties, actor())), asked, returns, forms, group)


def _asked(snapshot: CaseSnapshot, clocks: Sequence[Clock], steps: Sequence[Step]) -> Iterable[Asked]:
    by_request = {step.event.data.get("request_id"): step for step in reversed(steps)}
    for request, leg, clock in _mine(snapshot, clocks):
        step = by_request.get(request.id)
        if step is not None:
            rule = extension_rule(policies_of(snapshot), request.policy, snapshot.urgency)
            yield Asked(request, leg, clock_views([clock])[0], rule.unit.label if rule else "", step)


def _mine(snapshot: CaseSnapshot, clocks: Sequence[Clock]) -> Iterable[tuple[ExtensionRequest, Leg, Clock]]:
    """The requests that the signed-in account decides on, with the leg and the clock, which still runs."""
    who = actor()
    for request in snapshot.extensions:
        leg, clock = snapshot.leg(request.leg_id), asked_clock(clocks, request)
        if leg is None or clock is None or not approves(who, request.policy):
            continue
        if who.role not in AGENCY_ROLES or of_body(leg, who):
            yield request, leg, clock


def _masked_texts(store: CaseStore, snapshot: CaseSnapshot) -> Mapping[str, str]:
    """What people wrote, without the caller in it: a list of cases is no look at an identity."""
    complaint = store.complaint(snapshot.complaint_id)
    return {
        event_id: unnamed(text, complaint, snapshot) for event_id, text in store.event_texts(snapshot.case_id).items()
    }


def _names(store: CaseStore, events: Sequence[CaseEvent]) -> Mapping[str, str]:
    return accounts.display_names(store.session, [event.actor_id for event in events])


def _unique(form: Form, case_id: str) -> Form:
    """The form with ids that no other case's form on the same page has."""
    fields = tuple(replace(field, id=f"{field.id}-{case_id}") for field in form.fields)
    return replace(form, id=f"{form.id}-{case_id}", fields=fields)
