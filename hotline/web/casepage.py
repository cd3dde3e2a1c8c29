"""The page of one case, for every role, and the actions that are possible on it.

What is shown follows `casework.privacy`; what can be done follows `lifecycle.allowed`. An action that fails leaves the
page open with what was typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from hotline.casework.desk import act
from hotline.casework.lifecycle import TRANSITIONS
from hotline.errors import ConflictError, HotlineError, InvalidInputError, NotFoundError, TransitionError
from hotline.records import Command
from hotline.vocabulary import Action
from hotline.web.access import STAFF, roles
from hotline.web.actionforms import Attempt, command_of, needs_of
from hotline.web.cases import UNKNOWN, identity_leg, load_events
from hotline.web.caseview import read_case
from hotline.web.context import actor, desk, now, services
from hotline.web.errors import STATUS
from hotline.web.evidence import MAX_BYTES
from hotline.web.reclassifying import carry_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from hotline.records import CaseEvent

blueprint = Blueprint("cases", __name__, url_prefix="/cases")
QUIET = frozenset({Action.LOOK, Action.NOTE, Action.REMIND, Action.EVIDENCE, Action.SUPERVISE})
"""Events that take nothing away from somebody who is just filling in a form: they make no conflict."""
WITH_A_FORM = frozenset(row.action for row in TRANSITIONS if row.form)
STALE = "别人刚刚办理过本件，您的操作没有生效。请看最新情况，需要的话再提交一次。"


@blueprint.get("/<case_id>")
@roles(*STAFF)
def show(case_id: str) -> str:
    """The page."""
    return _page(case_id)


@blueprint.post("/<case_id>/actions/<action>")
@roles(*STAFF)
def perform(case_id: str, action: str) -> ResponseReturnValue:
    """Do one thing to the case, or show the page again with what is wrong and what was typed."""
    wanted = _action(action)
    attempt = Attempt(wanted, request.form.get("leg_id") or None, request.form)
    with services().read() as store:
        snapshot, events = load_events(store, case_id)
    try:
        _check_form(wanted)
        needs = needs_of(snapshot, actor(), attempt)
        command = command_of(attempt, needs, expected_seq=_expected_seq(events))
        carry_out(case_id, snapshot, command, request.form)
    except (InvalidInputError, TransitionError, ConflictError) as error:
        return _page(case_id, attempt=attempt.failed(_told(error), error.fields)), STATUS[type(error)]
    flash(f"“{wanted.label}”已登记。")
    return redirect(_after(case_id))


@blueprint.post("/<case_id>/look")
@roles(*STAFF)
def look(case_id: str) -> ResponseReturnValue:
    """Show who called, for this once; that somebody looked is an event before anything is shown."""
    with services().read() as store:
        snapshot, _ = load_events(store, case_id)
    leg, fields = identity_leg(snapshot, actor())
    command = Command(Action.LOOK, leg.id if leg else None, {"fields": tuple(sorted(fields))})
    with services().write() as store:
        act(store, case_id, command, desk=desk(snapshot.office_id), actor=actor(), now=now())
    return _page(case_id, looked=True)


def _page(case_id: str, *, attempt: Attempt | None = None, looked: bool = False) -> str:
    with services().read() as store:
        view = read_case(store, case_id, attempt=attempt, looked=looked)
    back = request.values.get("back", "")
    return render_template("case/page.html", view=view, attempt=attempt, back=back, most_bytes=MAX_BYTES)


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


def _expected_seq(events: Sequence[CaseEvent]) -> int | None:
    """The number of the last event the person saw, moved on over events that change nothing for them.

    Raises:
        InvalidInputError: The form was tampered with.
    """
    typed = request.form.get("expected_seq", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):  # noqa: PLR2004 - no case has a billion events.
        message = "表单不完整，请刷新页面后重试。"
        raise InvalidInputError(message)
    later = [event for event in events if event.seq > int(typed)]
    return events[-1].seq if all(event.action in QUIET for event in later) else int(typed)


def _told(error: HotlineError) -> str:
    return STALE if isinstance(error, ConflictError) else error.message


def _after(case_id: str) -> str:
    """Where to go: the queue the form named, if it is a path of ours, else the case."""
    back = request.form.get("back", "")
    ours = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    return back if ours else url_for("cases.show", case_id=case_id)
