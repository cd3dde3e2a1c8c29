"""What arrived beside what it became: the submission as it came and the cleaned text. Every look is an event.

It may hold anything about the caller, so only who may see all of the caller's fields may see it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from hotline.casework.desk import act
from hotline.casework.privacy import IDENTITY_LABELS
from hotline.errors import ForbiddenError
from hotline.intake import mojibake
from hotline.records import Command
from hotline.vocabulary import Action
from hotline.web.access import DESK, roles
from hotline.web.cases import load_events, look_leg
from hotline.web.context import actor, desk, now, services
from hotline.web.operators.refused import readable

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.records import Json

blueprint = Blueprint("rawtext", __name__, url_prefix="/cases")


@blueprint.post("/<case_id>/raw")
@roles(*DESK)
def show(case_id: str) -> ResponseReturnValue:
    """The page; the look is recorded before anything is shown.

    Raises:
        ForbiddenError: The identity is sealed, or not open to this account.
    """
    with services().read() as store:
        snapshot, _ = load_events(store, case_id)
    leg, fields = look_leg(snapshot, actor())
    if fields != frozenset(IDENTITY_LABELS):
        message = "原文可能含有来电人的身份，您现在不能查看。举报件请先申请启封。"
        raise ForbiddenError(message)
    data: dict[str, Json] = {"fields": tuple(sorted(fields)), "why": request.form.get("why", "")}
    with services().write() as store:
        act(
            store,
            case_id,
            Command(Action.LOOK, leg.id if leg else None, data),
            desk=desk(snapshot.office_id),
            actor=actor(),
            now=now(),
        )
        complaint = store.complaint(snapshot.complaint_id)
        content = store.raw_content(complaint.submission_id)
    shown = readable(content)
    return render_template(
        "case/raw.html",
        case_id=case_id,
        complaint=complaint,
        content=shown,
        size=len(content),
        repaired=was_garbled(shown or ""),
    )


def was_garbled(content: str) -> bool:
    """Whether what arrived held mojibake that was repaired; a JSON body may spell its characters as escapes."""
    with suppress(ValueError, RecursionError):  # It may be no JSON.
        content = json.dumps(json.loads(content), ensure_ascii=False)
    return mojibake.repair(content) != content
