"""Opening the database, and the two kinds of transaction.

A unit of work that writes takes SQLite's write lock at its start (`BEGIN IMMEDIATE`): a deferred transaction that
later wants to write fails with "database is locked", whatever the timeout. One that only reads never takes it. What is
registered is gathered without the lock, which is taken when it is written (`late_write_transaction`).
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from functools import lru_cache
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from hotline.store.codec import json_text, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Dialect, Engine

BUSY_TIMEOUT_MS = 15_000
CHECKPOINT_PAGES = 4_000
"""How long the log grows (16 MB) before it is copied into the database. A registration writes 90 pages: with
SQLite's 1,000, every eleventh would copy the log and wait for the disk."""
PARALLEL_SETUP_COST = 20_000
"""What PostgreSQL is told that helping processes cost to start, in its own units; it takes 1,000 for granted."""
BETWEEN_TRIES = 0.0005
"""Seconds between two tries for SQLite's write lock."""
_JSON: dict[str, Any] = {"json_serializer": json_text, "json_deserializer": read_json}
_PRIMARY = 0xFF
"""The part of SQLite's error codes that names the error; the rest says what led to it."""
_BEGIN = "BEGIN"
_ACCESS = "hotline_access"
_WRITE = "write"
_LATE = "late"
_READ = "read"
_DRIVER = "driver"


def open_engine(url: str) -> Engine:
    """Open a database: `sqlite:///path` (WAL, synchronous FULL, foreign keys on) or `postgresql://…` (psycopg 3).

    Its errors name statements, never values: they end up in logs.
    """
    if url.startswith("sqlite"):
        waiting = {"timeout": BUSY_TIMEOUT_MS / 1000}
        engine = create_engine(url, hide_parameters=True, connect_args=waiting, **_JSON)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, **_JSON)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection.
    """Leave helping processes to long statements: for a page of fifty rows, starting them costs more than reading."""
    connection.execute(f"SET parallel_setup_cost = {PARALLEL_SETUP_COST}")
    connection.commit()


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection.
    """Set what SQLite keeps per connection; transactions are begun by us, not by the driver."""
    connection.isolation_level = None
    cursor = connection.cursor()
    kept = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}")
    for pragma in (*kept, f"wal_autocheckpoint={CHECKPOINT_PAGES}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin as the unit of work asked for; the connection may have served the other kind before."""
    access = connection.get_execution_options().get(_ACCESS)
    reading = access == _READ
    held: Any = connection.connection.dbapi_connection
    try:
        # Kept with the driver's connection, which keeps the setting: changing it makes SQLite forget how each statement
        # it has run is carried out, which costs a registration a fifth.
        if connection.info.get(_READ) is not reading:
            held.execute(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
            connection.info[_READ] = reading
        if access == _WRITE:
            _begin_writing(held)
        elif access != _LATE:
            held.execute(_BEGIN)
    except connection.dialect.loaded_dbapi.OperationalError as error:
        raise OperationalError(_BEGIN, None, error) from None


def _begin_writing(held: Any) -> None:  # noqa: ANN401 - the driver's own connection.
    """Take the write lock as soon as it is free.

    SQLite's own waiting sleeps longer from try to try, up to 100 ms, while the lock is mostly held for two or three:
    whoever came late would get it by luck, and nobody works meanwhile.

    Raises:
        sqlite3.OperationalError: It was not free within the time that a connection waits.
    """
    held.execute("PRAGMA busy_timeout=0")
    try:
        until = monotonic() + BUSY_TIMEOUT_MS / 1000
        while not _begun(held, last=monotonic() >= until):
            sleep(BETWEEN_TRIES)
    finally:
        held.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _begun(held: Any, *, last: bool) -> bool:  # noqa: ANN401 - as above.
    """Whether the write lock was free."""
    try:
        held.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Session]:
    """One unit of work: it commits whole when the block ends and rolls back whole when the block raises."""
    with _transaction(engine, _WRITE) as session:
        yield session


@contextmanager
def late_write_transaction(engine: Engine) -> Iterator[Session]:
    """The same without the lock at first: whoever writes in it calls `take_lock` before.

    What was read until then may be old when the lock is held. Only unique keys and the numbers of events stand against
    that, as they do between two writers of PostgreSQL. On SQLite each statement sees what is there when it runs, again
    as on PostgreSQL: a view held until the lock is free would keep the log from beginning anew.
    """
    with _transaction(engine, _LATE) as session:
        session.info[_LATE] = _changes(session)
        yield session
        _check_unwritten(session)


def take_lock(session: Session) -> None:
    """Let a late transaction write from here on, and read what is there now; others are left as they are.

    Raises:
        RuntimeError: Something was written before, by itself and not with the rest.
    """
    _check_unwritten(session)
    dialect, held = driver_of(session)
    if session.info.pop(_LATE, None) is not None and dialect.name == "sqlite":
        try:
            _begin_writing(held)
        except sqlite3.OperationalError as error:
            raise OperationalError(_BEGIN, None, error) from None


def _changes(session: Session) -> int:
    """How many rows this connection of SQLite has ever changed; PostgreSQL writes nothing outside a transaction."""
    dialect, held = driver_of(session)
    return int(held.total_changes) if dialect.name == "sqlite" else 0


def _check_unwritten(session: Session) -> None:
    """Find what a late transaction wrote without the lock: SQLite has kept it already, whatever follows."""
    if session.info.get(_LATE) not in {None, _changes(session)}:
        message = "a late transaction wrote before it took the lock"
        raise RuntimeError(message)


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Session]:
    """A view of the database at one moment that can change nothing and waits for no writer."""
    with _transaction(engine, _READ) as session:
        yield session


@contextmanager
def _transaction(engine: Engine, access: str) -> Iterator[Session]:
    with Session(_bound(engine, access)) as session, session.begin():
        # A session begins lazily; a writer's lock must be held from the first read on.
        connection = session.connection()
        session.info[_DRIVER] = (connection.dialect, connection.connection.dbapi_connection)
        yield session


def driver_of(session: Session) -> tuple[Dialect, Any]:
    """The dialect and the driver's own connection of this session's transaction.

    The transactions of this module keep them with their session, which has no other transaction: SQLAlchemy works them
    out anew at each call, which costs more than a small statement, and a registration asks twenty times.
    """
    kept: tuple[Dialect, Any] | None = session.info.get(_DRIVER)
    if kept is None:
        connection = session.connection()
        return connection.dialect, connection.connection.dbapi_connection
    return kept


@lru_cache(maxsize=16)
def _bound(engine: Engine, access: str) -> Engine:
    """The engine for one kind of transaction; kept, as making it costs more than a small statement."""
    options: dict[str, Any] = {_ACCESS: access}
    if access == _READ and engine.dialect.name == "postgresql":
        options["postgresql_readonly"] = True
    return engine.execution_options(**options)
