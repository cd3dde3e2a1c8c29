"""What is shown once: a new token, password or signing key, on the first page after it was made and never again.

The form that made it leads on to a page, so that reloading makes no second one. On the way the value stands in the
page's cookie, sealed for the account that asked: neither the browser's store nor another login can read it there.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, NamedTuple

from flask import session

from hotline.store.crypto import binding
from hotline.web.context import account, services, signed_in

if TYPE_CHECKING:
    from flask import Flask

_KEY = "shown_once"


class Shown(NamedTuple):
    """A heading, the value, and what to do with it."""

    heading: str
    value: str
    hint: str


def show_once(heading: str, value: str, hint: str) -> None:
    """Let the next page of this account show the value."""
    sealed = services().keyring.seal(value, _bound())
    session[_KEY] = [heading, urlsafe_b64encode(sealed).decode(), hint]


def take_shown() -> Shown | None:
    """What is to be shown now; it is forgotten by that. Nothing where nobody is signed in."""
    waiting = session.pop(_KEY, None) if signed_in() else None
    if waiting is None:
        return None
    heading, sealed, hint = waiting
    return Shown(heading, services().keyring.open_text(urlsafe_b64decode(sealed), _bound()), hint)


def install(app: Flask) -> None:
    """Make it known to the frame of every page."""
    app.jinja_env.globals.update(take_shown=take_shown)


def _bound() -> str:
    return binding("page", _KEY, account().id)
