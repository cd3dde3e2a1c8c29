"""JSON Lines, a JSON array, or one JSON object: the keys of `hotline normalise` and of the API, or a channel's own."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from hotline.intake.encodings import broken
from hotline.intake.rows import NUMBERS, RawRow, RefusedRow, Row, is_totals, plain_number
from hotline.intake.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hotline.intake.channels import Channel
    from hotline.intake.encodings import Chunks

_DECODER = json.JSONDecoder()
_BLANK = " \t\r\n,"
_NOTHING = object()
_LIST = re.compile(r'"[^"\\]{0,60}"\s*:\s*\[\s*\{')
_KEY = re.compile(r'"([^"\\]{0,60})"\s*:')
_WRAPPING = 4000
"""How far into an object its list of complaints may begin."""
LONGEST_OBJECT = 64 * 1024 * 1024
"""Characters of a file that is read whole because it may be one object written over several lines."""
_NO_JSON = "不是完整的 JSON 对象（可能被截断）。请改正这一条后重新导入。"
_NOT_OBJECT = '不是 JSON 对象。每条应写成 {"text": "…"} 的形式。'  # fmt: skip
_BAD_TEXT = "诉求内容（text）不是文字。请改成带引号的文字后重新导入。"
_BAD_BYTES = "含有无法识别的字符（编码错误或文件被截断）。请用 UTF-8 重新导出这一条。"


def looks_like_json(text: str) -> bool:
    """Whether a text begins as JSON does."""
    start = text.lstrip()[:200]
    if start.startswith("{"):
        return start[1:].lstrip()[:1] in {'"', "}", ""}
    return start.startswith("[") and start[1:].lstrip()[:1] in {"{", "]", ""}


def as_text(value: object) -> str:
    """A JSON scalar as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else str(value)
    # A lone surrogate (\\ud800) is no character and could be neither stored nor printed.
    return text.encode("utf-8", errors="replace").decode().replace("\x00", "").strip()


def _flat(record: dict[str, object]) -> Iterator[tuple[str, object]]:
    """Keys with their values; those of reporter and respondent with a dot between."""
    for key, value in record.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{inner}", each) for inner, each in value.items())
        else:
            yield key, value


def to_row(record: object, row: int, line: int, raw: str, channel: Channel) -> Row:
    """One decoded value as a row."""
    if not isinstance(record, dict):
        return RefusedRow(row, line, _NOT_OBJECT, raw)
    fields: dict[str, str] = {}
    for key, value in _flat(record):
        name = channel.field_of(key)
        if name == "text" and value is not None and not isinstance(value, str):
            return RefusedRow(row, line, _BAD_TEXT, raw)
        text = as_text(value) if name else ""
        if name and text:
            fields.setdefault(name, plain_number(text) if name in NUMBERS else text)
    return RawRow(row, line, fields, raw)


def _array(chunks: Iterator[str], channel: Channel, line: int = 1) -> Iterator[Row]:
    """The elements of an array one by one, so that those before a cut are kept. `line` is that of its beginning."""
    window = Window(chunks)
    window.more(0)
    at, row = window.text.index("[") + 1, 0
    line += window.text.count("\n", 0, at)
    while True:
        start = at
        while at < len(window.text) and window.text[at] in _BLANK:
            at += 1
        line += window.text.count("\n", start, at)
        value, end = _element(window.text, at)
        if end >= len(window.text) and not window.ended:
            window.more(at)  # It may go on.
            at = 0
            continue
        if window.text[at : at + 1] == "]" or (at >= len(window.text) and row):
            return
        row += 1
        raw = window.text[at:end]
        if value is _NOTHING:
            yield RefusedRow(row, line, _NO_JSON, raw)
            return
        yield RefusedRow(row, line, _BAD_BYTES, raw) if broken(raw) else to_row(value, row, line, raw, channel)
        line += raw.count("\n")
        at = end


def _element(text: str, at: int) -> tuple[object, int]:
    """The value at a place and where it ends; `_NOTHING` up to the end where there is none."""
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return _NOTHING, at if text.startswith("]", at) else len(text)


def _one(line_text: str, row: int, line: int, channel: Channel) -> Row | None:
    """One line of JSON Lines; None for a totals line."""
    if broken(line_text):
        return RefusedRow(row, line, _BAD_BYTES, line_text)
    try:
        value = json.loads(line_text.rstrip(", \t"))
    except (ValueError, RecursionError):
        return None if is_totals([line_text]) else RefusedRow(row, line, _NO_JSON, line_text)
    return to_row(value, row, line, line_text, channel)


def _lines(chunks: Iterator[str]) -> Iterator[str]:
    """The lines of a text, parted by line feeds only."""
    rest: list[str] = []
    for chunk in chunks:
        *whole, tail = chunk.split("\n")
        if whole:
            yield "".join([*rest, whole[0]])
            yield from whole[1:]
            rest = []
        rest.append(tail)
    yield "".join(rest)


def _single(chunks: Chunks) -> str:
    """The whole text where it may be one object over several lines; empty where its first line is one."""
    first = next((line for line in _lines(chunks()) if line.strip()), "")
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        parts, size = [], 0
        for chunk in chunks():
            parts.append(chunk)
            size += len(chunk)
            if size > LONGEST_OBJECT:
                return ""
        return "".join(parts)
    return ""


def _list_inside(text: str, channel: Channel) -> int | None:
    """Where the list of complaints begins that a program's answer wraps ({"code": 0, "data": {"list": […]}}).

    None where there is none, or where what stands before it is a complaint itself (with a list of its attachments).
    """
    for found in _LIST.finditer(text, 0, _WRAPPING):
        if any(channel.field_of(key) == "text" for key in _KEY.findall(text, 0, found.start())):
            return None
        first, _ = _element(text, found.end() - 1)
        if isinstance(first, dict) and any(channel.field_of(key) == "text" for key in first):
            return found.start()
    return None


def _only_line(chunks: Chunks) -> tuple[int, str]:
    """The number and the text of the only line that is not blank; 0 where there are several."""
    filled = ((number, line) for number, line in enumerate(_lines(chunks()), 1) if line.strip())
    first = next(filled, (0, ""))
    return first if next(filled, None) is None else (0, "")


def read_json(chunks: Chunks, channel: Channel) -> Iterator[Row]:
    """Rows of a JSON file in any of its forms, also as a list inside an object; blank lines are not counted."""
    begin = next((chunk.lstrip() for chunk in chunks() if chunk.strip()), "")
    if begin.startswith("["):
        yield from _array(chunks(), channel)
        return
    text = _single(chunks)
    line, wrapping = (1, text) if text else _only_line(chunks)
    at = _list_inside(wrapping, channel)
    if at is not None:
        yield from _array(iter([wrapping[at:]]), channel, line + wrapping.count("\n", 0, at))
        return
    yield from _objects(text, chunks, channel)


def _objects(text: str, chunks: Chunks, channel: Channel) -> Iterator[Row]:
    """One object over several lines, where `text` is one, else an object a line."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, dict):
        first = 1 + text[: len(text) - len(text.lstrip())].count("\n")
        yield (
            to_row(whole, 1, first, text.strip(), channel)
            if not broken(text)
            else RefusedRow(1, first, _BAD_BYTES, text)
        )
        return
    del text
    row = 0
    for line, content in enumerate(_lines(chunks()), 1):
        if content.strip():
            found = _one(content.strip(), row + 1, line, channel)
            if found is not None:
                row += 1
                yield found
