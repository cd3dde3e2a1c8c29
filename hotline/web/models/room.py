"""The blueprint of the room, and what several of its pages need."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, flash, request

from hotline.errors import HotlineError
from hotline.learning.confusion import WEEKS
from hotline.web.context import now

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

blueprint = Blueprint("models", __name__, url_prefix="/supervisors/model")
MOST_WEEKS = 52


def weeks() -> int:
    """How many weeks the address asks for; what is no such number is the usual one."""
    typed = request.args.get("weeks", "")
    given = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else WEEKS  # noqa: PLR2004 - digits.
    return min(max(given, 1), MOST_WEEKS)


def since() -> datetime:
    """The moment that many weeks ago."""
    return now() - timedelta(weeks=weeks())


def share_of(name: str) -> float:
    """A number of the form; one that cannot be read is out of every range and is refused as such."""
    try:
        return float(request.form.get(name, ""))
    except ValueError:
        return -1.0


def decide(work: Callable[[], None], done: str) -> bool:
    """Do what a form asks for and say so, or say why not."""
    try:
        work()
    except HotlineError as error:
        flash(error.message, "error")
        return False
    flash(done)
    return True
