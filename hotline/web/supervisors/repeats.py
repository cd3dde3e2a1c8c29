"""同一被投诉人: groups of complaints with the evidence of the match, one click to supervise; the list of demands."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.casework.desk import act
from hotline.errors import HotlineError
from hotline.intake.respondents import LABELS
from hotline.records import Command
from hotline.store.demands import REMINDED, SUPERVISED, demand_counts, demand_lines
from hotline.store.notices import add_notices
from hotline.store.repeat_groups import groups
from hotline.vocabulary import Action, Role
from hotline.web.access import roles
from hotline.web.cases import load_case
from hotline.web.context import account, actor, desk, now, services
from hotline.web.supervisors.room import blueprint
from hotline.web.telling import notices_after

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.store.demands import DemandLine

SPANS = {"30": 30, "90": 90, "365": 365}
DEFAULT_SPAN = "90"
SHOWN = 50
MOST_AT_ONCE = 200
MOST_TEXT = 2000
KINDS = {SUPERVISED: "督办", REMINDED: "催办"}


@blueprint.get("/groups")
@roles(Role.SUPERVISOR)
def group_list() -> str:
    """The groups of a period, the largest first."""
    span = request.args.get("days", DEFAULT_SPAN)
    span = span if span in SPANS else DEFAULT_SPAN
    with services().read() as store:
        found = groups(store.session, account().office_id, now() - timedelta(days=SPANS[span]))
    return render_template(
        "supervisors/groups.html", groups=found[:SHOWN], total=len(found), span=span, spans=tuple(SPANS), labels=LABELS
    )


@blueprint.post("/groups/supervise")
@roles(Role.SUPERVISOR)
def supervise_group() -> ResponseReturnValue:
    """Put every open case of a group under supervision; one that is already, or was just closed, holds up no other."""
    chosen = list(dict.fromkeys(request.form.getlist("case")))[:MOST_AT_ONCE]
    text = request.form.get("text", "").strip()[:MOST_TEXT]
    token = request.form.get("token", "")[:64]
    done, problems = 0, []
    for case_id in chosen:
        try:
            _supervise(case_id, text, token)
            done += 1
        except HotlineError as error:
            problems.append(error.message)
    if done:
        flash(f"已督办 {done} 件。")
    if problems or not chosen:
        why = problems[0] if problems else "请选择要督办的工单。"
        flash(f"{len(problems)} 件没有督办：{why}", "error")
    return redirect(url_for("supervisors.group_list", days=request.form.get("days", DEFAULT_SPAN)))


@blueprint.get("/demands")
@roles(Role.SUPERVISOR)
def demands() -> str:
    """督办 and 催办: what waits for a reply, what was answered when, and how each body answers.

    `body` (empty for the desk) and `how` (in_time, late, waiting) narrow the list to a number of the table.
    """
    span = request.args.get("days", DEFAULT_SPAN)
    span = span if span in SPANS else DEFAULT_SPAN
    with services().read() as store:
        lines = demand_lines(store.session, account().office_id, now() - timedelta(days=SPANS[span]))
    body, how = request.args.get("body"), request.args.get("how", "")
    shown = [line for line in lines if body in (None, line.body_id or "") and how in ("", _how(line))]
    return render_template(
        "supervisors/demands.html",
        lines=shown,
        narrowed=len(shown) < len(lines),
        counts=demand_counts(lines, now()),
        kinds=KINDS,
        span=span,
        spans=tuple(SPANS),
        moment=now(),
    )


def _how(line: DemandLine) -> str:
    """In which column of the table a demand is counted."""
    return "late" if line.late(now()) else "in_time" if line.stopped_at else "waiting"


def _supervise(case_id: str, text: str, token: str) -> None:
    with services().write() as store:
        before = load_case(store, case_id)
        command = Command(Action.SUPERVISE, text=text, token=token)
        after = act(store, case_id, command, desk=desk(before.office_id), actor=actor(), now=now())
        if after.seq > before.seq:
            add_notices(store.session, notices_after(before, after, command), now())
