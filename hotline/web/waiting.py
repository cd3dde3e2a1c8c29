"""Cases that wait for one decision of this person: an extension to approve, a ruling. With the forms to decide by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hotline.casework.guards import approves
from hotline.casework.lifecycle import allowed
from hotline.casework.policies import extension_rule
from hotline.casework.privacy import of_body
from hotline.intake.normalise import normalise
from hotline.store import accounts, queries
from hotline.store.queues import cases_with_requests
from hotline.vocabulary import AGENCY_ROLES, Action
from hotline.web.actionforms import Background, forms_of
from hotline.web.cases import load_events
from hotline.web.clockview import clock_views
from hotline.web.context import actor, services
from hotline.web.history import steps_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hotline.records import CaseEvent, CaseSnapshot, Clock, ExtensionRequest, Leg
    from hotline.store.casestore import CaseStore
    from hotline.store.lines import CaseLine
    from hotline.web.actionforms import Form
    from hotline.web.clockview import ClockView
    from hotline.web.history import Step

ANSWERS = frozenset({Action.EXTEND, Action.REFUSE_EXTEND})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for more time: on which clock (None where it has ended), how much, by whom and why."""

    request: ExtensionRequest
    leg: Leg
    clock: ClockView | None
    unit: str
    step: Step


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case with what waits in it, the steps that led there, and the forms of the decision."""

    line: CaseLine
    snapshot: CaseSnapshot
    asked: tuple[Asked, ...]
    steps: tuple[Step, ...]
    forms: tuple[Form, ...]


def requests_for_me(store: CaseStore) -> tuple[Waiting, ...]:
    """Cases with a request for more time that the signed-in account decides on."""
    found = (_waiting(store, case_id, ANSWERS) for case_id in cases_with_requests(store.session, actor()))
    return tuple(case for case in found if case is not None and case.asked and case.forms)


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
    return Waiting(line, snapshot, asked, returns, forms)


def _asked(snapshot: CaseSnapshot, clocks: Sequence[Clock], steps: Sequence[Step]) -> Iterable[Asked]:
    who = actor()
    by_request = {step.event.data.get("request_id"): step for step in reversed(steps)}
    for request in snapshot.extensions:
        leg = snapshot.leg(request.leg_id)
        step = by_request.get(request.id)
        if leg is None or step is None or not approves(who, request.policy):
            continue
        if who.role in AGENCY_ROLES and not of_body(leg, who):
            continue
        rule = extension_rule(services().rulebook.policies, request.policy, snapshot.urgency)
        yield Asked(request, leg, _clock(clocks, request), rule.unit.label if rule else "", step)


def _clock(clocks: Sequence[Clock], request: ExtensionRequest) -> ClockView | None:
    """The newest such clock of the leg, or of the whole case."""
    mine = [each for each in clocks if each.policy == request.policy and each.leg_id in (request.leg_id, None)]
    newest = max(mine, key=lambda each: each.started_at, default=None)
    return clock_views([newest])[0] if newest else None


def _masked_texts(store: CaseStore, snapshot: CaseSnapshot) -> Mapping[str, str]:
    """What people wrote, without the caller in it: a list of cases is no look at an identity."""
    complaint = store.complaint(snapshot.complaint_id)
    return {
        event_id: normalise(text, received_at=complaint.received_at, reporter=complaint.reporter).masked_text
        for event_id, text in store.event_texts(snapshot.case_id).items()
    }


def _names(store: CaseStore, events: Sequence[CaseEvent]) -> Mapping[str, str]:
    return accounts.display_names(store.session, [event.actor_id for event in events])


def _unique(form: Form, case_id: str) -> Form:
    """The form with ids that no other case's form on the same page has."""
    fields = tuple(replace(field, id=f"{field.id}-{case_id}") for field in form.fields)
    return replace(form, id=f"{form.id}-{case_id}", fields=fields)
