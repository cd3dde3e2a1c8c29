"""The plans in the office's hands: the matrix, two plans side by side, what if, and new versions."""

from __future__ import annotations

from hotline.web.plans import changing, comparing, showing, whatif
from hotline.web.plans.room import blueprint

__all__ = ["blueprint", "changing", "comparing", "showing", "whatif"]
