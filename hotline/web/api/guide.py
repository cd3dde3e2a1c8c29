"""The page that shows the OpenAPI document to people: our own HTML, nothing is fetched from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import render_template

from hotline.web.api.document import DOORS, PREFIX, describe
from hotline.web.api.operations import OPERATIONS, Door, Operation, operation

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPES = {
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "true 或 false",
    "object": "对象",
    "array": "列表",
    "null": "null",
}
_SCHEMA = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of a shape: its name, what it holds, and in which words."""

    name: str
    type: str
    required: bool
    says: str
    shape: str


@operation(
    Operation("get", "/docs", Door.PUBLIC, "给人看的接口说明", {200: "网页", 304: "没有变动"}, media="text/html")
)
def docs() -> str:
    """The document as a page."""
    document = describe()
    rooms = [
        (door, says, [_shown(row, document) for row in OPERATIONS if row.door is door]) for door, says in DOORS.items()
    ]
    schemas = document["components"]["schemas"]
    shapes = [(name, schemas[name].get("description", ""), tuple(_fields(schemas[name]))) for name in sorted(schemas)]
    return render_template("api/docs.html", rooms=rooms, shapes=shapes, version=document["info"]["version"])


def _shown(row: Operation, document: dict[str, Any]) -> dict[str, Any]:
    described = document["paths"][PREFIX + row.path][row.method]
    return {
        "method": row.method.upper(),
        "path": PREFIX + row.path,
        "anchor": f"{row.method}-{row.path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}",
        "summary": row.summary,
        "parameters": [
            FieldLine(each["name"], _type(each["schema"])[0], each["required"], each["description"], "")
            for each in described["parameters"]
        ],
        "body": row.body.__name__ if row.body else "",
        "answer": row.answer.__name__ if row.answer else "",
        "statuses": [(status, each["description"]) for status, each in described["responses"].items()],
    }


def _fields(schema: dict[str, Any]) -> Iterator[FieldLine]:
    required = schema.get("required", ())
    for name, each in schema.get("properties", {}).items():
        words, shape = _type(each)
        yield FieldLine(name, words, name in required, each.get("description", ""), shape)


def _type(schema: dict[str, Any]) -> tuple[str, str]:
    """What a value is, in words, and the shape it has where that is one of ours."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_SCHEMA)
        return name, name
    if "anyOf" in schema:
        several = [_type(each) for each in schema["anyOf"]]
        return " 或 ".join(dict.fromkeys(words for words, _ in several)), next(
            (shape for _, shape in several if shape), ""
        )
    if "enum" in schema or "const" in schema:
        return "、".join(str(each) or "（空）" for each in schema.get("enum", [schema.get("const")])), ""
    if schema.get("type") == "array":
        words, shape = _type(schema.get("items", {}))
        return f"列表：{words}", shape
    words = _TYPES.get(str(schema.get("type")), "任意")
    return words + _bounds(schema), ""


def _bounds(schema: dict[str, Any]) -> str:
    parts = []
    if "format" in schema:
        parts.append({"date-time": "时间", "date": "日期"}.get(schema["format"], schema["format"]))
    if "maxLength" in schema:
        parts.append(f"至多 {schema['maxLength']} 字")
    if "minimum" in schema or "maximum" in schema:
        parts.append(f"{schema.get('minimum', '')} 到 {schema.get('maximum', '')}".strip())
    return f"（{'，'.join(parts)}）" if parts else ""
