"""What all commands share: JSON on stdout, words on stderr, UTF-8 whatever the locale, exit 0, 1 or 2."""

from __future__ import annotations

import errno
import json
import math
import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hotline.errors import HotlineError, InvalidInputError
from hotline.moments import SHANGHAI
from hotline.vocabulary import Term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

T = TypeVar("T", bound=Term)
REFUSED = 1
UNUSABLE = 2


class OutputError(HotlineError):
    """What a command has to say cannot be written."""

    code = "output_error"


def emit(record: Mapping[str, Any]) -> None:
    """Write one object on one line of stdout.

    Raises:
        OutputError: See `write_out`.
    """
    line = json.dumps(record, ensure_ascii=False, separators=(", ", ": "))
    write_out(line.encode("utf-8", "backslashreplace") + b"\n")


def write_out(content: bytes) -> None:
    """Write to stdout at once.

    Raises:
        OutputError: The disk is full or the reader has gone; the message says which.
    """
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError as error:
        raise OutputError(unwritable(error)) from error


def unwritable(error: OSError) -> str:
    """Why stdout takes nothing more; what Python still holds for it is dropped, or it would complain at the end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    if error.errno == errno.EPIPE:
        return "结果没有写完：接收输出的程序已经退出。"
    why = "磁盘已满" if error.errno == errno.ENOSPC else error.strerror
    return f"结果没有写完：无法写入标准输出（{why}）。请检查磁盘空间和输出的去处后重新运行。"


def say(message: str) -> None:
    """Write words for people to stderr."""
    with suppress(OSError):  # Where stderr takes nothing either, the exit code is all that is left.
        sys.stderr.buffer.write(message.encode("utf-8", "backslashreplace") + b"\n")
        sys.stderr.buffer.flush()


def show(message: str) -> None:
    """Write words for people to stdout, where the command's result is a text."""
    write_out(message.encode("utf-8", "backslashreplace") + b"\n")


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
    """The lines of the input, numbered from 1, read one by one; behind the last newline there is none."""
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
        yield number, raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw


def parse_object(line: bytes) -> dict[str, Any]:
    """One JSON object with a string `text`.

    Raises:
        InvalidInputError: It is no JSON object or has no string `text`.
    """
    try:
        record = json.loads(line, parse_constant=_no_constant, parse_float=_finite)
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


def _finite(digits: str) -> float:
    """A number that JSON can hold again: 1e999 would become Infinity."""
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(digits)
    return number


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
