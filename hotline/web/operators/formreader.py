"""The fields of a form, read one by one, with what is wrong beside each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

TEXT_LIMIT = 50_000
LONG_LIMIT = 8_000
LINE_LIMIT = 300


@dataclass
class FormReader:
    """The fields of one form, read one by one; what is wrong gathers in `errors`."""

    form: Mapping[str, str]
    now: datetime
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, limit: int = LINE_LIMIT) -> str:
        """A field without the characters that no database takes; too long a one is an error and is kept."""
        value = self.form.get(name, "").replace("\x00", "").strip()
        if len(value) > limit:
            self.errors[name] = f"太长了，请不超过 {limit} 字。"
        return value

    def checked(self, name: str, is_good: Callable[[str], object], what: str) -> str:
        """A field that has a form, where it is filled."""
        value = self.text(name)
        if value and name not in self.errors and not is_good(value):
            self.errors[name] = what
        return value

    def one_of(self, name: str, known: Mapping[str, object] | set[str], what: str) -> str:
        """A code from a list; an unknown one is an error and counts as not chosen."""
        value = self.text(name)
        if value and value not in known:
            self.errors[name] = what
            return ""
        return value
