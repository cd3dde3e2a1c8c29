"""The outbox as the administrator sees it: what went out, what waits, what failed; try again, replay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.delivery.compose import subject
from hotline.errors import NotFoundError
from hotline.records import NewEvent
from hotline.store.events import last_seq
from hotline.store.outbox_messages import messages
from hotline.store.outbox_tries import send_again
from hotline.vocabulary import Action, Delivery, Outlet, Role
from hotline.web.access import roles
from hotline.web.admin.room import blueprint
from hotline.web.context import account, actor, now, services
from hotline.web.labels import agency

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.store.casestore import CaseStore
    from hotline.store.digests import Recipient

PREFIX = "outbox:"


@blueprint.get("/outbox")
@roles(Role.ADMINISTRATOR)
def outbox() -> str:
    """The office's messages, the newest first, of one state and one outlet where that is asked for."""
    state = next((each for each in Delivery if each == request.args.get("state")), None)
    outlet = next((each for each in Outlet if each == request.args.get("outlet")), None)
    with services().read() as store:
        found, after = messages(
            store.session, account().office_id, state=state, outlet=outlet, before=request.args.get("before", "")
        )
    return render_template(
        "admin/outbox.html",
        messages=[(message, recipient_label(message.recipient), subject(message)) for message in found],
        more=url_for("admin.outbox", state=state, outlet=outlet, before=after) if after else "",
        states=tuple(Delivery),
        outlets=tuple(Outlet),
        chosen={"state": state, "outlet": outlet},
    )


@blueprint.post("/outbox/<message_id>/again")
@roles(Role.ADMINISTRATOR)
def send_message_again(message_id: str) -> ResponseReturnValue:
    """Try a message now, also one that was sent: the receiver knows it by its id."""
    with services().write() as store:
        message = send_again(store.session, account().office_id, message_id, now())
        if message is None:
            text = "没有这条消息，请从发件箱重新打开。"
            raise NotFoundError(text)
        note(store, "sent_again", message.recipient, message.outlet, message_id=message.id)
    flash("已重新排队，片刻后发送；编号不变，对方可以据此去重。")
    return redirect(url_for("admin.outbox"))


def note(
    store: CaseStore, what: str, recipient: Recipient, outlet: Outlet, *, text: str = "", message_id: str = ""
) -> None:
    """Append what was done to the office's own stream; an address is free text and stands sealed beside it."""
    stream = f"{PREFIX}{account().office_id}"
    data = {"what": what, "body": recipient.body_id, "role": recipient.role, "outlet": str(outlet)}
    event = NewEvent(Action.NOTE, data | ({"message": message_id} if message_id else {}), text)
    seq = last_seq(store.session, stream)
    store.append(stream, [event], expected_seq=seq, actor=actor(), at=now(), recorded_at=now())


def recipient_label(recipient: Recipient) -> str:
    """A recipient in Chinese."""
    if recipient.body_id:
        return agency(recipient.body_id)
    return next((role.label for role in Role if role == recipient.role), recipient.role)
