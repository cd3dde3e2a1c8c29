"""Who may come in: the bearer token decides channel or agency and office; it is counted for all workers together."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from hotline.errors import ForbiddenError, HotlineError, ThrottledError
from hotline.records import Actor
from hotline.store.token_hash import hash_token
from hotline.store.tokens import BY_TOKEN, token_at_door
from hotline.vocabulary import Role
from hotline.web.api.operations import Door, operation_of
from hotline.web.api.rates import PER_MINUTE, seconds_to_wait
from hotline.web.api.room import blueprint
from hotline.web.context import act_as, services
from hotline.web.errors import answer, drain

if TYPE_CHECKING:
    from flask import Response

    from hotline.store.tokens import ApiToken
    from hotline.web.api.operations import Operation

MAX_BODY_BYTES = 1024 * 1024
"""A text of 50,000 characters takes 600,000 bytes where every character is written as two escapes."""
NO_TOKEN = "请求没有令牌。请在 Authorization 头中写 Bearer 加令牌。"  # noqa: S105 - a message, not a secret.
BAD_TOKEN = "令牌无效或已吊销。请向系统管理员申请新的令牌。"  # noqa: S105 - as above.
WRONG_DOOR = {
    Door.CHANNEL: "这个接口须用渠道令牌，现在用的是单位令牌。请换用渠道令牌。",
    Door.AGENCY: "这个接口须用单位令牌，现在用的是渠道令牌。请换用单位令牌。",
}
WRONG_SCOPE = "令牌的权限是“{scope}”，不能这样使用。请向系统管理员申请相应权限的令牌。"
TOO_MANY = "请求过于频繁，每个令牌每分钟至多 {limit} 次。请按 Retry-After 头所示秒数后再试。"
TOO_LARGE = "请求正文过大，不超过 1 MB，没有登记。请缩短内容；证据请在登记后由承办单位上传。"


class TooLargeError(HotlineError):
    """The body is larger than any complaint; it was not read, so nothing of it is kept."""

    code = "too_large"


@blueprint.before_request
def admit() -> Response | None:
    """Let a request to a token's view pass with a fitting token, not too often; other views know no token."""
    wanted = operation_of(current_app.view_functions.get(request.endpoint or ""))
    if wanted is None or wanted.door is Door.PUBLIC:
        return None
    given = _bearer()
    if not given:
        return _unauthorised(NO_TOKEN)
    found = token_at_door(services().engine, hash_token(given))
    if found is None:
        return _unauthorised(BAD_TOKEN)
    g.api_token = found
    if found.body_id is not None:
        act_as(Actor(f"{BY_TOKEN}{found.id}", Role.CLERK, found.office_id, found.body_id))
    return _limited(found) or _misplaced(found, wanted)


def token() -> ApiToken:
    """The token of this request; `admit` has found it."""
    return cast("ApiToken", g.api_token)


def own_body() -> str:
    """The body of this request's token; `admit` lets no other token through a door of agencies."""
    return token().body_id or ""


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


def _misplaced(found: ApiToken, wanted: Operation) -> Response | None:
    """A token of the other kind, or one whose scope does not reach that far."""
    if (found.body_id is not None) != (wanted.door is Door.AGENCY):
        return answer(403, ForbiddenError.code, WRONG_DOOR[wanted.door])
    if not found.scope.allows(writing=wanted.writing):
        return answer(403, ForbiddenError.code, WRONG_SCOPE.format(scope=found.scope.label))
    return None


def _limited(found: ApiToken) -> Response | None:
    wait = seconds_to_wait(found.id)
    if wait is None:
        return None
    response = answer(429, ThrottledError.code, TOO_MANY.format(limit=PER_MINUTE))
    response.headers["Retry-After"] = str(wait)
    return response
