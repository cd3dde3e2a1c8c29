"""The model's room: what serves, what the desk corrects, drift, what to label, candidates, promotion and roll-back."""

from __future__ import annotations

from hotline.web.models import candidates, desk, drifting, history, overview
from hotline.web.models.room import blueprint

__all__ = ["blueprint", "candidates", "desk", "drifting", "history", "overview"]
