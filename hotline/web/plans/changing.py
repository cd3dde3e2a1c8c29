"""A new version of a plan: check the file, replay recent cases, adopt from a day on; end a plan; take one back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.adopting import (
    MOST_CASES,
    USUAL_CASES,
    adopt_proposal,
    check_proposal,
    examine_file,
    take_back,
    try_out,
)
from hotline.errors import ConflictError, InvalidInputError, UnusableFileError
from hotline.intake.encodings import decode
from hotline.intake.normalise import masked
from hotline.routing.plan_candidate import MOST_CHARACTERS
from hotline.rules import shipped_text
from hotline.store.plan_versions import Proposal, digest_of
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.context import account, actor, services
from hotline.web.errors import STATUS
from hotline.web.plans.room import Shown, blueprint, find_shown, today

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from hotline.adopting import Trial
    from hotline.routing.plan_candidate import Candidate

SHOWN_MOVES = 500


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent: the file's text, an optional source to prove its quotes, how many cases to replay, from when."""

    content: str
    source: str | None
    count: int
    effective: date
    note: str
    ends: bool
    errors: Mapping[str, str]


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
    form = _read()
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
        InvalidInputError, ConflictError: See `adopting.check_proposal` and `plan_versions.adopt`.
    """
    plan_id, plan = shown.plan.id, candidate.plan if candidate else None
    content = candidate.content if candidate else ""
    proposal = Proposal(plan_id, content, form.effective, masked(form.note), {})
    check_proposal(services(), proposal, plan, actor())
    trial = try_out(services(), account().office_id, plan_id, plan, on=form.effective, count=form.count)
    if request.form.get("step") == "adopt" and request.form.get("checked") == _mark(form, content):
        version = adopt_proposal(services(), replace(proposal, replay=trial.kept()), plan, actor())
        flash(f"已采用第 {version} 版，自 {form.effective.isoformat()} 起生效。")
        return redirect(url_for("plans.show", plan_id=plan_id))
    return _page(shown, content, candidate=candidate, trial=trial, checked=_mark(form, content))


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


def _read() -> Form:
    """The form; what cannot be used is named, nothing is guessed."""
    wrong: dict[str, str] = {}
    ends = request.form.get("ends") == "1"
    content = _uploaded("file", wrong) or request.form.get("content", "").replace("\r\n", "\n")
    if not ends and not content.strip():
        wrong.setdefault("file", "请选择方案文件，或把内容粘贴在下面。")
    if len(content) > MOST_CHARACTERS:
        wrong["file"] = "文件过大，方案文件不超过 50 万字。"
    return Form(
        content=content,
        source=_uploaded("source", wrong) or None,
        count=_count(wrong),
        effective=_effective(wrong),
        note=request.form.get("note", "").strip(),
        ends=ends,
        errors=wrong,
    )


def _uploaded(name: str, wrong: dict[str, str]) -> str:
    """The text of an uploaded file, empty where none was chosen."""
    file = request.files.get(name)
    content = file.read() if file and file.filename else b""
    if not content:
        return ""
    try:
        return decode(content)[0].replace("\r\n", "\n")
    except UnusableFileError:
        wrong[name] = "这不是文本文件。请上传 UTF-8 编码的文本。"
        return ""


def _count(wrong: dict[str, str]) -> int:
    typed = request.form.get("count", "") or str(USUAL_CASES)
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= MOST_CASES):
        wrong["count"] = f"请写 1 到 {MOST_CASES} 之间的整数。"
        return USUAL_CASES
    return int(typed)


def _effective(wrong: dict[str, str]) -> date:
    try:
        day = date.fromisoformat(request.form.get("effective", ""))
    except ValueError:
        day = date.min
    if day == date.min or day > date(2199, 12, 31):
        wrong["effective"] = "请写明生效日期，例如 2026-12-01。"
    elif day < today():
        wrong["effective"] = "生效日期不能早于今天。"
    return day


def _mark(form: Form, content: str) -> str:
    """What says that exactly this was checked: wording and first day."""
    return f"{digest_of(content) or 'end'}:{form.effective.isoformat()}"
