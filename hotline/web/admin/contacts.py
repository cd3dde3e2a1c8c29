"""Where digests go beside the app: a mail address or a webhook per recipient; a webhook's secret is shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.delivery.compose import NEWS
from hotline.delivery.job import outlets_in_use
from hotline.errors import InvalidInputError, NotFoundError
from hotline.moments import local_date
from hotline.store.contacts import contacts_of, remove_contact, save_contact
from hotline.store.digests import Recipient
from hotline.store.hooks import subscriptions
from hotline.store.outbox import add_trial
from hotline.vocabulary import Outlet, Role
from hotline.web.access import roles
from hotline.web.admin.outbox import note, recipient_label
from hotline.web.admin.room import blueprint
from hotline.web.context import account, now, services
from hotline.web.shownonce import show_once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from hotline.store.contacts import Contact

DESKS = (Role.OPERATOR, Role.SUPERVISOR)
_KEEP_IT = (
    "只显示这一次，请交给接收系统保存。接收方用它对“时间戳.正文”计算 HMAC-SHA256，与请求头 X-Hotline-Signature 比较。"
)


@blueprint.get("/contacts")
@roles(Role.ADMINISTRATOR)
def contacts() -> str:
    """The addresses of the office's recipients, and the form for a new one."""
    return _page()


@blueprint.post("/contacts")
@roles(Role.ADMINISTRATOR)
def set_contact() -> ResponseReturnValue:
    """Set an address, in the place of the one before; an event keeps who set which."""
    try:
        recipient, outlet = _recipient(), _outlet()
        address = request.form.get("address", "").strip()
        with services().write() as store:
            local = services().settings.local_targets
            secret = save_contact(
                store.session, store.keyring, recipient, outlet, address=address, at=now(), local=local
            )
            note(store, "contact_set", recipient, outlet, text=address)
    except InvalidInputError as error:
        return _page(errors=error.fields), 422
    if secret:
        show_once(f"“{recipient_label(recipient)}”的签名密钥", secret, _KEEP_IT)
    flash("收件地址已保存。")
    return redirect(url_for("admin.contacts"))


@blueprint.post("/contacts/<contact_id>/remove")
@roles(Role.ADMINISTRATOR)
def drop_contact(contact_id: str) -> ResponseReturnValue:
    """Forget an address; in the app everything stands as before."""
    with services().write() as store:
        found = _own(contacts_of(store.session, account().office_id), contact_id)
        remove_contact(store.session, found.recipient, found.outlet)
        note(store, "contact_removed", found.recipient, found.outlet)
    flash("收件地址已删除，系统内的通知照常。")
    return redirect(url_for("admin.contacts"))


@blueprint.post("/contacts/<contact_id>/trial")
@roles(Role.ADMINISTRATOR)
def try_contact(contact_id: str) -> ResponseReturnValue:
    """Put a test message into the outbox."""
    with services().write() as store:
        found = _own(contacts_of(store.session, account().office_id), contact_id)
        add_trial(store.session, found.recipient, found.outlet, now())
        note(store, "contact_tried", found.recipient, found.outlet)
    flash("测试消息已放入发件箱，片刻后在“发件箱”看结果。")
    return redirect(url_for("admin.outbox"))


def _own(found: tuple[Contact, ...], contact_id: str) -> Contact:
    contact = next((each for each in found if each.id == contact_id), None)
    if contact is None:
        message = "没有这个收件地址，请从列表重新打开。"
        raise NotFoundError(message)
    return contact


def _recipient() -> Recipient:
    """The recipient of the form: `role:<code>` or `body:<id>`, of the own office and place only."""
    choice = request.form.get("recipient", "")
    if choice not in dict(_choices()):
        message = "请从列表中选择收件人。"
        raise InvalidInputError(message, recipient=message)
    kind, _, code = choice.partition(":")
    return Recipient(account().office_id, *((code, "") if kind == "body" else ("", code)))


def _outlet() -> Outlet:
    outlet = next((outlet for outlet in Outlet if outlet == request.form.get("outlet")), None)
    if outlet is None:
        message = "请选择方式。"
        raise InvalidInputError(message, outlet=message)
    return outlet


def _choices() -> list[tuple[str, str]]:
    """The office's desk and supervisors, and the bodies of its place that exist today."""
    region, today = services().office(account().office_id).region, local_date(now())
    bodies = services().rulebook.directory.bodies.values()
    here = [body for body in bodies if body.region == region and body.exists(today)]
    return [(f"role:{role}", role.label) for role in DESKS] + [(f"body:{body.id}", body.name) for body in here]


def _told(contact: Contact, wanted: Mapping[str, tuple[str, ...]]) -> str:
    """What is sent there: time limits always, and over a webhook what the body's own system subscribed to."""
    events = wanted.get(contact.recipient.body_id, ()) if contact.outlet is Outlet.WEBHOOK else ()
    return "、".join(["时限提醒", *(NEWS[event] for event in events if event in NEWS)])


def _page(*, errors: dict[str, str] | None = None) -> str:
    with services().read() as store:
        found = contacts_of(store.session, account().office_id)
        wanted = subscriptions(store.session, account().office_id)
    return render_template(
        "admin/contacts.html",
        contacts=[(contact, recipient_label(contact.recipient), _told(contact, wanted)) for contact in found],
        choices=_choices(),
        outlets=tuple(Outlet),
        off=[outlet.label for outlet in Outlet if outlet not in outlets_in_use(services().settings)],
        errors=errors or {},
        typed=request.form if errors else {},
    )
