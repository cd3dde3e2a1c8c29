"""The page of one case, for every role, and the actions that are possible on it.

What is shown follows `casework.privacy`; what can be done follows `lifecycle.allowed`. An action that fails leaves the
page open with what was typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for

from hotline.casework.desk import act
from hotline.casework.linking import COPIED, TOLD_EACH
from hotline.casework.receipt import clocks_for
from hotline.casework.ties import shown_ties
from hotline.casework.transition_table import TRANSITIONS
from hotline.errors import ConflictError, HotlineError, InvalidInputError, NotFoundError, TransitionError
from hotline.records import Command
from hotline.store import queries
from hotline.store.clockstore import clocks_of
from hotline.store.ids import new_id
from hotline.store.matters import matter_for
from hotline.store.merging import members_of
from hotline.vocabulary import Action
from hotline.web.access import DESK, STAFF, roles
from hotline.web.actionforms import Attempt, command_of, needs_of
from hotline.web.addresses import own_path
from hotline.web.bondview import evidence_words
from hotline.web.cases import UNKNOWN, load_events, look_leg
from hotline.web.caseview import read_case, seen_by
from hotline.web.clockview import clock_json
from hotline.web.codes import new_code
from hotline.web.context import actor, desk, now, services
from hotline.web.errors import STATUS
from hotline.web.evidence import MAX_BYTES
from hotline.web.formcourse import expected_seq, way_on
from hotline.web.matters.reading import read_panel
from hotline.web.reclassifying import carry_out

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.web.bondview import Tried

blueprint = Blueprint("cases", __name__, url_prefix="/cases")
WITH_A_FORM = frozenset(row.action for row in TRANSITIONS if row.form)
STALE = "别人刚刚办理过本件，您的操作没有生效。请看最新情况，需要的话再提交一次。"


@blueprint.get("/<case_id>")
@roles(*STAFF)
def show(case_id: str) -> ResponseReturnValue:
    """The page; a body that was only asked for help or sent a transfer is led to that matter instead."""
    try:
        return case_page(case_id)
    except NotFoundError:
        with services().read() as store:
            asked = matter_for(store.session, case_id, actor().body_id or "-")
        if asked is None:
            raise
        return redirect(url_for("matters.show", matter_id=asked))


@blueprint.get("/<case_id>/clocks.json")
@roles(*STAFF)
def clocks_json(case_id: str) -> ResponseReturnValue:
    """Why these dates, for programs: every clock with its days, pauses, extensions and both last days."""
    with services().read() as store:
        snapshot, _ = load_events(store, case_id)
        clocks = clocks_for(clocks_of(store.session, case_id), snapshot, actor())
    return jsonify([clock_json(clock) for clock in clocks])


@blueprint.post("/<case_id>/actions/<action>")
@roles(*STAFF)
def perform(case_id: str, action: str) -> ResponseReturnValue:
    """Do one thing to the case, or show the page again with what is wrong and what was typed."""
    wanted = _action(action)
    attempt = Attempt(wanted, request.form.get("leg_id") or None, request.form)
    with services().read() as store:
        snapshot, events = load_events(store, case_id)
        line = queries.case_line(store.session, case_id, actor())
        seen = seen_by(store, events, shown_ties(store, snapshot, events, actor(), now()), actor())
    try:
        _check_form(wanted)
        needs = needs_of(snapshot, actor(), attempt)
        command = command_of(attempt, needs, expected_seq=expected_seq(events, seen))
        also = _also(case_id, command)
        carry_out(case_id, snapshot, command, request.form, also=also)
    except (InvalidInputError, TransitionError, ConflictError) as error:
        return case_page(case_id, attempt=attempt.failed(_told(error), error.fields)), STATUS[type(error)]
    many = f" 等 {len(also) + 1} 件" if also else ""
    flash(f"{line.number if line else ''}{many} “{wanted.label}”已登记。".strip())
    return redirect(way_on(case_id, wanted))


def _also(case_id: str, command: Command) -> tuple[str, ...]:
    """The other cases of the same matter that the form means as well: those ticked, or with one tick all of them."""
    ticked = request.form.getlist("also")
    if request.form.get("also_all") == "1" and command.action in COPIED | TOLD_EACH:
        with services().read() as store:
            group = members_of(store.session, actor(), case_id)
        ticked += [each.case_id for each in group if each.closed_at is None and each.case_id != case_id]
    return tuple(dict.fromkeys(ticked))


@blueprint.post("/<case_id>/look")
@roles(*STAFF)
def look(case_id: str) -> ResponseReturnValue:
    """Show who called, for this once; that somebody looked is an event before anything is shown."""
    with services().read() as store:
        snapshot, _ = load_events(store, case_id)
    leg, fields = look_leg(snapshot, actor())
    command = Command(
        Action.LOOK, leg.id if leg else None, {"fields": tuple(sorted(fields)), "why": request.form.get("why", "")}
    )
    with services().write() as store:
        act(store, case_id, command, desk=desk(snapshot.office_id), actor=actor(), now=now())
    return case_page(case_id, looked=True)


@blueprint.post("/<case_id>/code")
@roles(*DESK)
def code(case_id: str) -> ResponseReturnValue:
    """Give the caller a new code to follow the case by; the old one is void. It is shown this once."""
    with services().read() as store:
        snapshot, _ = load_events(store, case_id)
        complaint = store.complaint(snapshot.complaint_id)
    if not services().settings.follow:
        raise NotFoundError(UNKNOWN)
    try:
        flash(f"查询码：{new_code(snapshot, complaint, request.form)}（只显示这一次，以前的作废）", "code")
    except InvalidInputError as error:
        flash(f"没有重发：{error.message}", "error")
    return redirect(url_for("cases.show", case_id=case_id))


def case_page(case_id: str, *, attempt: Attempt | None = None, tried: Tried | None = None, looked: bool = False) -> str:
    """The page; an action (`attempt`) or a form of the side panels (`tried`) that failed stands open as typed."""
    with services().read() as store:
        view = read_case(store, case_id, attempt=attempt, looked=looked)
        panel = read_panel(store, view.snapshot)
    back = own_path(request.values.get("back", ""))
    return render_template(
        "case/page.html",
        view=view,
        attempt=attempt,
        tried=tried,
        back=back,
        most_bytes=MAX_BYTES,
        form_token=new_id(),
        evidence_words=evidence_words,
        panel=panel,
    )


def _action(code: str) -> Action:
    for action in Action:
        if action == code:
            return action
    raise NotFoundError(UNKNOWN)


def _check_form(action: Action) -> None:
    """Refuse what has a way of its own, so that no file that was never uploaded and no look at nobody is recorded.

    Raises:
        TransitionError: There is no form of this action.
    """
    if action not in WITH_A_FORM:
        message = f"“{action.label}”不能这样登记，请用页面上的按钮操作。"
        raise TransitionError(message)


def _told(error: HotlineError) -> str:
    return STALE if isinstance(error, ConflictError) else error.message
