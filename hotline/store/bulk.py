"""Many new rows of a table at once, in the form that the driver takes: COPY on PostgreSQL, `executemany` on SQLite.

SQLAlchemy works out each value of each row anew; here that is done a column at a time, and before a lock is taken.
"""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy.exc import DBAPIError, IntegrityError

from hotline.store.engine import driver_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Dialect, Table
    from sqlmodel import Session

Values = list[tuple[Any, ...]]


class Ready(NamedTuple):
    """Rows of a table as the driver takes them, the statement that they go with, and their columns."""

    table: Table
    statement: str
    names: tuple[str, ...]
    rows: Values

    def with_texts(self, name: str, texts: Sequence[str]) -> Ready:
        """The same rows with other texts in one column, in the order of the rows."""
        at = self.names.index(name)
        return self._replace(
            rows=[(*row[:at], text, *row[at + 1 :]) for row, text in zip(self.rows, texts, strict=True)]
        )


def ready_for(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> Ready:
    """Bring rows of one set of columns into the driver's form; the database is not touched.

    They give every column that has no default of the database's own.
    """
    names = tuple(rows[0])
    statement, writers = _shape(driver_of(session)[0], table, names)
    columns = [list(column) for column in zip(*map(itemgetter(*names), rows), strict=True)]
    for at, write in writers:
        columns[at] = [write(value) for value in columns[at]]
    return Ready(table, statement, names, list(zip(*columns, strict=True)))


def insert_ready(session: Session, ready: Ready) -> None:
    """Insert the rows.

    Raises:
        IntegrityError: A key was there already; what stands in the rows is not told.
    """
    dialect, held = driver_of(session)
    driver = dialect.loaded_dbapi
    try:
        # Past SQLAlchemy, whose care for one statement costs more than SQLite's work on a few rows.
        if dialect.name == "sqlite":
            held.executemany(ready.statement, ready.rows)
        else:
            _copy(held, ready)
    except driver.IntegrityError as error:
        raise IntegrityError(ready.statement, None, type(error)()) from None
    except driver.Error as error:  # Its own words quote the row.
        raise DBAPIError(ready.statement, None, type(error)()) from None


def _copy(held: Any, ready: Ready) -> None:  # noqa: ANN401 - the driver's own connection.
    with held.cursor() as cursor, cursor.copy(ready.statement) as copy:
        for row in ready.rows:
            copy.write_row(row)


@lru_cache(maxsize=64)
def _shape(
    dialect: Dialect, table: Table, names: tuple[str, ...]
) -> tuple[str, tuple[tuple[int, Callable[[Any], Any]], ...]]:
    """The statement, and what writes the values of some columns (by place)."""
    found = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    named, quoted = dialect.identifier_preparer.format_table(table), map(dialect.identifier_preparer.quote, names)
    if dialect.name == "sqlite":
        places = ", ".join("?" * len(names))
        statement = f"INSERT INTO {named} ({', '.join(quoted)}) VALUES ({places})"  # noqa: S608 - names of our own.
    else:
        statement = f"COPY {named} ({', '.join(quoted)}) FROM STDIN"
    return statement, tuple((at, write) for at, write in enumerate(found) if write is not None)
