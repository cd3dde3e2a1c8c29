"""What a value that comes into the API must be, beside its type."""

from __future__ import annotations

import re
import unicodedata

from pydantic import AfterValidator

from hotline.intake.cleaning import clean
from hotline.intake.jsonl import as_text

_SUM = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
_PLAIN_FLOAT = re.compile(r"([0-9]+)\.0")
_UNUSABLE_IN_ID = frozenset({"Cc", "Cs"})


def tidy(value: object) -> object:
    """A text without NUL characters and lone surrogates, which no database takes; anything else as it is."""
    return as_text(value) if isinstance(value, str) else value


def check_id(value: object) -> object:
    """A key is taken as it is or not at all: changed, it could meet another one.

    Raises:
        ValueError: It holds control characters or half characters.
    """
    if not isinstance(value, str):
        return value
    if any(unicodedata.category(char) in _UNUSABLE_IN_ID for char in value):
        message = "含有控制字符或不完整的字符，请去掉后重试"
        raise ValueError(message)
    return value.strip()


def check_text(value: str) -> str:
    """A complaint says something.

    Raises:
        ValueError: Nothing is left once invisible characters and markup are gone.
    """
    if not clean(value).text:
        message = "没有可读的内容，请填写来电人反映的问题"
        raise ValueError(message)
    return value


def check_known(*known: str) -> AfterValidator:
    """A code from a list."""

    def check(value: str) -> str:
        if value and value not in known:
            message = f"应为 {'、'.join(known)} 之一"
            raise ValueError(message)
        return value

    return AfterValidator(check)


def check_sum(value: object) -> object:
    """A sum in yuan as a number or as text, without exponent: 1E+999999999 is short to write and long to print.

    Raises:
        ValueError: It is no sum.
    """
    if value is None or value == "":
        return None
    known = isinstance(value, (int, float, str)) and not isinstance(value, bool)
    text = _PLAIN_FLOAT.sub(r"\1", as_text(value)) if known else ""
    if not _SUM.fullmatch(text):
        message = "应为不小于 0 的金额（元），至多 12 位整数、两位小数"
        raise ValueError(message)
    return text
