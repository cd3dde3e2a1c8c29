"""Opening the database, and the two kinds of transaction.

A unit of work that writes takes SQLite's write lock at its start (`BEGIN IMMEDIATE`): a deferred transaction that
later wants to write fails with "database is locked", whatever the timeout. One that only reads never takes it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlmodel import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

BUSY_TIMEOUT_MS = 15_000
_ACCESS = "hotline_access"
_WRITE = "write"
_READ = "read"


def open_engine(url: str) -> Engine:
    """Open a database: `sqlite:///path` (WAL, synchronous FULL, foreign keys on) or `postgresql://…` (psycopg 3).

    Its errors name statements, never values: they end up in logs.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, hide_parameters=True, pool_pre_ping=True)


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
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if access == _READ else 'OFF'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if access == _WRITE else "BEGIN")


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Session]:
    """One unit of work: it commits whole when the block ends and rolls back whole when the block raises."""
    bound = engine.execution_options(**{_ACCESS: _WRITE})
    with Session(bound) as session, session.begin():
        # A session begins lazily; the lock must be held from the first read on.
        session.connection()
        yield session


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Session]:
    """A view of the database at one moment that can change nothing and waits for no writer."""
    options: dict[str, Any] = {_ACCESS: _READ}
    if engine.dialect.name == "postgresql":
        options["postgresql_readonly"] = True
    with Session(engine.execution_options(**options)) as session, session.begin():
        yield session
