"""What gunicorn loads: the application on the configured services, made once per process."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hotline.environment import read_settings
from hotline.web import create_app
from hotline.wiring import build_services

if TYPE_CHECKING:
    from flask import Flask


@cache
def application() -> Flask:
    """The application; gunicorn loads it before it forks, and workers find the services in `app.extensions`.

    Raises:
        InvalidInputError, KeyringError, SchemaError, ModelError, PlanError: The installation may not be served.
    """
    return create_app(build_services(read_settings()))
