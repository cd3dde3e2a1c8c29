"""A new version of a plan: check the file, replay recent cases, adopt from a day on; end a plan; take one back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.adopting import MOST_CASES, USUAL_CASES, adopt_proposal, check_proposal, examine_file, take_back, try_out
from hotline.errors import ConflictError, InvalidInputError
from hotline.intake.normalise import masked
from hotline.rulebooks import shipped_text
from hotline.store.plan_stream import Proposal
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.context import account, actor, services
from hotline.web.errors import STATUS
from hotline.web.plans.planform import Form, mark_of, read_form
from hotline.web.plans.room import Shown, blueprint, find_shown, today

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from hotline.adopting import Trial
    from hotline.routing.plan_candidate import Candidate

SHOWN_MOVES = 500


@blueprint.get("/<plan_id>/new-version")
@roles(Role.SUPERVISOR)
def new_version(plan_id: str) -> str:
    """The form, with the present text to begin with where it is asked for."""
    shown = find_shown(plan_id)
    return _page(shown, shipped_text(plan_id) if request.args.get("from") == "shipped" else "")


@blueprint.post("/<plan_id>/new-version")
@roles(Role.SUPERVISOR)
def check_or_adopt(plan_id: str) -> ResponseReturnValue:
    """Check and replay; adopt only what was replayed in exactly this wording."""
    shown = find_shown(plan_id)
    form = read_form()
    if form.errors:
        return _page(shown, form.content, errors=form.errors), 422
    office_id = account().office_id
    candidate = None
    if not form.ends:
        candidate = examine_file(services(), office_id, plan_id, form.content, source=form.source, on=form.effective)
        if not candidate.usable:
            return _page(shown, form.content, candidate=candidate), 422
    try:
        return _decide(shown, form, candidate)
    except (InvalidInputError, ConflictError) as error:
        page = _page(shown, form.content, candidate=candidate, errors=error.fields, problem=error.message)
        return page, STATUS[type(error)]


def _decide(shown: Shown, form: Form, candidate: Candidate | None) -> ResponseReturnValue:
    """Replay, and adopt where exactly this was replayed before.

    Raises:
        InvalidInputError, ConflictError: See `adopting.check_proposal` and `plan_adopting.adopt`.
    """
    plan_id, plan = shown.plan.id, candidate.plan if candidate else None
    content = candidate.content if candidate else ""
    proposal = Proposal(plan_id, content, form.effective, masked(form.note), {})
    check_proposal(services(), proposal, plan, actor())
    trial = try_out(services(), account().office_id, plan_id, plan, on=form.effective, count=form.count)
    if request.form.get("step") == "adopt" and request.form.get("checked") == mark_of(form, content):
        version = adopt_proposal(services(), replace(proposal, replay=trial.kept()), plan, actor())
        flash(f"已采用第 {version} 版，自 {form.effective.isoformat()} 起生效。")
        return redirect(url_for("plans.show", plan_id=plan_id))
    return _page(shown, content, candidate=candidate, trial=trial, checked=mark_of(form, content))


@blueprint.post("/<plan_id>/versions/<int:version>/withdraw")
@roles(Role.SUPERVISOR)
def withdraw(plan_id: str, version: int) -> ResponseReturnValue:
    """Take back a version whose day has not come."""
    try:
        take_back(services(), plan_id, version, masked(request.form.get("note", "").strip()), actor())
    except (InvalidInputError, ConflictError) as error:
        flash(error.message, "error")
    else:
        flash(f"第 {version} 版已撤回。")
    return redirect(url_for("plans.show", plan_id=plan_id, _anchor="versions"))


def _page(
    shown: Shown,
    content: str,
    *,
    candidate: Candidate | None = None,
    trial: Trial | None = None,
    checked: str = "",
    errors: Mapping[str, str] | None = None,
    problem: str = "",
) -> str:
    return render_template(
        "plans/new_version.html",
        shown=shown,
        content=content,
        candidate=candidate,
        trial=trial,
        checked=checked,
        errors=errors or {},
        problem=problem,
        typed=request.form,
        tomorrow=today() + timedelta(days=1),
        today=today(),
        usual=USUAL_CASES,
        most=MOST_CASES,
        shown_moves=SHOWN_MOVES,
    )
