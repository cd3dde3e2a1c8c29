"""The web: parse, call one use case, render. Chinese, server-rendered, no request leaves the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from flask.sessions import SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix

from hotline.web import (
    addresses,
    admin,
    agencies,
    api,
    auth,
    bonds,
    casepage,
    evidence,
    following,
    health,
    home,
    matters,
    models,
    noticeboard,
    open311,
    operators,
    plans,
    rawtext,
    rendering,
    rules,
    shownonce,
    supervisors,
)
from hotline.web.context import EXTENSION, services
from hotline.web.errors import register_error_handlers
from hotline.web.navigation import page_context
from hotline.web.security import secure

if TYPE_CHECKING:
    from flask import Blueprint, Request
    from flask.sessions import SecureCookieSession

    from hotline.services import Services

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
FORM_OVERHEAD_BYTES = 1024 * 1024
FORM_MEMORY_BYTES = 2 * 1024 * 1024
"""Room for a form of several texts of 8,000 characters: nine bytes a character when percent-encoded."""


class Json(DefaultJSONProvider):
    """Chinese stays Chinese in JSON answers."""

    ensure_ascii = False


class PageSessions(SecureCookieSessionInterface):
    """A request without the cookie, as programs send it, has an empty session; nothing is made ready to read it."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in the cookie."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def create_app(services: Services) -> Flask:
    """The application on these services."""
    app = Flask(__name__)
    app.extensions[EXTENSION] = services
    app.config.update(
        # Made from the keys, so that every worker and every restart has the same one and no further file is kept.
        SECRET_KEY=services.keyring.sign(b"hotline web: flash messages and CSRF tokens"),
        MAX_CONTENT_LENGTH=MAX_UPLOAD_BYTES + FORM_OVERHEAD_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_MEMORY_BYTES,
        SESSION_COOKIE_NAME="hotline_page",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=services.settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=int(auth.LIFETIME.total_seconds()),
    )
    app.json, app.session_interface = Json(app), PageSessions()
    if services.settings.proxies:
        # Each proxy appends whom it heard from; only as many entries count as stand in front of us.
        layers = services.settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=layers, x_proto=layers)  # type: ignore[method-assign]
    # The order counts: who is it, may they, is the form ours.
    app.before_request(_take_up_rules)
    app.before_request(auth.load_account)
    secure(app)
    register_error_handlers(app)
    rendering.install(app)
    addresses.install(app)
    shownonce.install(app)
    app.context_processor(page_context)
    for room in (*_own(), *_rooms()):
        app.register_blueprint(room)
    if services.settings.follow:
        app.register_blueprint(following.blueprint)
    if services.settings.open311:
        app.register_blueprint(open311.blueprint)
    return app


def _take_up_rules() -> None:
    """Look every few seconds whether rules or channels have changed, also where a view asks for no rulebook."""
    _ = services().rulebook


def _own() -> tuple[Blueprint, ...]:
    """What every role shares."""
    return (
        home.blueprint,
        auth.blueprint,
        health.blueprint,
        casepage.blueprint,
        rawtext.blueprint,
        bonds.blueprint,
        evidence.blueprint,
        noticeboard.blueprint,
    )


def _rooms() -> tuple[Blueprint, ...]:
    """The rooms of the roles: one import above and one line here each."""
    return (
        operators.blueprint,
        api.blueprint,
        agencies.blueprint,
        supervisors.blueprint,
        plans.blueprint,
        matters.blueprint,
        models.blueprint,
        rules.blueprint,
        admin.blueprint,
    )
