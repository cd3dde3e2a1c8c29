"""The blueprint of the operators' pages; the modules beside it hang their views on it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("operators", __name__, url_prefix="/operators")
