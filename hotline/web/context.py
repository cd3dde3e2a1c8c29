"""What a view needs of the present request: the services, who is signed in, which desk, what time it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app, g

from hotline.errors import ForbiddenError
from hotline.records import Actor

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.casework.desk import Desk
    from hotline.services import Services
    from hotline.store.accounts import Account

EXTENSION = "hotline"


def services() -> Services:
    """The services this application was made with."""
    return cast("Services", current_app.extensions[EXTENSION])


def signed_in() -> Account | None:
    """The account of this request's session, None where nobody is signed in."""
    return cast("Account | None", g.get("account"))


def account() -> Account:
    """The signed-in account.

    Raises:
        ForbiddenError: Nobody is signed in; the gate lets no such request reach a view that asks.
    """
    found = signed_in()
    if found is None:
        message = "请先登录。"
        raise ForbiddenError(message)
    return found


def actor() -> Actor:
    """The signed-in account as the one who acts, or the agency whose token the request carries (`act_as`)."""
    if "acting" in g:
        return cast("Actor", g.acting)
    who = account()
    return Actor(who.id, who.role, who.office_id, who.body_id)


def act_as(who: Actor) -> None:
    """Let this request act as somebody without an account: another system, known by its token."""
    g.acting = who


def desk(office_id: str | None = None) -> Desk:
    """The desk of the account's office, or of the one named."""
    return services().desk(office_id or account().office_id)


def now() -> datetime:
    """The moment of this request, aware and in UTC; the same for the whole request."""
    if "now" not in g:
        g.now = services().now()
    return cast("datetime", g.now)
