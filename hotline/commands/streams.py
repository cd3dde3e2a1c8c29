"""What all commands share: JSON on stdout, words on stderr, UTF-8 whatever the locale, exit 0, 1 or 2."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hotline.errors import InvalidInputError
from hotline.moments import SHANGHAI
from hotline.vocabulary import Term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

T = TypeVar("T", bound=Term)
REFUSED = 1
UNUSABLE = 2


def emit(record: Mapping[str, Any]) -> None:
    """Write one object on one line of stdout."""
    line = json.dumps(record, ensure_ascii=False, separators=(", ", ": "))
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def say(message: str) -> None:
    """Write words for people to stderr."""
    sys.stderr.buffer.write(message.encode("utf-8", "backslashreplace") + b"\n")
    sys.stderr.buffer.flush()


def show(message: str) -> None:
    """Write words for people to stdout, where the command's result is a text."""
    sys.stdout.buffer.write(message.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def fail(message: str, code: int = UNUSABLE) -> None:
    """Say what is wrong and leave with `code`."""
    say(message)
    raise click.exceptions.Exit(code)


def read_input(name: str | None) -> bytes:
    """The bytes of a file; no name or `-` is stdin.

    Raises:
        InvalidInputError: The file cannot be read.
    """
    if name in {None, "-"}:
        return sys.stdin.buffer.read()
    try:
        return Path(str(name)).read_bytes()
    except OSError as error:
        message = f"无法读取文件 {name}：{error.strerror}。请核对路径和权限。"
        raise InvalidInputError(message) from error


def input_lines(name: str | None) -> Iterator[tuple[int, bytes]]:
    """The lines of the input that are not blank, numbered from 1, read one by one."""
    if name in {None, "-"}:
        yield from _numbered(sys.stdin.buffer)
        return
    try:
        file = Path(str(name)).open("rb")  # noqa: SIM115 - opened here so that only opening can fail as unreadable.
    except OSError as error:
        message = f"无法读取文件 {name}：{error.strerror}。请核对路径和权限。"
        raise InvalidInputError(message) from error
    with file:
        yield from _numbered(file)


def _numbered(file: Any) -> Iterator[tuple[int, bytes]]:  # noqa: ANN401 - any binary stream of lines.
    for number, raw in enumerate(file, start=1):
        line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
        if line.strip():
            yield number, line


def parse_object(line: bytes) -> dict[str, Any]:
    """One JSON object with a string `text`.

    Raises:
        InvalidInputError: It is no JSON object or has no string `text`.
    """
    try:
        record = json.loads(line, parse_constant=_no_constant)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        message = "这一行不是 JSON 对象"
        raise InvalidInputError(message) from error
    if not isinstance(record, dict):
        message = "这一行不是 JSON 对象"
        raise InvalidInputError(message)
    if not isinstance(record.get("text"), str):
        message = "缺少字符串字段 text"
        raise InvalidInputError(message)
    return record


def _no_constant(name: str) -> None:
    """Refuse NaN and Infinity, which Python reads and JSON does not know: they would come back out in the answer."""
    raise ValueError(name)


def member(terms: type[T], code: str) -> T:
    """The term with this code.

    Raises:
        InvalidInputError: There is none.
    """
    for term in terms:
        if term.value == code:
            return term
    message = f"“{code}”不能用，可用：{'、'.join(term.value for term in terms)}。"
    raise InvalidInputError(message)


def parse_day(text: str) -> date:
    """A day written `YYYY-MM-DD`.

    Raises:
        InvalidInputError: It is none.
    """
    from datetime import date  # noqa: PLC0415 - kept beside its only use.

    message = f"“{text}”不是日期，应写作 2026-11-21。"
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise InvalidInputError(message)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(message) from error


def parse_moment(text: str) -> datetime:
    """A time in ISO 8601; without an offset it is Asia/Shanghai.

    Raises:
        InvalidInputError: It is none.
    """
    from datetime import UTC, datetime  # noqa: PLC0415 - kept beside its only use.

    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = f"“{text}”不是时间，应写作 2026-11-21T09:30:00+08:00。"
        raise InvalidInputError(message) from error
