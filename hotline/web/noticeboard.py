"""Notices: what the scheduler and others have to tell this account, its body or its desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from hotline.store import notices as outbox
from hotline.vocabulary import Action, Stage
from hotline.web.access import ANYBODY, roles
from hotline.web.context import actor, now, services
from hotline.web.rendering import agency, policy_title

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.store.notices import NoticeLine

LIMIT = 200
_ASKS = {
    Action.REMIND: "派单台催办，请尽快办理，内容见工单“经过”",
    Action.SUPERVISE: "已列为督办件，要求见工单“经过”",
    Action.SEND_BACK: "审核退回重办，理由见工单“经过”",
}
_STAGES = {str(term): term.label for terms in (Stage, Action) for term in terms}
blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@dataclass(frozen=True, slots=True)
class Line:
    """A notice in words."""

    notice: NoticeLine
    stage: str
    text: str
    late: bool


@blueprint.get("/")
@roles(*ANYBODY)
def index() -> str:
    """The newest notices; `unread=1` leaves out what was read."""
    unread_only = request.args.get("unread") == "1"
    with services().read() as store:
        found = outbox.notices(store.session, actor(), limit=LIMIT, unread_only=unread_only)
    return render_template("notices/index.html", lines=[_line(notice) for notice in found], unread_only=unread_only)


@blueprint.post("/read")
@roles(*ANYBODY)
def mark_read() -> ResponseReturnValue:
    """Mark one notice, or all of them, as read."""
    notice_id = request.form.get("notice_id") or None
    with services().write() as store:
        outbox.mark_read(store.session, actor(), now(), notice_id)
    flash("已标为已读。")
    return redirect(url_for("notices.index"))


def _line(notice: NoticeLine) -> Line:
    return Line(notice, _STAGES.get(notice.stage, notice.stage), _text(notice.code), late=notice.stage == Stage.OVERDUE)


def _text(code: str) -> str:
    """What it is about: `clock:<policy>`, `escalation:<body>:<policy>`, or `action:<policy or nothing>`."""
    about, _, rest = code.partition(":")
    body, _, policy = rest.rpartition(":")
    title = policy_title(policy)
    if about == "escalation":
        return f"上报：{title}，责任在{agency(body) if body else '派单台'}，请督促"
    return title or next((text for action, text in _ASKS.items() if action == about), "")
