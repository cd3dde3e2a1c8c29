"""The SQL in which SQLite and PostgreSQL differ, in one place."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import JSON, Integer, Text, and_, bindparam, cast, column, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY

from hotline.store.tables import SEARCH_DOC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Executable, Row, Table, TableValuedAlias, Update
    from sqlmodel import Session

    Insert: TypeAlias = postgresql.Insert | sqlite.Insert

SEALING_LOCK = 7_201_001
MIGRATION_LOCK = 7_201_002
_ROWS = "all_rows"


def is_postgresql(session: Session) -> bool:
    """Whether this session talks to PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


def insert_for(session: Session, table: Table) -> Insert:
    """An insert that knows `ON CONFLICT` on the database at hand."""
    return postgresql.insert(table) if is_postgresql(session) else sqlite.insert(table)


def upsert(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], *, key: Sequence[str], keep: Sequence[str] = ()
) -> None:
    """Insert the rows, or bring those whose key is there up to date; columns in `keep` are only written first."""
    if not rows:
        return
    changed = tuple(name for name in rows[0] if name not in key and name not in keep)
    session.execute(_upsert(is_postgresql(session), table, tuple(key), changed), list(rows))


@lru_cache(maxsize=64)
def _upsert(on_postgresql: bool, table: Table, key: tuple[str, ...], changed: tuple[str, ...]) -> Insert:  # noqa: FBT001 - part of a cache's key.
    """The statement is kept: building it costs more than running it."""
    statement = postgresql.insert(table) if on_postgresql else sqlite.insert(table)
    return statement.on_conflict_do_update(
        index_elements=list(key), set_={name: statement.excluded[name] for name in changed}
    )


def insert_new(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], *, returning: Sequence[str]
) -> Sequence[Row[Any]]:
    """Insert those of many like rows that no unique key knows yet; return these columns of what was new.

    On PostgreSQL the rows go as one text: thousands of single parameters cost more than the insert.
    """
    if not rows:
        return []
    if not is_postgresql(session):
        statement = sqlite.insert(table).on_conflict_do_nothing()
        return session.execute(statement.returning(*[table.c[name] for name in returning]), list(rows)).all()
    return session.execute(_insert_new(table, tuple(rows[0]), tuple(returning)), {_ROWS: _as_text(rows)}).all()


def update_each(session: Session, table: Table, rows: Sequence[Mapping[str, Any]], *, key: str) -> None:
    """Set the other columns of each row that is found by its key; on PostgreSQL in one statement."""
    if not rows:
        return
    names = tuple(rows[0])
    if is_postgresql(session):
        session.execute(_update_each(table, names, key), {_ROWS: _as_text(rows)})
        return
    changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names if name != key}
    statement = update(table).where(table.c[key] == bindparam(f"new_{key}")).values(**changed)
    session.execute(statement, [{f"new_{name}": value for name, value in row.items()} for row in rows])


def among(session: Session, of: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a column holds one of many values: on PostgreSQL they go as one array."""
    return of == func.any(cast(list(values), ARRAY(Text()))) if is_postgresql(session) else of.in_(values)


def among_given(of: ColumnElement[str], name: str, *, on_postgresql: bool) -> ColumnElement[bool]:
    """The same in a statement that is made once: the values are the parameter `name`, a list.

    SQLite takes it as one text: a statement with a place for each value is written out and prepared anew each time.
    """
    if on_postgresql:
        return of == func.any(bindparam(name, type_=ARRAY(Text())))
    values = func.json_each(bindparam(name, type_=JSON())).table_valued("value")
    return of.in_(select(values.c.value))


@lru_cache(maxsize=16)
def _insert_new(table: Table, names: tuple[str, ...], returning: tuple[str, ...]) -> Executable:
    source = _given(table, names)
    statement = postgresql.insert(table).from_select(list(names), select(*[source.c[name] for name in names]))
    return statement.on_conflict_do_nothing().returning(*[table.c[name] for name in returning])


@lru_cache(maxsize=16)
def _update_each(table: Table, names: tuple[str, ...], key: str) -> Update:
    source = _given(table, names)
    changed = {name: source.c[name] for name in names if name != key}
    return update(table).where(table.c[key] == source.c[key]).values(**changed)


def _given(table: Table, names: tuple[str, ...]) -> TableValuedAlias:
    """A table of the rows in the parameter `_ROWS`, with the types of the columns they are meant for."""
    shape = [column(name, table.c[name].type) for name in names]
    rows = func.json_to_recordset(cast(bindparam(_ROWS, type_=Text()), JSON))
    return rows.table_valued(*shape, name="given").render_derived(with_types=True)


def _as_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows, of texts and times, as JSON: the driver writes an array element by element, at four times the price.

    Raises:
        ValueError: A time is naive, so that nobody knows when it was.
        TypeError: A value is neither.
    """
    return json.dumps(rows, default=_time_text, ensure_ascii=False)


def _time_text(value: object) -> str:
    if not isinstance(value, datetime):
        message = f"a {type(value).__name__} has no place in rows that are sent as text"
        raise TypeError(message)
    if value.tzinfo is None:
        message = "a naive time cannot be stored"
        raise ValueError(message)
    return value.isoformat()


def lock_for_sealing(session: Session) -> None:
    """Let one process at a time seal events. SQLite's write lock already does."""
    if is_postgresql(session):
        session.execute(select(func.pg_advisory_xact_lock(SEALING_LOCK)))


def holds_all_words(session: Session, words: Sequence[str]) -> ColumnElement[bool]:
    """The condition on `search_doc` that a document holds every one of these words (of which there is one)."""
    if is_postgresql(session):
        return SEARCH_DOC.c.words.op("@>", is_comparison=True)(cast(list(words), ARRAY(Text())))
    quoted = " AND ".join('"' + word.replace('"', '""') + '"' for word in words)
    found = text("SELECT rowid FROM search_words WHERE search_words MATCH :fts_query").bindparams(fts_query=quoted)
    return SEARCH_DOC.c.id.in_(found.columns(column("rowid", Integer)))


def begins_with(session: Session, column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """A prefix (of letters and digits only) so that an index serves it: a pattern on PostgreSQL, else a range."""
    if is_postgresql(session):
        return column.like(f"{prefix}%")
    return and_(column >= prefix, column < prefix + chr(0x10FFFF))
