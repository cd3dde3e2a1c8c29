"""Reads the data of an event: codes as words of the vocabulary, texts as texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hotline.errors import InvalidInputError
from hotline.vocabulary import Term

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotline.records import Json

T = TypeVar("T", bound=Term)


def term(terms: type[T], code: object) -> T:
    """The word of the vocabulary with this code.

    Raises:
        InvalidInputError: There is none.
    """
    for member in terms:
        if member == code:
            return member
    message = "有一项代码不在词表中，请联系系统管理员核对数据。"
    raise InvalidInputError(message)


def text_in(data: Mapping[str, Json], key: str) -> str:
    """The text under a key, an empty one where there is none."""
    value = data.get(key)
    return value if isinstance(value, str) else ""
