"""The use cases of the desk: register a complaint, act on a case, classify it again; functions over a unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.completeness import lacking
from hotline.casework.crime import flags_of_complaint
from hotline.casework.history import history_of
from hotline.casework.lifecycle import decide as decide_events
from hotline.casework.matter_decisions import decide_matter
from hotline.casework.matter_words import MATTERS
from hotline.casework.ordering import check_order
from hotline.casework.policy_lookup import extension_rule
from hotline.casework.preparation import focus_marks
from hotline.casework.reckoning import reckon_all
from hotline.casework.returning import check_return
from hotline.casework.unsealing import guarded
from hotline.errors import ConflictError, IdempotencyError, InvalidInputError, NotFoundError
from hotline.intake.normalise import hidden
from hotline.moments import local_date
from hotline.records import Command, NewEvent
from hotline.vocabulary import Action, AgencyType, CaseState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from hotline.casework.history import History
    from hotline.casework.ports import Store
    from hotline.casework.preparation import Prepared
    from hotline.casework.rulebook import Rulebook
    from hotline.records import Actor, Assignment, CaseEvent, CaseSnapshot, Classification, Json, Office


TOKEN = "token"  # noqa: S105 - the name of a field, no secret.
"""Where an event keeps the token of the form it came from."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is asked at this desk: the office it belongs to, the rules in force and a source of ids."""

    office: Office
    rulebook: Rulebook
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Registered:
    """The answer to a caller, a file or a program: `created` is False where the same complaint came before."""

    complaint_id: str
    case_id: str
    created: bool
    follow_code: str = ""
    """What the caller follows the case by, told this once; empty where following is not open."""


def register(
    store: Store,
    prepared: Prepared,
    *,
    desk: Desk,
    actor: Actor,
    now: datetime,
    number: str,
    dispatch: bool,
) -> Registered:
    """Keep a prepared complaint and open its case; with `dispatch` send it out where nothing stands against it.

    Raises:
        IdempotencyError: The same (channel, external id) came before with other content.
    """
    raw, complaint = prepared.raw, prepared.complaint
    earlier = store.find_submission(raw.office_id, raw.channel, raw.external_id)
    if earlier is not None:
        complaint_id, case_id, digest = earlier
        if digest != raw.digest:
            message = "同一渠道、同一编号已登记过内容不同的诉求，本次内容已另存待核。请核对编号后重新提交。"
            raise IdempotencyError(message)
        return Registered(complaint_id, case_id, created=False)
    case_id = desk.new_id()
    store.add_submission(raw)
    store.add_complaint(complaint, case_id)
    store.add_decision(
        case_id, complaint.id, classification=prepared.classification, assignment=prepared.assignment, at=now
    )
    state = CaseState.TRIAGE if prepared.doubt else CaseState.READY
    event = NewEvent(Action.REGISTER, registration_data(prepared, state))
    at = min(complaint.received_at, now)
    history = history_of(store.append(case_id, [event], expected_seq=0, actor=actor, at=at, recorded_at=now))
    store.save_case(
        history.case,
        number=number,
        assignment=prepared.assignment,
        classification=prepared.classification,
        doubt=prepared.doubt,
    )
    store.save_focuses(case_id, prepared.focuses)
    store.save_flags(case_id, flags_of_complaint(store, complaint, prepared.category))
    if dispatch and state is CaseState.READY:
        command = Command(Action.DISPATCH, data=proposed_legs(prepared.assignment))
        _advance(store, history, command, desk=desk, actor=actor, now=now)
    else:
        _save_clocks(store, history, desk=desk)
    return Registered(complaint.id, case_id, created=True)


def act(store: Store, case_id: str, command: Command, *, desk: Desk, actor: Actor, now: datetime) -> CaseSnapshot:
    """Do one thing to a case: check it against state and role, append its events, write rows and clocks.

    Raises:
        ForbiddenError, TransitionError, InvalidInputError, ConflictError: See `lifecycle.decide`.
        NotFoundError: No such case.
    """
    return _advance(store, _known(store, case_id), command, desk=desk, actor=actor, now=now)


def reclassify(
    store: Store,
    case_id: str,
    command: Command,
    decided: tuple[Classification, Assignment],
    *,
    desk: Desk,
    actor: Actor,
    now: datetime,
) -> CaseSnapshot:
    """Let a person's category, setting or plan replace the machine's, with the route that follows from it.

    `decided` is what `preparation.decide` said of the complaint, before the transaction was opened.
    """
    classification, assignment = decided
    history = _known(store, case_id)
    after = _advance(store, history, command, desk=desk, actor=actor, now=now)
    if after.seq == history.case.seq:
        return after  # The same form came twice: what was decided since stays.
    store.add_decision(case_id, after.complaint_id, classification=None, assignment=assignment, at=now)
    store.save_case(after, assignment=assignment, classification=classification, doubt="")
    complaint = store.complaint(after.complaint_id)
    marks = focus_marks(complaint, after.category, after.setting, office=desk.office, rulebook=desk.rulebook)
    store.save_focuses(case_id, marks)
    store.save_flags(case_id, flags_of_complaint(store, complaint, after.category))
    return after


def was_done(events: Iterable[CaseEvent], token: str) -> bool:
    """Whether a form with this token has been acted on."""
    return bool(token) and any(event.data.get(TOKEN) == token for event in events)


