"""One table of a plan file with the lines it stands on, so that a refusal can name file, line and reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NoReturn, TypeVar

from hotline.errors import PlanError

T = TypeVar("T")
_KINDS: dict[type, str] = {str: "文字", int: "整数", bool: "true 或 false", date: "日期", list: "列表", dict: "表"}


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file with the lines it stands on, so that a refusal can name the line."""

    file: str
    first: int
    lines: tuple[str, ...]
    values: dict[str, object]

    def refuse(self, reason: str, key: str = "") -> NoReturn:
        """Raise `PlanError` for this table, at the line of `key` where it is written there."""
        offset = next((n for n, line in enumerate(self.lines) if key and re.match(rf"\s*{key}\s*=", line)), 0)
        message = f"{self.file}:{self.first + offset}: {reason}。请改正后重新载入"
        raise PlanError(message)

    def take(self, key: str, kind: type[T], default: T | None = None) -> T:
        """A value of one type; without a default it must be there."""
        value = self.values.get(key, default)
        if value is None:
            self.refuse(f"缺少“{key}”", key)
        if type(value) is not kind:
            self.refuse(f"“{key}”应为{_KINDS[kind]}", key)
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A string; one without a default may not be blank."""
        value = self.take(key, str, default)
        if default is None and not value.strip():
            self.refuse(f"“{key}”不能为空", key)
        return value

    def day(self, key: str) -> date | None:
        """A date, or None where the document states none."""
        return self.take(key, date) if key in self.values else None

    def words(self, key: str) -> tuple[str, ...]:
        """A list of distinct words, empty where the key is absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
            self.refuse(f"“{key}”应为文字列表", key)
        if len(set(value)) < len(value):
            self.refuse(f"“{key}”中有重复", key)
        return tuple(value)

    def only(self, *keys: str) -> None:
        """Refuse a key that the format does not know: it may be a slip of the pen."""
        for key in self.values:
            if key not in keys:
                self.refuse(f"不认识的字段“{key}”", key)
