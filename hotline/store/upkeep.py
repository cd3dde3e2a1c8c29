"""What SQLite does for itself now and then inside a writing transaction, done by an import between its transactions.

The index of words merges what was added to it, 250 pages at a time, and the log is copied into the database by whoever
makes it long: either makes one transaction in ten last 50 to 80 ms longer. PostgreSQL copies its log in the background
and takes up words in portions (revision r0024).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, text

from hotline.store.dialect import is_postgresql
from hotline.store.engine import CHECKPOINT_PAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlmodel import Session

MERGED = 64
"""Pages of the index of words that are merged at once, which takes some milliseconds. A hundred complaints add ten."""
MOST_PAGES = 40_000
"""How long the log of an import grows at most (160 MB) where it is never copied whole."""
_SETTING = text("INSERT INTO search_words(search_words, rank) VALUES (:name, :value)")
_AUTOMERGE, _USUAL = "automerge", 4


@contextmanager
def merging_held(session: Session) -> Iterator[None]:
    """Add to the index of words without merging; whoever does this merges soon after.

    The setting belongs to the database: it is put back in the same transaction, so that nobody else ever sees it.
    """
    if is_postgresql(session):
        yield
        return
    session.execute(_SETTING, {"name": _AUTOMERGE, "value": 0})
    yield
    session.execute(_SETTING, {"name": _AUTOMERGE, "value": _USUAL})


def merge_words(session: Session) -> None:
    """Merge a little of the index of words; where there is nothing to merge, nothing is done."""
    if not is_postgresql(session):
        session.execute(_SETTING, {"name": "merge", "value": MERGED})


def leave_log(engine: Engine) -> None:
    """Let connections that are opened from now on leave the log to `copy_log`, as long as that keeps it short."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _leave_log)


def _leave_log(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection.
    connection.execute(f"PRAGMA wal_autocheckpoint={MOST_PAGES}")


def copy_log(engine: Engine) -> bool:
    """Copy SQLite's log into the database, while others may read and write; whether it has become long.

    Then it should be copied while nobody writes: only when all of it is copied does the next writer begin it anew.
    """
    if engine.dialect.name != "sqlite":
        return False
    held = engine.raw_connection()
    try:
        found = held.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
        _, pages, _ = found.fetchone()
    finally:
        held.close()
    return bool(pages >= CHECKPOINT_PAGES)
