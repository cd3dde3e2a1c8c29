"""The address `/`: each role starts at its own work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, url_for

from hotline.web.access import ANYBODY, roles
from hotline.web.context import account
from hotline.web.navigation import home_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@roles(*ANYBODY)
def index() -> ResponseReturnValue:
    """Go where this role works."""
    return redirect(url_for(home_of(account().role)))
