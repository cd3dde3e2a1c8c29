"""A report in the format that was asked for, to a file or to stdout."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hotline.commands.streams import emit, say, write_out
from hotline.errors import InvalidInputError
from hotline.reports.tables import Table, to_csv, to_records, to_text, to_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = ("table", "csv", "xlsx", "docx", "json")
_BINARY = frozenset({"xlsx", "docx"})
_NAMES = {"应报单位": "duties", "三率": "rates"}


def check_out(form: str, out: str | None) -> None:
    """Refuse to write a binary format onto a terminal.

    Raises:
        InvalidInputError: That was asked for.
    """
    if form in _BINARY and out is None and sys.stdout.isatty():
        message = f"{form} 是二进制文件，请用 --out 写明文件名。"
        raise InvalidInputError(message)


def give(form: str, out: str | None, tables: list[Table], word: Callable[[], bytes], about: dict[str, str]) -> None:
    """Write the report in the format asked for, to the file or to stdout."""
    if form == "json" and out is None:
        emit(_object(tables, about))
        return
    content = _content(form, tables, word, about)
    if out is None:
        write_out(content)
        return
    try:
        Path(out).write_bytes(content)
    except OSError as error:
        message = f"无法写入 {out}：{error.strerror}。请核对路径和权限。"
        raise InvalidInputError(message) from error
    say(f"已写入 {out}（{len(content)} 字节）。")


def _content(form: str, tables: list[Table], word: Callable[[], bytes], about: dict[str, str]) -> bytes:
    if form == "docx":
        return word()
    if form == "xlsx":
        return to_xlsx(tables)
    if form == "csv":
        return to_csv(tables[0])
    if form == "json":
        return json.dumps(_object(tables, about), ensure_ascii=False).encode()
    return ("\n\n".join(to_text(table) for table in tables) + "\n").encode()


def _object(tables: list[Table], about: dict[str, str]) -> dict[str, object]:
    first, *rest = tables
    more = {_NAMES[table.title]: to_records(table) for table in rest}
    return {**about, "title": first.title, "notes": list(first.notes), "rows": to_records(first), **more}
