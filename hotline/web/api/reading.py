"""Bytes of a request → draft: decode, check, hand to the rules that form and import use too."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from hotline.errors import HotlineError, InvalidInputError
from hotline.intake.channels import get_channel
from hotline.intake.moments import parse_day
from hotline.intake.rows import RawRow
from hotline.intake.submission import draft_from_row
from hotline.moments import local_date
from hotline.web.api.bodies import NewComplaint
from hotline.web.api.fields import LINE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import NoReturn

    from pydantic_core import ErrorDetails

    from hotline.intake.submission import Draft

M = TypeVar("M", bound=BaseModel)
UNUSABLE = "有字段不能使用，诉求没有登记，原文已留存待核。请按 fields 改正后重新提交。"
NOT_JSON = "请求正文不是 UTF-8 编码的 JSON，诉求没有登记，原文已留存待核。请改正后重新提交。"
WRONG_TYPE = "请求正文应为 JSON（Content-Type: application/json，不压缩），原文已留存待核。请改正后重新提交。"
NOT_JSON_UNKEPT = "请求正文不是 UTF-8 编码的 JSON，没有办成。请改正后重试。"
WRONG_TYPE_UNKEPT = "请求正文应为 JSON（Content-Type: application/json，不压缩），没有办成。请改正后重试。"
# What common clients write when told nothing; the body decides.
_UNDECLARED = frozenset(
    {"", "text/plain", "text/json", "application/octet-stream", "application/x-www-form-urlencoded"}
)
_REASONS = {
    "missing": "必填",
    "string_type": "应为文字（字符串）",
    "string_unicode": "含有不完整的字符",
    "string_too_short": "必填，不能为空",
    "bool_type": "应为 true 或 false",
    "model_type": "应为 JSON 对象",
    "model_attributes_type": "应为 JSON 对象",
    "dict_type": "应为 JSON 对象",
    "list_type": "应为列表",
    "extra_forbidden": "有不认识的项，请核对名称",
    "literal_error": "请从文档列出的取值中选择",
    "string_pattern_mismatch": "写法不对，请核对",
    "int_parsing": "应为整数",
    "greater_than_equal": "太小了",
    "less_than_equal": "太大了",
    "too_long": "太多了",
}
_PARTS = ("reporter", "respondent")
_WRONG_VALUE = "里面有不能使用的值，应为文字、整数、true 或 false，或代码的列表"
_IN_A_UNION = 3
"""Places to a value that may be of several types: the field, the key in it, the type that was tried."""
OTHERS = "others"
"""Under which name unknown ones are told: they are the sender's words and not repeated."""


class NotJsonError(HotlineError):
    """The body is no JSON."""

    code = "invalid_json"


class WrongTypeError(HotlineError):
    """The body is declared to be something else than JSON, or is compressed."""

    code = "unsupported_media_type"


def check_type(mimetype: str, encoding: str) -> None:
    """Refuse a body that says it is no JSON; one that says nothing is tried.

    Raises:
        WrongTypeError: XML, a multipart form, a compressed body and the like.
    """
    if not _says_json(mimetype, encoding):
        raise WrongTypeError(WRONG_TYPE)


def decode(content: bytes) -> object:
    """The JSON value of a body.

    Raises:
        NotJsonError: It is none, holds NaN or a number of thousands of digits, or is nested beyond reason.
    """
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise NotJsonError(NOT_JSON) from None


def external_id_of(value: object) -> str | None:
    """The key of a body that could not be used, where it has a usable one, so that a person finds it again."""
    given = value.get("external_id") if isinstance(value, dict) else None
    if not isinstance(given, str) or not given.isprintable() or len(given) > LINE_LIMIT:
        return None
    return given.strip() or None


def to_draft(value: object, content: bytes, channel: str, *, now: datetime) -> Draft:
    """The draft of a decoded body; `content` is kept with it as it came.

    Raises:
        InvalidInputError: Fields cannot be used; each is named with the reason, never with its value.
    """
    try:
        body = NewComplaint.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise InvalidInputError(UNUSABLE, **fields_of(found)) from None
    if body.happened_on:
        day = parse_day(body.happened_on)
        if day is not None and day > local_date(now):
            raise InvalidInputError(UNUSABLE, happened_on="在将来，请核对")
    row = RawRow(1, 1, _flat(body), "")
    return replace(draft_from_row(row, get_channel(channel), office_id="", now=now), raw=content)


def read_as(model: type[M], content: bytes, mimetype: str, encoding: str, *, unusable: str) -> M:
    """A body that is kept nowhere, checked.

    Raises:
        WrongTypeError, NotJsonError: It is no JSON.
        InvalidInputError: Fields cannot be used; each is named with the reason, never with its value.
    """
    if not _says_json(mimetype, encoding):
        raise WrongTypeError(WRONG_TYPE_UNKEPT)
    try:
        value = decode(content)
    except NotJsonError:
        raise NotJsonError(NOT_JSON_UNKEPT) from None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = fields_of(error.errors(include_url=False, include_input=False), frozenset(model.model_fields))
        raise InvalidInputError(unusable, **found) from None


def reason_of(error: HotlineError) -> str:
    """What stands beside the quarantined original: the message and the fields, no value."""
    parts = (error.message, *(f"{name}：{what}" for name, what in error.fields.items()))
    return "；".join(part.removesuffix("。") for part in parts) + "。"


def _says_json(mimetype: str, encoding: str) -> bool:
    declared = mimetype in _UNDECLARED or mimetype == "application/json" or mimetype.endswith("+json")
    return declared and encoding.strip().lower() in {"", "identity"}


def _no_number(_name: str) -> NoReturn:
    """Refuse NaN and Infinity, which are no JSON."""
    raise ValueError


def _flat(body: NewComplaint) -> Mapping[str, str]:
    """The body as a row of the import, so that both make the same complaint of the same content."""
    given = body.model_dump(exclude_none=True)
    for part in _PARTS:
        given |= {f"{part}_{name}": value for name, value in given.pop(part, {}).items()}
    anonymous = given.pop("reporter_anonymous", False)
    return given | ({"reporter_anonymous": "true"} if anonymous else {})


def fields_of(found: list[ErrorDetails], known: frozenset[str] | None = None) -> dict[str, str]:
    """Field → reason. The names are ours: what a body has beside them is never echoed.

    `known` are the names at the first level where the model refuses others, and lists what is below them as one.
    """
    fields: dict[str, str] = {}
    for each in found:
        parts = [str(part) for part in each["loc"]]
        name = ".".join(parts) or "body"
        if known is not None and parts:
            name = parts[0] if parts[0] in known else OTHERS
        one_of_several = known is not None and len(parts) >= _IN_A_UNION
        fields.setdefault(name, _WRONG_VALUE if one_of_several else _reason(each))
    return fields


def _reason(each: ErrorDetails) -> str:
    context = each.get("ctx", {})
    if each["type"] == "value_error":
        return str(context["error"])
    if each["type"] in {"string_too_long", "too_long"} and context.get("field_type") != "List":
        return f"太长了，请不超过 {context['max_length']} 字"
    return _REASONS.get(each["type"], "无法使用，请核对")
