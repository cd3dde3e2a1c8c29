"""The OpenAPI 3.1 document, made from the models and the table of operations; it names no outside address."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from flask import jsonify
from pydantic.json_schema import models_json_schema

from hotline import __version__
from hotline.web.api.error_shapes import ErrorAnswer
from hotline.web.api.operations import OPERATIONS, Door, Operation, operation
from hotline.web.api.rates import PER_MINUTE

if TYPE_CHECKING:
    from flask import Response
    from pydantic import BaseModel

    from hotline.web.api.operations import Header

PREFIX = "/api/v1"
TOKENS = {Door.CHANNEL: "channelToken", Door.AGENCY: "agencyToken"}
DOORS = {
    Door.CHANNEL: "渠道：登记和查询诉求",
    Door.AGENCY: "单位：查询和办理派给本单位的工单",
    Door.PUBLIC: "说明",
}
_REFERENCE = "#/components/schemas/{model}"
_COMMON = {
    401: "没有令牌，或令牌未知、已吊销",
    403: "令牌的种类或权限不对",
    429: f"每个令牌每分钟至多 {PER_MINUTE} 次，请按 Retry-After 重试",
    500: "系统内部出错，请求没有生效；可用同一编号重新提交",
}
_FIRST_ERROR, _EMPTY = 400, frozenset({304})
_TAGGED = {"ETag": {"schema": {"type": "string"}, "description": "这次回答的标识，用于 If-None-Match 和 If-Match"}}
_RETRY = {"Retry-After": {"schema": {"type": "integer"}, "description": "秒"}}


@operation(Operation("get", "/openapi.json", Door.PUBLIC, "本文档", {200: "OpenAPI 3.1", 304: "没有变动"}))
def openapi() -> Response:
    """The description of this API."""
    return jsonify(describe())


@cache
def describe() -> dict[str, Any]:
    """The document as JSON values."""
    paths: dict[str, dict[str, Any]] = {}
    for row in OPERATIONS:
        paths.setdefault(PREFIX + row.path, {})[row.method] = _operation(row)
    return {
        "openapi": "3.1.0",
        "info": {"title": "投诉举报热线接口", "version": __version__},
        "servers": [{"url": "/"}],
        "tags": [{"name": door.value, "description": says} for door, says in DOORS.items()],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                name: {"type": "http", "scheme": "bearer", "description": DOORS[door]} for door, name in TOKENS.items()
            },
        },
    }


def _schemas() -> dict[str, Any]:
    """Every model that goes in or out, as JSON Schema."""
    wanted: dict[tuple[type[BaseModel], Literal["validation", "serialization"]], None] = {}
    for row in OPERATIONS:
        wanted |= {(row.body, "validation"): None} if row.body is not None else {}
        wanted |= {(row.answer, "serialization"): None} if row.answer is not None else {}
    wanted[ErrorAnswer, "serialization"] = None
    _, schemas = models_json_schema(tuple(wanted), ref_template=_REFERENCE)
    found: dict[str, Any] = schemas["$defs"]
    return found


def _operation(row: Operation) -> dict[str, Any]:
    statuses = {**row.statuses, **(_COMMON if row.door is not Door.PUBLIC else {})}
    described: dict[str, Any] = {
        "summary": row.summary,
        "tags": [row.door.value],
        "security": [{TOKENS[row.door]: []}] if row.door in TOKENS else [],
        "parameters": [*_places(row), *_query(row.query), *[_header(each) for each in row.headers]],
        "responses": {str(status): _response(row, status, text) for status, text in sorted(statuses.items())},
    }
    if row.body is not None:
        described["requestBody"] = {"required": True, "content": _content(row.body, row.takes)}
    return described


def _places(row: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "description": says, "schema": {"type": "string"}}
        for name, says in row.places.items()
        if f"{{{name}}}" in row.path
    ]


def _query(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    """The parameters that a model of a query stands for; null means that one is left out."""
    if model is None:
        return []
    properties = model.model_json_schema()["properties"]
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": each.get("description", ""),
            "schema": _plain(each),
        }
        for name, each in properties.items()
    ]


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in schema.items() if name not in {"title", "description", "anyOf", "default"}}
    chosen: dict[str, Any] = next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), {})
    return {**kept, **chosen}


def _header(header: Header) -> dict[str, Any]:
    named = {"name": header.name, "in": "header", "required": header.required, "description": header.says}
    return named | {"schema": {"type": "string"} | ({"pattern": header.pattern} if header.pattern else {})}


def _response(row: Operation, status: int, text: str) -> dict[str, Any]:
    if status in _EMPTY:
        return {"description": text, "headers": _TAGGED}
    model = ErrorAnswer if status >= _FIRST_ERROR else row.answer
    shown = (
        _content(model) if model else {row.media: {"schema": {"type": "object" if "json" in row.media else "string"}}}
    )
    described: dict[str, Any] = {"description": text, "content": shown}
    if status == 429:  # noqa: PLR2004 - Too Many Requests.
        described["headers"] = _RETRY
    if status == 200:  # noqa: PLR2004 - what was read.
        described["headers"] = _TAGGED
    return described


def _content(model: type[BaseModel], media: str = "application/json") -> dict[str, Any]:
    return {media: {"schema": {"$ref": _REFERENCE.format(model=model.__name__)}}}
