"""The blueprint of the API. Programs send a bearer token and no cookie, so there is no CSRF token to ask for."""

from __future__ import annotations

from flask import Blueprint

from hotline.web.security import csrf

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(blueprint)
