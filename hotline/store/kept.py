"""Small statements that every registration asks, run past SQLAlchemy, whose care costs ten times what SQLite does.

A statement is written once, compiled once for each database, and gives the same rows as `session.execute` does.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Text, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError

from hotline.store.engine import driver_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from sqlalchemy import ColumnElement, Dialect, Engine
    from sqlalchemy.sql import Executable
    from sqlmodel import Session


class _Plan(NamedTuple):
    """A compiled statement, its parameters by place (none where they go by name), and what writes and reads values.

    `fixed` are the values that stand in the statement itself.
    """

    statement: str
    fixed: Mapping[str, Any]
    places: tuple[str, ...]
    writers: tuple[tuple[str, Callable[[Any], Any]], ...]
    readers: tuple[tuple[int, Callable[[Any], Any]], ...]


def ask(session: Session, statement: Executable, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement that is kept by its module; `values` are its parameters by name."""
    return _rows(*driver_of(session), statement, values)


def ask_alone(engine: Engine, statement: Executable, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The same for one reading statement by itself, which needs no transaction around it."""
    held = engine.raw_connection()
    try:
        return _rows(engine.dialect, held.dbapi_connection, statement, values)
    finally:
        held.close()


def _rows(dialect: Dialect, held: Any, statement: Executable, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:  # noqa: ANN401 - the driver's own connection.
    plan, driver = _plan(dialect, statement), dialect.loaded_dbapi
    given = {**plan.fixed, **values}
    for name, write in plan.writers:
        given[name] = write(given[name])
    try:
        found = held.execute(plan.statement, [given[name] for name in plan.places] if plan.places else given)
        rows: list[tuple[Any, ...]] = found.fetchall()
    except driver.Error as error:  # Its own words may quote values.
        raise DBAPIError.instance(plan.statement, None, type(error)(), driver.Error) from None
    if plan.readers:
        rows = [_read(row, plan.readers) for row in rows]
    return rows


def one_of_many(column: ColumnElement[str], name: str, *, on_postgresql: bool) -> ColumnElement[bool]:
    """The condition that a column holds one of the texts in the parameter `name`, for which `many` gives the value."""
    if on_postgresql:
        return column == func.any(cast(bindparam(name), ARRAY(Text())))
    return column.in_(select(func.json_each(bindparam(name)).table_valued("value").c.value))


def many(session: Session, texts: Collection[str]) -> Any:  # noqa: ANN401 - what the database takes.
    """Several texts as one parameter."""
    return list(texts) if driver_of(session)[0].name == "postgresql" else json.dumps(list(texts))


@lru_cache(maxsize=64)
def _plan(dialect: Dialect, statement: Executable) -> _Plan:
    compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    readers = []
    for at, column in enumerate(compiled._result_columns):  # noqa: SLF001 - how SQLAlchemy's own results read values.
        read = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if read is not None:
            readers.append((at, read))
    writers = tuple(
        (name, write)
        for bound, name in compiled.bind_names.items()
        if (write := bound.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    )
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    return _Plan(str(compiled), fixed, tuple(compiled.positiontup or ()), writers, tuple(readers))


def _read(row: tuple[Any, ...], readers: tuple[tuple[int, Callable[[Any], Any]], ...]) -> tuple[Any, ...]:
    values = list(row)
    for at, read in readers:
        values[at] = read(values[at])
    return tuple(values)
