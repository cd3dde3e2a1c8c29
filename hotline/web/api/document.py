"""The OpenAPI 3.1 document, made from the models and one table of operations; it names no outside address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import jsonify
from pydantic.json_schema import models_json_schema

from hotline import __version__
from hotline.web.access import public
from hotline.web.api.admission import MAX_BODY_BYTES, PER_MINUTE
from hotline.web.api.bodies import ComplaintStatus, ErrorAnswer, NewComplaint
from hotline.web.api.room import blueprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from pydantic import BaseModel

_REFERENCE = "#/components/schemas/{model}"
_COMMON = {
    401: "没有令牌，或令牌未知、已吊销",
    429: f"每个令牌每分钟至多 {PER_MINUTE} 次，请按 Retry-After 重试",
    500: "系统内部出错，请求没有生效；可用同一编号重新提交",
}
_FIRST_ERROR = 400


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the table: what is called how, and what each status means."""

    method: str
    path: str
    summary: str
    statuses: Mapping[int, str]
    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    token: bool = True
    parameters: tuple[str, ...] = ()


OPERATIONS = (
    Operation(
        "post",
        "/api/v1/complaints",
        "登记一件诉求。渠道由令牌决定；同一渠道内 external_id 相同即为同一件",
        {
            201: "已登记",
            200: "以前登记过相同内容，返回原来的诉求",
            400: "正文不是 JSON；原文已留存",
            409: "同一 external_id 登记过内容不同的诉求；先登记的保留，本次原文已留存",
            413: f"正文超过 {MAX_BODY_BYTES} 字节，未留存",
            415: "正文声明为 JSON 以外的类型，或经过压缩；原文已留存。不写 Content-Type 的按 JSON 试读",
            422: "有字段不能使用，逐项见 fields；原文已留存",
        },
        body=NewComplaint,
        answer=ComplaintStatus,
    ),
    Operation(
        "get",
        "/api/v1/complaints/{complaint_id}",
        "查询本渠道一件诉求的状态",
        {200: "诉求的状态", 404: "本渠道没有这条诉求"},
        answer=ComplaintStatus,
        parameters=("complaint_id",),
    ),
    Operation("get", "/api/v1/openapi.json", "本文档", {200: "OpenAPI 3.1"}, token=False),
)


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    """The description of this API."""
    return jsonify(describe())


@cache
def describe() -> dict[str, Any]:
    """The document as JSON values."""
    _, schemas = models_json_schema(
        [(NewComplaint, "validation"), (ComplaintStatus, "serialization"), (ErrorAnswer, "serialization")],
        ref_template=_REFERENCE,
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "投诉举报热线接口", "version": __version__},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"channelToken": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    statuses = {**operation.statuses, **(_COMMON if operation.token else {})}
    described: dict[str, Any] = {
        "summary": operation.summary,
        "security": [{"channelToken": []}] if operation.token else [],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in operation.parameters
        ],
        "responses": {str(status): _response(operation, status, text) for status, text in sorted(statuses.items())},
    }
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _content(operation.body)}
    return described


def _response(operation: Operation, status: int, text: str) -> dict[str, Any]:
    model = ErrorAnswer if status >= _FIRST_ERROR else operation.answer
    content = _content(model) if model else {"application/json": {"schema": {"type": "object"}}}
    described: dict[str, Any] = {"description": text, "content": content}
    if status == 429:  # noqa: PLR2004 - Too Many Requests.
        described["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "秒"}}
    return described


def _content(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REFERENCE.format(model=model.__name__)}}}
