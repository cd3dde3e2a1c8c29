"""Opening the database, and the two kinds of transaction.

A unit of work that writes takes SQLite's write lock at its start (`BEGIN IMMEDIATE`): a deferred transaction that
later wants to write fails with "database is locked", whatever the timeout. One that only reads never takes it. A batch
gathers without the lock and begins anew with it (`late_write_transaction`).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from hotline.store.codec import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

BUSY_TIMEOUT_MS = 15_000
_ACCESS = "hotline_access"
_WRITE = "write"
_LATE = "late"
_READ = "read"


def open_engine(url: str) -> Engine:
    """Open a database: `sqlite:///path` (WAL, synchronous FULL, foreign keys on) or `postgresql://…` (psycopg 3).

    Its errors name statements, never values: they end up in logs.
    """
    if url.startswith("sqlite"):
        waiting = {"timeout": BUSY_TIMEOUT_MS / 1000}
        engine = create_engine(url, hide_parameters=True, connect_args=waiting, json_serializer=json_text)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, hide_parameters=True, pool_pre_ping=True, json_serializer=json_text)


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection.
    """Set what SQLite keeps per connection; transactions are begun by us, not by the driver."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin as the unit of work asked for; the connection may have served the other kind before."""
    access = connection.get_execution_options().get(_ACCESS)
    reading = access == _READ
    begin = "BEGIN IMMEDIATE" if access == _WRITE else "BEGIN"
    held: Any = connection.connection.dbapi_connection
    try:
        if connection.info.get(_READ) is not reading:  # Kept with the driver's connection, which keeps the setting.
            held.execute(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
            connection.info[_READ] = reading
        held.execute(begin)
    except connection.dialect.loaded_dbapi.OperationalError as error:
        raise OperationalError(begin, None, error) from None


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Session]:
    """One unit of work: it commits whole when the block ends and rolls back whole when the block raises."""
    bound = engine.execution_options(**{_ACCESS: _WRITE})
    with Session(bound) as session, session.begin():
        # A session begins lazily; the lock must be held from the first read on.
        session.connection()
        yield session


@contextmanager
def late_write_transaction(engine: Engine) -> Iterator[Session]:
    """The same without the lock at first: whoever writes in it calls `take_lock` before.

    What was read until then may be old when the lock is held. Only unique keys and the numbers of events stand against
    that, as they do between two writers of PostgreSQL.
    """
    with Session(engine.execution_options(**{_ACCESS: _LATE})) as session, session.begin():
        yield session


def take_lock(session: Session) -> None:
    """Let a late transaction write from here on, and read what is there now; others are left as they are."""
    connection = session.connection()
    late = connection.get_execution_options().get(_ACCESS) == _LATE
    if late and connection.dialect.name == "sqlite" and not session.info.get(_LATE):
        # Nothing has been written; a lock taken inside the view of an older moment would fail.
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        session.info[_LATE] = True


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Session]:
    """A view of the database at one moment that can change nothing and waits for no writer."""
    options: dict[str, Any] = {_ACCESS: _READ}
    if engine.dialect.name == "postgresql":
        options["postgresql_readonly"] = True
    with Session(engine.execution_options(**options)) as session, session.begin():
        yield session
