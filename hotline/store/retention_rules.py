"""保存期限: how long each part of a closed case is kept, as a file of rules says."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError
from hotline.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


IDENTITY, TEXT, EVIDENCES = PARTS = ("identity", "text", "evidence")
FILE = Path(__file__).with_name("retention.toml")


@dataclass(frozen=True, slots=True)
class Rules:
    """Days after the closing, by kind and part; `quarantine` days after a refused record was dealt with."""

    version: str
    quarantine: int
    days: Mapping[tuple[str, str], int]


def read_rules(path: Path = FILE) -> Rules:
    """The rules of a file.

    Raises:
        InvalidInputError: It cannot be read, or names something unknown or a period that is no number of days.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        message = f"保存期限文件 {path.name} 读不出来，请核对路径和格式。"
        raise InvalidInputError(message) from error
    version, quarantine = data.pop("version", ""), data.pop("quarantine_days", None)
    days = {
        (kind, part): value for kind, parts in data.items() if isinstance(parts, dict) for part, value in parts.items()
    }
    kinds = {kind.value for kind in Kind}
    known = set(data) <= kinds and all(part in PARTS for _, part in days)
    numbers = [quarantine, *days.values()]
    if not (known and isinstance(version, str) and version and all(type(each) is int and each > 0 for each in numbers)):
        message = f"保存期限文件 {path.name} 有误：须有 version、quarantine_days，性质和部分须在词表中，天数为正整数。"
        raise InvalidInputError(message)
    return Rules(version, quarantine, days)


@cache
def shipped_rules() -> Rules:
    """The rules that travel with the program."""
    return read_rules()
