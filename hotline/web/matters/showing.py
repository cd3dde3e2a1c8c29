"""The page of one matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from hotline.web.access import STAFF, roles
from hotline.web.context import services
from hotline.web.matters.reading import ANSWERS, read_matter
from hotline.web.matters.room import blueprint

if TYPE_CHECKING:
    from hotline.web.matters.forms import Tried


@blueprint.get("/<matter_id>")
@roles(*STAFF)
def show(matter_id: str) -> str:
    """The matter, its clocks and history, and what may be done next."""
    return matter_page(matter_id)


def matter_page(matter_id: str, tried: Tried | None = None) -> str:
    """The page, with what was tried where that failed."""
    with services().read() as store:
        view = read_matter(store, matter_id, tried)
    return render_template("matters/show.html", view=view, tried=tried, answers=ANSWERS)
