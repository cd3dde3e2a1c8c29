"""Who may come in: the bearer token decides channel and office, and is counted for all workers together."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from flask import current_app, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from hotline.errors import HotlineError, ThrottledError
from hotline.records import Actor
from hotline.store.accounts import channel_of_token, count_attempt, hash_token
from hotline.vocabulary import Role
from hotline.web.access import rule_of
from hotline.web.api.room import blueprint
from hotline.web.context import now, services
from hotline.web.errors import answer, drain

if TYPE_CHECKING:
    from flask import Response

    from hotline.store.accounts import ChannelToken

PER_MINUTE = 1200
WINDOW = timedelta(minutes=1)
MAX_BODY_BYTES = 1024 * 1024
"""A text of 50,000 characters takes 600,000 bytes where every character is written as two escapes."""
NO_TOKEN = "请求没有渠道令牌。请在 Authorization 头中写 Bearer 加令牌。"  # noqa: S105 - a message, not a secret.
BAD_TOKEN = "渠道令牌无效或已吊销。请向系统管理员申请新的令牌。"  # noqa: S105 - as above.
TOO_MANY = "请求过于频繁，每个令牌每分钟至多 {limit} 次。请按 Retry-After 头所示秒数后再试。"
TOO_LARGE = "请求正文过大，一件诉求不超过 1 MB，没有登记。请缩短内容；证据请在登记后由承办单位上传。"


class TooLargeError(HotlineError):
    """The body is larger than any complaint; it was not read, so nothing of it is kept."""

    code = "too_large"


@blueprint.before_request
def admit() -> Response | None:
    """Let a request to a token's view pass with a known token, not too often; other views know no token."""
    rule = rule_of(current_app.view_functions.get(request.endpoint or ""))
    if rule is None or not rule.token:
        return None
    given = _bearer()
    if not given:
        return _unauthorised(NO_TOKEN)
    with services().read() as store:
        found = channel_of_token(store.session, hash_token(given))
    if found is None:
        return _unauthorised(BAD_TOKEN)
    g.channel_token = found
    return _limited(found)


def token() -> ChannelToken:
    """The token of this request; `admit` has found it."""
    return cast("ChannelToken", g.channel_token)


def channel_actor() -> Actor:
    """The channel as the one who acts: the system, named by its token's id."""
    return Actor(f"channel:{token().id}", Role.SYSTEM, token().office_id)


def read_body() -> bytes:
    """The body as it came.

    Raises:
        TooLargeError: It is larger than MAX_BODY_BYTES.
    """
    # A chunked body is cut off at this limit without a word, so that one byte more tells that it was too long.
    request.max_content_length = MAX_BODY_BYTES + 1
    try:
        content = request.get_data(cache=False)
    except RequestEntityTooLarge:
        content = None
    if content is None or len(content) > MAX_BODY_BYTES:
        drain()
        raise TooLargeError(TOO_LARGE)
    return content


def _bearer() -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def _unauthorised(message: str) -> Response:
    response = answer(401, "unauthorized", message)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _limited(found: ChannelToken) -> Response | None:
    key = services().keyring.sign(f"api|token|{found.id}".encode())
    if count_attempt(services().engine, key, now(), WINDOW) <= PER_MINUTE:
        return None
    response = answer(429, ThrottledError.code, TOO_MANY.format(limit=PER_MINUTE))
    seconds = int(WINDOW.total_seconds())
    response.headers["Retry-After"] = str(seconds - int(now().timestamp()) % seconds)
    return response
