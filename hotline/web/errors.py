"""Named errors become HTTP answers in one place: a Chinese page for people, one JSON shape for programs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Response, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from hotline import errors
from hotline.web.addresses import own_path
from hotline.web.resuming import Carried, sent_fields

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

log = logging.getLogger(__name__)

STATUS: dict[type[errors.HotlineError], int] = {
    errors.InvalidInputError: 422,
    errors.UnusableFileError: 422,
    errors.NotFoundError: 404,
    errors.ForbiddenError: 403,
    errors.TransitionError: 409,
    errors.ConflictError: 409,
    errors.IdempotencyError: 409,
    errors.PlanError: 422,
    errors.ModelError: 422,
    errors.UnknownPlanError: 422,
    errors.CalendarError: 422,
    errors.PolicyError: 422,
    errors.ThrottledError: 429,
}
UNSTORABLE = "内容里有不能保存的字符（例如空字符），没有办成。请删去后重试。"
STALE_PAGE = "没有提交：这个页面打开得太久，或中途换过登录。请复制下面写好的文字，回到原来的页面再提交。"
STALE_EMPTY = "没有提交：这个页面打开得太久，或中途换过登录。请回到原来的页面再提交。"
LOGIN = "/login"
DRAIN_BYTES = 64 * 1024 * 1024
_CHUNK = 64 * 1024
_TOO_LARGE = 413
TEXTS = {
    400: "请求无法识别，请返回上一页重试。",
    401: "请先登录。",
    403: "您的账号无权进行此操作。如有需要请联系管理员。",
    404: "没有找到这个页面或记录，请核对后重试。",
    405: "不支持这种访问方式。",
    413: "提交的内容过大，单个文件不超过 20 MB。",
    415: "请求的内容类型不对。",
    429: "尝试过于频繁，请稍后再试。",
    500: "系统内部出错，操作没有生效。请稍后重试，仍不行请联系管理员。",
}


def wants_json() -> bool:
    """Whether the caller is a program: everything below /api/."""
    return request.path.startswith("/api/")


def error_body(code: str, message: str, fields: dict[str, str] | None = None) -> dict[str, object]:
    """The one JSON error shape."""
    return {"error": {"code": code, "message": message, "fields": fields or {}}}


def answer(
    status: int, code: str, message: str, fields: dict[str, str] | None = None, *, written: str = ""
) -> Response:
    """An error as the caller can read it, with what they had written where the form is lost."""
    if wants_json():
        response = jsonify(error_body(code, message, fields))
    else:
        page = render_template(
            "error.html", status=status, message=message, fields=fields or {}, written=written, before=_page_before()
        )
        response = Response(page, mimetype="text/html")
    response.status_code = status
    return response


def _page_before() -> str:
    """The page of ours that led here, to go back to; empty where that is the same one, the login, or not known."""
    came = urlsplit(request.referrer or "")
    path = own_path(came.path + (f"?{came.query}" if came.query else "")) if came.netloc == request.host else ""
    same = request.method == "GET" and came.path == request.path
    return "" if same or came.path == LOGIN else path


def drain() -> None:
    """Read a refused body to its end and forget it: a client that is still sending would miss the answer."""
    stream = request.environ["wsgi.input"]
    left = min(request.content_length or DRAIN_BYTES, DRAIN_BYTES)
    while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
        left -= len(chunk)


def _named(error: errors.HotlineError) -> ResponseReturnValue:
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    return answer(status, error.code, error.message, error.fields)


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status == _TOO_LARGE:
        drain()
    if status < 400:  # noqa: PLR2004 - redirects are raised as exceptions too.
        return error.get_response()
    # A page that came from here is not kept by the browser: "back" would load it anew, without what was written.
    written = Carried(sent_fields()).longest if isinstance(error, CSRFError) else ""
    stale = STALE_PAGE if written else STALE_EMPTY
    text = stale if isinstance(error, CSRFError) else TEXTS.get(status, TEXTS[400])
    response = answer(status, error.name.lower().replace(" ", "_"), text, written=written)
    allow = error.get_response().headers.get("Allow")
    if allow:
        response.headers["Allow"] = allow
    return response


def _unstorable(_error: DataError) -> ResponseReturnValue:
    # A NUL in an address or a field, which PostgreSQL takes nowhere.
    return answer(422, errors.InvalidInputError.code, UNSTORABLE)


def _unexpected(error: Exception) -> ResponseReturnValue:
    # The type and the place say enough; the message could hold what a caller said.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    log.error("unexpected_error type=%s endpoint=%s place=%s", type(error).__name__, request.endpoint, place)
    return answer(500, "internal_error", TEXTS[500])


def register_error_handlers(app: Flask) -> None:
    """Map every named error, every HTTP error and everything unexpected."""
    app.register_error_handler(errors.HotlineError, _named)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(Exception, _unexpected)
