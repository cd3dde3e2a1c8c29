"""分拣: what the model or the plan could not settle, the nearest deadline first, settled here in one step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.casework.preparation import decide
from hotline.casework.privacy import knows_caller
from hotline.errors import ConflictError, InvalidInputError, TransitionError
from hotline.store import queries, worklists
from hotline.store.crime_marks import marks_of
from hotline.store.merging import merged_groups
from hotline.store.tallies import state_counts
from hotline.vocabulary import Action, CaseState, Kind
from hotline.web.access import DESK, roles
from hotline.web.cases import load_case
from hotline.web.context import account, actor, desk, now, services
from hotline.web.errors import STATUS
from hotline.web.operators import choices
from hotline.web.operators.room import blueprint
from hotline.web.operators.settling import OTHER, decision_typed, legs_named, send
from hotline.web.times import form_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from hotline.records import Assignment, Classification
    from hotline.store.lines import CaseLine


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
        chosen, data, lead = decision_typed(snapshot, known, request.form)
        decided = decide(complaint, office=desk().office, rulebook=desk().rulebook, chosen=chosen)
        legs = legs_named(decided[1], chosen.category, lead)
        with services().write() as store:
            send(store, snapshot, decided, data, legs)
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
