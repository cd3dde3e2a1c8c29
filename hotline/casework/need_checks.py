"""Checks one value against its need: a line, a choice, a body, a time, a number."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hotline.casework.needs import NeedKind
from hotline.moments import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hotline.casework.needs import Need, Span
    from hotline.records import Json

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


class WrongError(Exception):
    """A value that cannot be used; the message says why in Chinese."""


def _line(value: Json, _need: Need, _span: Span) -> Json:
    if not isinstance(value, str) or "\n" in value or len(value) > LINE_LIMIT:
        raise WrongError(_ONE_LINE)
    if _DIGIT_RUN.search(value):
        raise WrongError(_PERSONAL)
    return value.strip()


def _choice(value: Json, need: Need, _span: Span) -> Json:
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise WrongError(_PICK)
    if need.choices and value not in {code for code, _ in need.choices}:
        raise WrongError(_PICK)
    return value


def _several(value: Json, need: Need, span: Span) -> Json:
    if not isinstance(value, (list, tuple)):
        raise WrongError(_PICK)
    codes = tuple(_choice(item, need, span) for item in value)
    if len(set(codes)) != len(codes):
        raise WrongError(_TWICE)
    return codes


def _bool(value: Json, _need: Need, _span: Span) -> Json:
    if not isinstance(value, bool):
        raise WrongError(_YES_OR_NO)
    return value


def _datetime(value: Json, _need: Need, span: Span) -> Json:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None:
        raise WrongError(_WHEN)
    at = at.replace(tzinfo=SHANGHAI) if at.utcoffset() is None else at
    problem = span.check(at)
    if problem:
        raise WrongError(problem)
    return at.astimezone(UTC).isoformat()


def _number(value: Json, need: Need, _span: Span) -> Json:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= need.limit:
        message = f"请填写1到{need.limit}之间的整数"
        raise WrongError(message)
    return value


def _policy(value: Json, _need: Need, _span: Span) -> Json:
    if not isinstance(value, str) or not _POLICY.fullmatch(value):
        raise WrongError(_CLOCK)
    return value


READERS: Mapping[NeedKind, Callable[[Json, Need, Span], Json]] = {
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
