"""The supervisors' room: what is late and why, lists and exports, rulings and extensions, the weekly report."""

from __future__ import annotations

from hotline.web.supervisors import decisions, listing, overview, weekly
from hotline.web.supervisors.room import blueprint

__all__ = ["blueprint", "decisions", "listing", "overview", "weekly"]