def record(store: Store, case_id: str, event: NewEvent, *, desk: Desk, actor: Actor, now: datetime) -> CaseSnapshot:
    """Append what the system itself has done or received to a case, and bring its rows and clocks along.

    Raises:
        NotFoundError: No such case.
        ConflictError: Somebody acted in the same moment.
    """
    history = _known(store, case_id)
    seq = history.case.seq
    appended = store.append(case_id, [event], expected_seq=seq, actor=actor, at=now, recorded_at=now)
    return _keep(store, history.then(appended), desk=desk)


def proposed_legs(assignment: Assignment) -> dict[str, Json]:
    """The dispatch that the plan proposes: its lead and co-agencies as the bodies they are today.

    Two agencies of the plan that are one body today give one leg.
    """
    lead = assignment.lead.today_body_id if assignment.lead else None
    co = dict.fromkeys(agency.today_body_id for agency in assignment.co if agency.today_body_id)
    co.pop(lead or "", None)
    return {
        "lead": lead or "",
        "co": tuple(co),
        "plan": assignment.plan or "",
        "clause": assignment.duty.clause if assignment.duty else "",
    }


def registration_data(prepared: Prepared, state: CaseState) -> dict[str, Json]:
    """The data of the case's first event."""
    complaint = prepared.complaint
    return {
        "office_id": complaint.office_id,
        "complaint_id": complaint.id,
        "kind": complaint.kind.value,
        "urgency": complaint.urgency.value,
        "channel": complaint.channel,
        "received_at": complaint.received_at.isoformat(),
        "named": complaint.named,
        "category": prepared.category,
        "setting": prepared.setting,
        "state": state.value,
        "region": complaint.region.adcode if complaint.region else None,
        "lacking": lacking(complaint),
    }


def _known(store: Store, case_id: str) -> History:
    history = store.history(case_id)
    if not history.events:
        message = "没有这件工单，请核对编号。"
        raise NotFoundError(message)
    return history


def _advance(
    store: Store,
    history: History,
    command: Command,
    *,
    desk: Desk,
    actor: Actor,
    now: datetime,
) -> CaseSnapshot:
    snapshot = history.case
    _check_codes(command, desk.rulebook)
    if snapshot.office_id != desk.office.id:
        message = "工单属于另一个办公室。"
        raise ConflictError(message)
    if was_done(history.events, command.token):
        return snapshot
    policies = desk.rulebook.clock_rules.policies_for(desk.office, local_date(snapshot.received_at))
    decide_it = decide_matter if command.action in MATTERS else decide_events
    new_events = decide_it(
        snapshot,
        command,
        actor,
        now=now,
        new_id=desk.new_id,
        extension_rule=lambda policy: extension_rule(policies, policy, snapshot.urgency),
    )
    rules, bodies = desk.rulebook.clock_rules, desk.rulebook.directory.bodies
    check_order(history.events, command)
    check_return(history, command, office=desk.office, rules=rules, bodies=bodies, now=now)
    appended = store.append(
        snapshot.case_id,
        _marked(new_events, command.token),
        expected_seq=snapshot.seq,
        actor=actor,
        at=command.at or now,
        recorded_at=now,
    )
    after = _keep(store, history.then(appended), desk=desk)
    if guarded(after) and not guarded(snapshot):
        store.save_supplement(hidden(store.complaint(after.complaint_id), whole=True))
    return after


def _keep(store: Store, history: History, *, desk: Desk) -> CaseSnapshot:
    """Bring the rows and clocks of a case along with its events."""
    store.save_case(history.case)
    _save_clocks(store, history, desk=desk)
    return history.case


def _marked(events: Sequence[NewEvent], token: str) -> tuple[NewEvent, ...]:
    """The events with the form's token on the first, so that the same form sent twice is known."""
    if not token or not events:
        return tuple(events)
    return NewEvent(events[0].action, {**events[0].data, TOKEN: token}, events[0].text), *events[1:]


def _check_codes(command: Command, rulebook: Rulebook) -> None:
    """Refuse bodies, categories and settings that do not exist; the lifecycle knows neither directory nor taxonomy."""
    data, wrong = command.data, {}
    legs = data.get("legs") or ()
    named = [data.get("lead"), data.get("owner"), *_several(data.get("co"))]
    named += [leg.get("body_id") for leg in _several(legs) if isinstance(leg, Mapping)]
    if any(body and body not in rulebook.directory.bodies for body in named):
        wrong["lead"] = "请从单位名录中选择单位"
    asked = [body for body in (data.get("body"), *_several(data.get("bodies"))) if body]
    found = [rulebook.directory.bodies.get(str(body)) for body in asked]
    police = command.action is Action.TRANSFER
    if not all(body is not None and (not police or body.type is AgencyType.POLICE) for body in found):
        wrong["body"] = "请从名录中选择公安机关" if police else "请从单位名录中选择单位"
    if data.get("category") and data["category"] not in rulebook.taxonomy.categories:
        wrong["category"] = "请从列出的类别中选择"
    if data.get("setting") and data["setting"] not in rulebook.taxonomy.settings:
        wrong["setting"] = "请从列出的环节中选择"
    if wrong:
        message = f"填写有误：{'；'.join(wrong.values())}。"
        raise InvalidInputError(message, **wrong)


def _several(value: Json) -> tuple[Json, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _save_clocks(store: Store, history: History, *, desk: Desk) -> None:
    rules, bodies = desk.rulebook.clock_rules, desk.rulebook.directory.bodies
    store.save_reckoning(history, lambda: reckon_all(history, office=desk.office, rules=rules, bodies=bodies))
