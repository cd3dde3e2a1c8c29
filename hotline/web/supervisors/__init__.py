"""The supervisors' room: what is late and why, lists and exports, rulings and extensions, the weekly report."""

from __future__ import annotations

from hotline.web.supervisors import breaches, decisions, listing, overview, repeats, unsealing, weekly
from hotline.web.supervisors.room import blueprint

__all__ = ["blueprint", "breaches", "decisions", "listing", "overview", "repeats", "unsealing", "weekly"]
