"""分拣: what the model or the plan could not settle, the nearest deadline first, settled here in one step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.casework.desk import act, proposed_legs, reclassify
from hotline.casework.preparation import Choice, decide
from hotline.casework.privacy import knows_caller
from hotline.errors import ConflictError, InvalidInputError, TransitionError
from hotline.intake.normalise import masked
from hotline.records import Command
from hotline.store import queries, worklists
from hotline.store.crime_marks import marks_of
from hotline.store.merging import merged_groups
from hotline.store.tallies import state_counts
from hotline.vocabulary import Action, CaseState, Kind, Urgency
from hotline.web.access import DESK, roles
from hotline.web.cases import load_case
from hotline.web.context import account, actor, desk, now, services
from hotline.web.errors import STATUS
from hotline.web.operators import choices
from hotline.web.operators.room import blueprint
from hotline.web.rendering import form_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from hotline.records import Assignment, CaseSnapshot, Classification, Json, Reporter
    from hotline.store.casestore import CaseStore
    from hotline.store.lines import CaseLine

OTHER = "other"
REASON_LIMIT = 200
LABELS = {
    "category": "类别",
    "setting": "环节",
    "kind": "性质",
    "urgency": "紧急程度",
    "plan_id": "方案",
    "lead": "牵头单位",
    "reason": "理由",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One case that waits, with the machine's guess and the route that the guess would take."""

    line: CaseLine
    seq: int
    guess: Classification | None
    route: Assignment | None

    @property
    def sendable(self) -> bool:
        """Whether accepting the guess is enough to dispatch: a lead is known and exists today."""
        route = self.route
        known = route is not None and not route.silent and route.lead is not None and route.lead.today_body_id
        return bool(known) and self.line.category != OTHER and self.line.kind != Kind.INQUIRY

    @property
    def silent(self) -> bool:
        """Whether the plan names nobody."""
        return self.line.category != OTHER and self.route is not None and (self.route.silent or not self.route.lead)


@dataclass(frozen=True, slots=True)
class Problem:
    """An attempt that failed, shown at its row with what was typed."""

    case_id: str = ""
    message: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("/triage")
@roles(*DESK)
def triage() -> str:
    """The list."""
    return _page()


@blueprint.post("/triage/<case_id>/confirm")
@roles(*DESK)
def confirm(case_id: str) -> ResponseReturnValue:
    """Confirm or correct the category and dispatch: to the plan's agencies, or to the lead that the desk names."""
    with services().read() as store:
        snapshot = load_case(store, case_id)
        complaint = store.complaint(snapshot.complaint_id)
        line = queries.case_line(store.session, case_id, actor())
    try:
        known = complaint.reporter if knows_caller(snapshot, actor(), now()) else None
        chosen, data, lead = _decision(snapshot, known, request.form)
        decided = decide(complaint, office=desk().office, rulebook=desk().rulebook, chosen=chosen)
        legs = _legs(decided[1], chosen.category, lead)
        with services().write() as store:
            _send(store, snapshot, decided, data, legs)
    except (InvalidInputError, TransitionError, ConflictError) as error:
        return _page(Problem(case_id, error.message, error.fields, request.form)), STATUS[type(error)]
    flash(f"{line.number if line else ''} 已确认并派单。".strip())
    return redirect(url_for("operators.triage"))


def _page(problem: Problem | None = None) -> str:
    after = request.args.get("after")
    with services().read() as store:
        page = worklists.by_deadline(
            store.session, account().office_id, [CaseState.TRIAGE], after=after, limit=choices.ROWS
        )
        ids = [line.case_id for line in page.lines]
        guesses = worklists.classifications(store.session, ids)
        routes = worklists.assignments(store.session, ids)
        waiting = state_counts(store.session, account().office_id).get(CaseState.TRIAGE, 0)
        seqs = worklists.last_seqs(store.session, ids)
        marks, groups = marks_of(store.session, ids), merged_groups(store.session, actor(), ids)
    rows = [Row(line, seqs[line.case_id], guesses.get(line.case_id), routes.get(line.case_id)) for line in page.lines]
    return render_template(
        "operators/triage.html",
        rows=rows,
        marks=marks,
        groups=groups,
        waiting=waiting,
        problem=problem or Problem(),
        next=url_for("operators.triage", after=page.next) if page.next else None,
        bodies=choices.bodies(),
        present=form_moment(now()),
        hand_on_to=choices.need_choices(Action.HAND_ON, "where"),
        **choices.as_context(),
    )


