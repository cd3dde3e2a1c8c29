"""One act of an agency's system on a case: by the tag of what it has seen, done once under its key, answered alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from flask import jsonify, request
from pydantic import BaseModel

from hotline.errors import ConflictError, HotlineError, InvalidInputError, NotFoundError
from hotline.web.api.admission import read_body
from hotline.web.api.caseanswers import read_status
from hotline.web.api.operations import Header
from hotline.web.api.reading import read_as
from hotline.web.api.repeating import is_done, key_for
from hotline.web.api.tags import tag_of
from hotline.web.cases import UNKNOWN, load_events
from hotline.web.context import services

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from hotline.records import CaseSnapshot

M = TypeVar("M", bound=BaseModel)
UNUSABLE = "有字段不能使用，没有办成。请按 fields 改正后重试。"
NO_TAG = "请求没有 If-Match 头。请先查询工单，把回答的 ETag 写在 If-Match 里，以免覆盖他人刚办的事。"
STALE = "工单在您查询之后有了变动，没有办成。请重新查询，需要的话再提交一次。"
TAG_HEADER = Header("If-Match", "查询工单时回答的 ETag", required=True)
_ID = re.compile(r"[0-9a-f]{32}")


class NoTagError(HotlineError):
    """A change that does not say which state of the case it goes out from."""

    code = "precondition_required"


class StaleTagError(HotlineError):
    """The case is no longer as the caller has seen it."""

    code = "precondition_failed"


def act_once(
    case_id: str,
    code: str,
    model: type[M],
    do: Callable[[M, CaseSnapshot, str], None],
    placed: Callable[[dict[str, str]], dict[str, str]],
) -> Response:
    """Read the request's body, do what it says with the case unless it was done before, and answer with the case.

    Args:
        case_id: The case, as the address names it.
        code: What is done; the same key for another act is refused.
        model: The shape of the body.
        do: Does it, given the body, the case and the token by which the event is known again.
        placed: The names of fields as they stand in the body, from those by which the use case speaks of them.

    Raises:
        NotFoundError: There is no such case, or the token's body may not see it.
        WrongTypeError, NotJsonError, InvalidInputError: The body or the key cannot be used.
        NoTagError, StaleTagError: See `_check_tag`.
        ConflictError: Somebody else acts on the case at this moment.
    """
    check_id(case_id)
    encoding = request.headers.get("Content-Encoding", "")
    body = read_as(model, read_body(), request.mimetype, encoding, unusable=UNUSABLE)
    key = key_for(code, body.model_dump())
    with services().read() as store:
        snapshot, events = load_events(store, case_id)
        done = is_done(events, key)
        before = jsonify(read_status(store, case_id).model_dump())
    if done:
        return before
    _check_tag(tag_of(before))
    try:
        do(body, snapshot, key.token if key else "")
    except InvalidInputError as error:
        raise InvalidInputError(error.message, **placed(error.fields)) from None
    except ConflictError:
        raise ConflictError(STALE) from None
    with services().read() as store:
        return jsonify(read_status(store, case_id).model_dump())


def check_id(case_id: str) -> None:
    """Refuse what is no id of ours as what does not exist.

    Raises:
        NotFoundError: It is none.
    """
    if not _ID.fullmatch(case_id):
        raise NotFoundError(UNKNOWN)


def _check_tag(present: str) -> None:
    """Whether the caller has seen the case as it stands.

    Raises:
        NoTagError: It does not say what it has seen.
        StaleTagError: Something has changed since.
    """
    if not request.if_match:
        raise NoTagError(NO_TAG)
    if not request.if_match.contains(present):
        raise StaleTagError(STALE)
