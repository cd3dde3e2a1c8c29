"""The blueprint of the room."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("matters", __name__, url_prefix="/matters")
