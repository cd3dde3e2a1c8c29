"""For machines: is it alive, can it work, and the deployment in numbers. Nothing here names a person or a case."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from hotline.store.migrate import state_of
from hotline.store.tallies import Tally, tally
from hotline.web.access import public
from hotline.web.context import now, services
from hotline.web.errors import TEXTS, answer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Database reachable, schema current, model and plans loaded: 200, else 503 with what fails."""
    schema = _schema()
    rulebook = services().rulebook
    checks = {
        "database": schema is not None,
        "schema": schema == "current",
        "model": rulebook.classifier is not None,
        "plans": bool(rulebook.plans),
    }
    ready = all(checks.values())
    return jsonify(status="ok" if ready else "failing", checks=checks), 200 if ready else 503


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """The deployment in numbers, for Prometheus, from the database, so that any worker answers alike; loopback only."""
    if not _from_here():
        return answer(404, "not_found", TEXTS[404])
    with services().read() as store:
        figures = tally(store.session, now())
    return Response(generate_latest(_registry(figures)), content_type=CONTENT_TYPE_LATEST)


def _schema() -> str | None:
    """The state of the database's schema, None where the database cannot be reached."""
    try:
        return state_of(services().engine)
    except (SQLAlchemyError, OSError):
        return None


def _from_here() -> bool:
    """Whether the request came from this machine and through no proxy."""
    try:
        local = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        local = False
    return local and "X-Forwarded-For" not in request.headers


def _registry(figures: Tally) -> CollectorRegistry:
    registry = CollectorRegistry()
    cases = Gauge("hotline_cases", "Cases by office and state.", ["office", "state"], registry=registry)
    for (office, state), count in figures.cases.items():
        cases.labels(office, state).set(count)
    for name, help_text in (
        ("open_legs", "Legs being worked on."),
        ("running_clocks", "Clocks neither stopped nor suspended."),
        ("overdue_clocks", "Running clocks past their deadline."),
        ("unsealed_events", "Events waiting for the next seal."),
        ("unread_notices", "Notices nobody has read."),
        ("quarantined", "Refused records not yet put right."),
    ):
        Gauge(f"hotline_{name}", help_text, registry=registry).set(getattr(figures, name))
    return registry
