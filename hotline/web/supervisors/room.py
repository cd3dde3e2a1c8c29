"""The blueprint of the room, and the links from figures to their cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, url_for

from hotline.reports.addresses import to_query
from hotline.reports.labels import Labels
from hotline.web.context import services

if TYPE_CHECKING:
    from hotline.reports.selection import Selection

blueprint = Blueprint("supervisors", __name__, url_prefix="/supervisors")


def cases_url(selection: Selection) -> str:
    """The list of exactly the cases that a figure counts."""
    query: dict[str, Any] = {**to_query(selection)}
    return url_for("supervisors.cases", **query)


def labels() -> Labels:
    """Codes in words."""
    return Labels(services().rulebook)
