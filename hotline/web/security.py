"""Headers, CSRF and the gate in front of every view: what carries no rule is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, g, request
from flask_wtf.csrf import CSRFProtect

from hotline.errors import ForbiddenError
from hotline.web.access import Access, rule_of
from hotline.web.errors import TEXTS, answer, wants_json
from hotline.web.resuming import ask_to_sign_in

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.typing import ResponseReturnValue

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Frame-Options": "DENY",
}
NO_STORE = {"Cache-Control": "no-store"}
csrf = CSRFProtect()


def secure(app: Flask) -> None:
    """Install the gate, the headers and CSRF protection."""
    csrf.init_app(app)
    app.before_request(_gate)
    app.after_request(_headers)


def _gate() -> ResponseReturnValue | None:
    if request.endpoint is None:  # An unknown address is a 404, which Flask raises after this hook.
        return None
    if request.endpoint == "static":
        return None
    rule = rule_of(current_app.view_functions[request.endpoint])
    return _judge(rule)


def _judge(rule: Access | None) -> ResponseReturnValue | None:
    if rule is None:
        return answer(403, ForbiddenError.code, TEXTS[403])
    if rule.public or rule.token:
        return None
    account = g.get("account")
    if account is None:
        if wants_json():
            return answer(401, "unauthorized", TEXTS[401])
        return ask_to_sign_in()
    if account.role not in rule.roles:
        return answer(403, ForbiddenError.code, TEXTS[403])
    return None


def _headers(response: Response) -> Response:
    given = {name.lower() for name, _ in response.headers}
    # Pages hold case data: no cache on the shared PCs of a call centre may keep them.
    wanted = HEADERS if request.endpoint == "static" else HEADERS | NO_STORE
    response.headers.extend([(name, value) for name, value in wanted.items() if name.lower() not in given])
    return response
