"""What an action asks for: the fields of its form, declared once and checked once.

The need named `text` is the command's free text (stored encrypted); every other need goes into the event, which holds
codes and ids only: a short line there is one line, at most 100 characters, without a run of digits that could be a
phone or an ID number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError
from hotline.moments import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hotline.records import Command, Json

TEXT = "text"
TEXT_LIMIT = 8000
LINE_LIMIT = 100
_CODE = re.compile(r"[\w.:\-]{1,64}")
_DIGIT_RUN = re.compile(r"\d{7}")
_POLICY = re.compile(r"[A-Z][A-Z0-9\-]{1,39}")
_ONE_LINE = "请填写一行文字，不超过100字"
_PERSONAL = "这里不要填写电话、证件号等个人信息"
_PICK = "请从列出的选项中选择"
_TWICE = "同一项选择了两次"
_YES_OR_NO = "请选择是或否"
_WHEN = "请填写日期和时间，如 2026-11-20T09:30"
_CLOCK = "请选择时限"


class NeedKind(StrEnum):
    """How a need is asked for and checked."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    BODY = "body"
    BODIES = "bodies"
    BOOL = "bool"
    DATETIME = "datetime"
    NUMBER = "number"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Need:
    """One field: `choices` are (code, Chinese label).

    A choice without choices is filled by the page: categories and settings from the taxonomy, ids from the case.
    `limit` is the largest number allowed, the smallest is 1.
    """

    name: str
    label: str
    kind: NeedKind
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    limit: int = 3650


@dataclass(frozen=True, slots=True)
class Span:
    """The time an action may name: not before the case (or leg), not after now; both aware."""

    earliest: datetime
    now: datetime

    def check(self, at: datetime) -> str:
        """What is wrong with `at`, or an empty string."""
        if at.utcoffset() is None:
            return "时间没有时区，请带上时区填写"
        if at > self.now:
            return "时间在将来，请填写已经发生的时间"
        if at < self.earliest:
            return "时间早于本件收到或交办的时间，请核对"
        return ""


@dataclass(slots=True)
class _Reading:
    """The fields read so far and, per field, what is wrong."""

    span: Span
    data: dict[str, Json] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


class _WrongError(Exception):
    """A value that cannot be used; the message says why in Chinese."""


def _line(value: Json, _need: Need, _span: Span) -> Json:
    if not isinstance(value, str) or "\n" in value or len(value) > LINE_LIMIT:
        raise _WrongError(_ONE_LINE)
    if _DIGIT_RUN.search(value):
        raise _WrongError(_PERSONAL)
    return value.strip()


def _choice(value: Json, need: Need, _span: Span) -> Json:
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise _WrongError(_PICK)
    if need.choices and value not in {code for code, _ in need.choices}:
        raise _WrongError(_PICK)
    return value


def _several(value: Json, need: Need, span: Span) -> Json:
    if not isinstance(value, (list, tuple)):
        raise _WrongError(_PICK)
    codes = tuple(_choice(item, need, span) for item in value)
    if len(set(codes)) != len(codes):
        raise _WrongError(_TWICE)
    return codes


def _bool(value: Json, _need: Need, _span: Span) -> Json:
    if not isinstance(value, bool):
        raise _WrongError(_YES_OR_NO)
    return value


def _datetime(value: Json, _need: Need, span: Span) -> Json:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None:
        raise _WrongError(_WHEN)
    at = at.replace(tzinfo=SHANGHAI) if at.utcoffset() is None else at
    problem = span.check(at)
    if problem:
        raise _WrongError(problem)
    return at.astimezone(UTC).isoformat()


def _number(value: Json, need: Need, _span: Span) -> Json:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= need.limit:
        message = f"请填写1到{need.limit}之间的整数"
        raise _WrongError(message)
    return value


def _policy(value: Json, _need: Need, _span: Span) -> Json:
    if not isinstance(value, str) or not _POLICY.fullmatch(value):
        raise _WrongError(_CLOCK)
    return value


_READERS: Mapping[NeedKind, Callable[[Json, Need, Span], Json]] = {
    NeedKind.TEXT: _line,
    NeedKind.CHOICE: _choice,
    NeedKind.CHOICES: _several,
    NeedKind.BODY: _choice,
    NeedKind.BODIES: _several,
    NeedKind.BOOL: _bool,
    NeedKind.DATETIME: _datetime,
    NeedKind.NUMBER: _number,
    NeedKind.POLICY: _policy,
}


def _missing(value: Json) -> bool:
    return value is None or value in ("", (), [])


def _read_one(need: Need, value: Json, reading: _Reading) -> None:
    """Check one field of the event; an optional one left empty is left out."""
    if _missing(value):
        if need.required:
            reading.wrong[need.name] = f"请填写“{need.label}”"
        return
    try:
        reading.data[need.name] = _READERS[need.kind](value, need, reading.span)
    except _WrongError as wrong:
        reading.wrong[need.name] = str(wrong)


def _read_text(need: Need | None, text: str, reading: _Reading) -> None:
    """Check the free text: there where it is needed, never above the limit."""
    if need is not None and need.required and not text.strip():
        reading.wrong[TEXT] = f"请填写“{need.label}”"
    elif need is None and text.strip():
        reading.wrong[TEXT] = "这个动作不带文字，请改用备注"
    elif len(text) > TEXT_LIMIT:
        reading.wrong[TEXT] = f"文字太长，请不超过{TEXT_LIMIT}字"


def read_needs(needs: Sequence[Need], command: Command, span: Span) -> dict[str, Json]:
    """The event's data from a command's, every field checked against its need.

    Raises:
        InvalidInputError: Something is missing, wrong or not asked for; `fields` names all of it at once.
    """
    reading = _Reading(span)
    by_name = {need.name: need for need in needs}
    for name in command.data.keys() - by_name.keys():
        reading.wrong[name] = "这个动作没有此项"
    for need in needs:
        if need.name != TEXT:
            _read_one(need, command.data.get(need.name), reading)
    _read_text(by_name.get(TEXT), command.text, reading)
    if command.at is not None and (problem := span.check(command.at)):
        reading.wrong["at"] = problem
    if reading.wrong:
        message = f"“{command.action.label}”填写有误：{'；'.join(reading.wrong.values())}。"
        raise InvalidInputError(message, **reading.wrong)
    return reading.data


def parse_form(needs: Sequence[Need], form: Mapping[str, Sequence[str]]) -> tuple[dict[str, Json], str]:
    """A command's (data, text) from the strings of a web form; wrong values are left for `read_needs` to name.

    A bool is true where its box was ticked: any value but `false`, `0` and the empty one.
    """
    data: dict[str, Json] = {}
    for need in needs:
        values = [value.strip() for value in form.get(need.name, ())]
        first = values[0] if values else ""
        if need.name == TEXT:
            continue
        if need.kind is NeedKind.BOOL:
            data[need.name] = first not in ("", "0", "false")
        elif need.kind in (NeedKind.BODIES, NeedKind.CHOICES):
            data[need.name] = tuple(value for value in values if value)
        elif (
            need.kind is NeedKind.NUMBER and first.isascii() and first.isdigit() and len(first) <= len(str(need.limit))
        ):
            data[need.name] = int(first)
        elif first:
            data[need.name] = first
    return data, "\n".join(form.get(TEXT, ())).strip()
