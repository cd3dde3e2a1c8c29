"""Rows as they are kept, whatever they were altered to: an audit tells of what cannot be read and goes on."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import TypeDecorator, case, type_coerce
from sqlalchemy.types import NullType

from hotline.store.types import FAR, LONG_PAST, UTCDateTime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Column, ColumnElement, Dialect, Table
    from sqlalchemy.types import TypeEngine
    from sqlmodel import Session


class Unreadable:
    """Stands for a value that its column's type cannot read."""

    __slots__ = ()

    def __str__(self) -> str:
        """How it is shown where a value is told."""
        return "（无法读取）"


UNREADABLE: Final = Unreadable()


class AsKept(TypeDecorator[Any]):
    """A column's value as its own type reads it, or `UNREADABLE`."""

    impl = NullType
    cache_ok = True

    def __init__(self, own: TypeEngine[Any]) -> None:
        """Read as the type `own` does."""
        super().__init__()
        self.own = own

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """What reads a value and never raises: SQLite keeps anything in any column."""
        read = self.own.dialect_impl(dialect).result_processor(dialect, coltype)
        # A decorated type knows no Python type of its own; what it wraps does.
        expected = (self.own.impl_instance if isinstance(self.own, TypeDecorator) else self.own).python_type

        def kept(value: Any) -> Any:  # noqa: ANN401 - whatever the column holds.
            if value is None:
                return None
            try:
                found = read(value) if read else value
                if isinstance(found, str) and not found.isascii():
                    found.encode()
            except (TypeError, ValueError, RecursionError):
                return UNREADABLE
            return found if isinstance(found, expected) else UNREADABLE

        return kept


def as_kept(session: Session, table: Table) -> list[ColumnElement[Any]]:
    """The columns of a table, under their names, read by `AsKept`."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    return [_column(column, postgresql=postgresql).label(column.name) for column in table.c]


def _column(column: Column[Any], *, postgresql: bool) -> ColumnElement[Any]:
    """PostgreSQL knows times that Python does not (infinity, the year 12000): its driver cannot read them at all."""
    if postgresql and isinstance(column.type, UTCDateTime):
        return type_coerce(case((column.between(LONG_PAST, FAR), column)), AsKept(column.type))
    return type_coerce(column, AsKept(column.type))


def unreadable(table: Table, row: Mapping[Any, Any]) -> list[str]:
    """The columns of a row from `as_kept` that hold what cannot be read, or nothing where something must stand."""
    return [
        column.name
        for column in table.c
        if (value := row[column.name]) is UNREADABLE or (value is None and not column.nullable)
    ]


def number(value: object, otherwise: int = 0) -> int:
    """The number that a column holds."""
    return value if isinstance(value, int) else otherwise


@contextmanager
def any_bytes_as_text(session: Session) -> Iterator[None]:
    """Let SQLite give text that is no UTF-8, which its driver refuses, so that `AsKept` sees it."""
    connection = session.connection().connection.dbapi_connection
    if not isinstance(connection, sqlite3.Connection):
        yield
        return
    connection.text_factory = _text
    try:
        yield
    finally:
        connection.text_factory = str


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")