def _decision(
    snapshot: CaseSnapshot, reporter: Reporter | None, form: Mapping[str, str]
) -> tuple[Choice, dict[str, Json], str]:
    """What the operator decided: the choice that routes again, the data of 改类, and the lead they named, if any.

    Raises:
        InvalidInputError: A code is none of those offered, or a plan was chosen without a reason.
    """
    rulebook = services().rulebook
    values = {
        name: form.get(name) or str(getattr(snapshot, name)) for name in ("category", "setting", "kind", "urgency")
    }
    plan_id, lead, reason = form.get("plan_id", ""), form.get("lead", ""), form.get("reason", "").strip()
    tests = {
        "category": values["category"] in rulebook.taxonomy.categories,
        "setting": values["setting"] in rulebook.taxonomy.settings,
        "kind": values["kind"] in {kind.value for kind in Kind},
        "urgency": values["urgency"] in {urgency.value for urgency in Urgency},
        "plan_id": not plan_id or plan_id in rulebook.plans,
        "lead": not lead or choices.is_body(lead),
    }
    wrong = {name: "请从列出的选项中选择。" for name, good in tests.items() if not good}
    if plan_id and not reason:
        wrong["reason"] = "另选方案请写明理由。"
    if len(reason) > REASON_LIMIT:
        wrong["reason"] = f"理由请不超过 {REASON_LIMIT} 字。"
    if wrong:
        named = "；".join(f"{LABELS[name]}：{text.removesuffix('。')}" for name, text in wrong.items())
        message = f"没有办成。{named}。"
        raise InvalidInputError(message, **wrong)
    data: dict[str, Json] = {**values, "state": CaseState.READY.value}
    choice = Choice(values["category"], values["setting"], plan_id, masked(reason, reporter, whole=True))
    return choice, data, lead


def _send(
    store: CaseStore,
    snapshot: CaseSnapshot,
    decided: tuple[Classification, Assignment],
    data: Mapping[str, Json],
    legs: Mapping[str, Json],
) -> None:
    """Classify and dispatch in one unit of work: either both happen or neither.

    Raises:
        ConflictError, TransitionError: Somebody else acted first.
    """
    case_id, typed = snapshot.case_id, request.form.get("expected_seq", "")
    seen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None  # noqa: PLR2004 - no case has a billion events.
    command = Command(Action.CLASSIFY, data=data, expected_seq=seen)
    reclassify(store, case_id, command, decided, desk=desk(), actor=actor(), now=now())
    act(store, case_id, Command(Action.DISPATCH, data=legs), desk=desk(), actor=actor(), now=now())


def _legs(route: Assignment, category: str, lead: str) -> dict[str, Json]:
    """Who gets the case: whom the desk names to lead, else whom the plan names.

    Raises:
        InvalidInputError: Nobody is named to lead, or the matter is out of scope and nobody was chosen.
    """
    if lead:
        legs = dict(proposed_legs(route)) if not route.silent and category != OTHER else {}
        co = legs.get("co", ())
        rest = tuple(body for body in co if body != lead) if isinstance(co, tuple) else ()
        return {**legs, "lead": lead, "co": rest}
    if category == OTHER:
        message = "不属于本系统受理范围的，请转交或答复；确需派单请指定牵头单位。"
        raise InvalidInputError(message, lead="请指定牵头单位")
    if route.silent or route.lead is None or route.lead.today_body_id is None:
        message = "方案没有列明现有的承办单位，请指定牵头单位。"
        raise InvalidInputError(message, lead="请指定牵头单位")
    return proposed_legs(route)
