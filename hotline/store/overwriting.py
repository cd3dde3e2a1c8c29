"""What was deleted is not left in the database's files either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from hotline.store.dialect import is_postgresql

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

LOG_WAIT_MS = 2_000
"""How long whoever still reads the log is waited for; writers wait as long."""


def overwrite(session: Session) -> None:
    """Let SQLite write zeros over what is deleted in this unit of work, also in the search index."""
    if not is_postgresql(session):
        session.execute(text("PRAGMA secure_delete=ON"))


def tidy_search(session: Session) -> None:
    """Write the search index anew, so that no word of a deleted text stays; PostgreSQL's vacuum does it there."""
    if not is_postgresql(session):
        session.execute(text("INSERT INTO search_words(search_words) VALUES ('optimize')"))


def empty_log(engine: Engine) -> None:
    """Empty SQLite's log, where pages stand as they were before; while somebody reads them, the next run does it."""
    if engine.dialect.name != "sqlite":
        return
    held = engine.raw_connection()
    try:
        cursor = held.cursor()
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()  # The copying, beside everybody's work.
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={LOG_WAIT_MS}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        cursor.execute(f"PRAGMA busy_timeout={usual}")
    finally:
        held.close()
