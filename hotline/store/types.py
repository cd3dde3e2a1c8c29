"""Column types that behave alike on SQLite and PostgreSQL, and the one canonical form of a record's bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, String, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import ARRAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine

FAR = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands in an ordering column for "no deadline": it sorts last on both databases, and a keyset can pass it."""
LONG_PAST = datetime(1, 1, 2, tzinfo=UTC)
"""Before any time that is kept, and readable in every time zone."""
_NAIVE = "a naive datetime cannot be stored"
_NO_OFFSET = len("2026-01-01 00:00:00.000000")


class UTCDateTime(TypeDecorator[datetime]):
    """An aware time: UTC in the database, aware UTC when read. SQLite alone would give back naive times."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into UTC.

        Raises:
            ValueError: The time is naive, so that nobody knows when it was.
        """
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(_NAIVE)
        return value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """SQLite keeps text, which is written in one step: a new case holds dozens of times."""
        return _written_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """SQLite keeps text, which is read in one step: a list reads hundreds of times."""
        return _read_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the stored time back as aware UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _written_text(value: datetime | None) -> str | None:
    """A time as SQLAlchemy's own type writes it.

    Raises:
        ValueError: The time is naive.
    """
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(_NAIVE)
    return _utc_text(value if value.tzinfo is UTC else value.astimezone(UTC))


@lru_cache(maxsize=4096)
def _utc_text(value: datetime) -> str:
    """Kept, as the clocks of one day end at the same few moments."""
    return value.isoformat(" ", "microseconds")[:_NO_OFFSET]


def _read_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


class DecimalText(TypeDecorator[Decimal]):
    """A sum in yuan, exact: SQLite has no decimal type and would round through a float."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Write the digits as they are."""
        del dialect
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Read the digits back."""
        del dialect
        return None if value is None else Decimal(value)


class WordList(TypeDecorator[tuple[str, ...]]):
    """The search words of a text: an array on PostgreSQL (GIN), words between spaces on SQLite (FTS5)."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the array where there is one."""
        chosen: TypeEngine[Any] = ARRAY(Text()) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(chosen)

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> list[str] | str | None:
        """Write the words."""
        if value is None:
            return None
        return list(value) if dialect.name == "postgresql" else " ".join(value)

    def process_result_value(self, value: list[str] | str | None, dialect: Dialect) -> tuple[str, ...] | None:
        """Read the words back."""
        del dialect
        if value is None:
            return None
        return tuple(value.split()) if isinstance(value, str) else tuple(value)


def canonical_text(obj: object) -> str:
    """JSON with sorted keys, no spaces and no NaN: equal data gives equal text on every machine."""
    return _canonical(obj)


def canonical_bytes(obj: object) -> bytes:
    """The canonical JSON in UTF-8: what is hashed and signed."""
    return canonical_text(obj).encode()


def _default(value: object) -> object:
    if hasattr(value, "items"):
        return dict(value.items())
    message = f"not JSON: {type(value).__name__}"
    raise TypeError(message)


_canonical = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), default=_default
).encode
