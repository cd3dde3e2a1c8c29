"""A step of a matter, or the beginning of one on the page of its case."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.casework.desk import act
from hotline.casework.joint_moves import BY_STEP
from hotline.casework.matter_words import MATTERS, MatterMove
from hotline.casework.matters import matters_of
from hotline.casework.need_forms import parse_form
from hotline.casework.ties import steps_in
from hotline.errors import (
    ConflictError,
    ForbiddenError,
    HotlineError,
    InvalidInputError,
    NotFoundError,
    TransitionError,
)
from hotline.moments import SHANGHAI
from hotline.records import Command
from hotline.web.access import STAFF, roles
from hotline.web.cases import load_case
from hotline.web.context import actor, desk, now, services
from hotline.web.errors import STATUS
from hotline.web.matters.forms import AT, Tried
from hotline.web.matters.reading import UNKNOWN, load_matter, read_panel
from hotline.web.matters.room import blueprint
from hotline.web.matters.showing import matter_page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.records import CaseSnapshot

_FAILURES = (InvalidInputError, TransitionError, ConflictError)


@blueprint.post("/begin/<case_id>/<kind>/<step>")
@roles(*STAFF)
def begin(case_id: str, kind: str, step: str) -> ResponseReturnValue:
    """Begin a matter of a case, or show the form again with what is wrong."""
    row = _row(kind, step, begins=True)
    with services().read() as store:
        snapshot = load_case(store, case_id)
    try:
        after = _carry_out(snapshot, row, "")
    except _FAILURES as error:
        return _again(snapshot, _tried(row, "", error)), STATUS[type(error)]
    flash(f"“{row.kind.label}：{row.step.label}”已登记。")
    return redirect(url_for("matters.show", matter_id=matters_of(after)[-1].id))


@blueprint.post("/<matter_id>/<kind>/<step>")
@roles(*STAFF)
def go_on(matter_id: str, kind: str, step: str) -> ResponseReturnValue:
    """Do one step of a matter, or show it again with what is wrong."""
    row = _row(kind, step, begins=False)
    with services().read() as store:
        snapshot, _, _ = load_matter(store, matter_id)
    try:
        _carry_out(snapshot, row, matter_id)
    except (*_FAILURES, ForbiddenError) as error:
        return matter_page(matter_id, _tried(row, matter_id, error)), STATUS[type(error)]
    flash(f"“{row.step.label}”已登记。")
    return redirect(url_for("matters.show", matter_id=matter_id))


def _again(snapshot: CaseSnapshot, tried: Tried) -> str:
    with services().read() as store:
        panel = read_panel(store, snapshot, tried)
    return render_template("matters/begin.html", snapshot=snapshot, panel=panel, tried=tried)


def _carry_out(snapshot: CaseSnapshot, row: MatterMove, matter_id: str) -> CaseSnapshot:
    data, text = parse_form(row.needs, {name: request.form.getlist(name) for name in request.form})
    named = {"step": row.step.value, **({"matter_id": matter_id} if matter_id else {})}
    command = Command(row.kind, None, {**data, **named}, text, _at(), _expected_seq(snapshot))
    with services().write() as store:
        return act(store, snapshot.case_id, command, desk=desk(snapshot.office_id), actor=actor(), now=now())


def _row(kind: str, step: str, *, begins: bool) -> MatterMove:
    found = next(
        (row for row in BY_STEP.values() if row.kind in MATTERS and (row.kind, row.step) == (kind, step)), None
    )
    if found is None or bool(found.states) is begins:
        raise NotFoundError(UNKNOWN)
    return found


def _tried(row: MatterMove, matter_id: str, error: HotlineError) -> Tried:
    return Tried(row.kind.value, row.step.value, matter_id, request.form, error.message, error.fields)


def _expected_seq(snapshot: CaseSnapshot) -> int:
    """The number of the last event, where the person has seen all that they may see; else one that is none.

    Raises:
        InvalidInputError: The form was tampered with.
    """
    typed = request.form.get("expected_seq", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):  # noqa: PLR2004 - no case has a billion events.
        message = "表单不完整，请刷新页面后重试。"
        raise InvalidInputError(message)
    with services().read() as store:
        seen = steps_in(store.events(snapshot.case_id)[: snapshot.seq])
    return snapshot.seq if int(typed) == seen else 0


def _at() -> datetime | None:
    typed = request.form.get(AT, "").strip()
    if not typed:
        return None
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        message = "请填写日期和时间，如 2026-11-20T09:30。"
        raise InvalidInputError(message, at=message) from None
    return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at
