"""隔离记录: what could not be taken, with the reason; the desk looks, puts right and registers, or dismisses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.errors import InvalidInputError
from hotline.store import queries
from hotline.store.worklists import case_of_complaint, quarantine_line
from hotline.web.access import DESK, roles
from hotline.web.context import account, now, services
from hotline.web.operators.refused import by_name, closed_record, first_under, note, open_record, readable, stream
from hotline.web.operators.room import blueprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

REASON_LIMIT = 500
DONE = "这条隔离记录已经处理过。"


@blueprint.get("/quarantine")
@roles(*DESK)
def quarantine() -> str:
    """The records that wait, or those that were dealt with."""
    resolved = request.args.get("resolved") == "1"
    with services().read() as store:
        page = queries.quarantine_list(
            store.session, account().office_id, resolved=resolved, after=request.args.get("after")
        )
    following = url_for("operators.quarantine", resolved="1" if resolved else None, after=page.next)
    return render_template(
        "operators/quarantine.html", lines=page.lines, resolved=resolved, next=following if page.next else None
    )


@blueprint.get("/quarantine/<quarantine_id>")
@roles(*DESK)
def refused(quarantine_id: str) -> str:
    """One record with its content; the look is an event."""
    return _page(quarantine_id)


@blueprint.post("/quarantine/<quarantine_id>/dismiss")
@roles(*DESK)
def dismiss(quarantine_id: str) -> ResponseReturnValue:
    """Set a record aside with a reason, which is kept sealed in the record's own stream of events."""
    reason = request.form.get("reason", "").replace("\x00", "").strip()
    if not reason or len(reason) > REASON_LIMIT:
        return _page(quarantine_id, {"reason": f"请写明理由，不超过 {REASON_LIMIT} 字。"}), 422
    with services().write() as store:
        line = quarantine_line(store.session, account().office_id, quarantine_id)
        if line.resolved_at is not None:
            raise InvalidInputError(DONE)
        note(store, quarantine_id, "dismissed", reason)
        store.resolve_quarantine(quarantine_id, None, now())
    flash("已作废，原文仍保留。")
    return redirect(url_for("operators.quarantine"))


def _page(quarantine_id: str, errors: Mapping[str, str] | None = None) -> str:
    """The page; what has become a case whose caller is closed to this account is not shown once more."""
    line, content, row = open_record(quarantine_id)
    with services().read() as store:
        case_id = case_of_complaint(store.session, line.complaint_id) if line.complaint_id else None
        first = first_under(store, line)
        shut = closed_record(store, line)
        why = [text for text in store.event_texts(stream(quarantine_id)).values() if text]
    return render_template(
        "operators/refused.html",
        line=line,
        size=len(content),
        content=None if shut else readable(content),
        by_name="" if shut else by_name(row),
        shut=shut,
        case_id=case_id,
        first=first,
        why=why,
        errors=errors or {},
        reason=request.form.get("reason", ""),
    )
