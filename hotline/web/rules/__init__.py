"""Time limits and the working calendar in the office's hands: what is in force, since when, and new versions."""

from __future__ import annotations

from hotline.web.rules import calendar, limits, regional
from hotline.web.rules.room import blueprint

__all__ = ["blueprint", "calendar", "limits", "regional"]
