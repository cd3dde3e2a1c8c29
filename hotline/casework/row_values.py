"""Reads the values of one row of a TOML file: flags, words of the vocabulary, days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from hotline.vocabulary import Term

T = TypeVar("T", bound="Term")
Row = dict[str, object]


def flag_of(row: Row, key: str, *, default: bool = False) -> bool:
    """A value that is true or false.

    Raises:
        TypeError: It is something else.
    """
    value = row.get(key, default)
    if not isinstance(value, bool):
        message = f"{key} 应是 true 或 false"
        raise TypeError(message)
    return value


def words_of(row: Row, key: str) -> list[str]:
    """A list of texts, empty where there is none.

    Raises:
        TypeError: It is something else.
    """
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        message = f"{key} 应是文字列表"
        raise TypeError(message)
    return value


def word_of(words: type[T], code: object) -> T:
    """The word of the vocabulary with this code.

    Raises:
        ValueError: There is none.
    """
    for member in words:
        if member == code:
            return member
    message = f"{code} 不在词表中"
    raise ValueError(message)


def terms_of(words: type[T], row: Row, key: str) -> frozenset[T]:
    """The words of the vocabulary under a key."""
    return frozenset(word_of(words, word) for word in words_of(row, key))


def day_of(row: Row, key: str) -> date | None:
    """The day under a key, None where there is none."""
    value = row.get(key)
    return date.fromisoformat(str(value)) if value is not None else None
