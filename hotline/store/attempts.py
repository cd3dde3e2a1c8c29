"""Limits: attempts counted in fixed windows, for all workers together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.store.dialect import is_postgresql
from hotline.store.engine import write_transaction
from hotline.store.tables import RATE_WINDOW

if TYPE_CHECKING:
    from sqlalchemy import Engine, Executable
    from sqlmodel import Session


def count_attempt(engine: Engine, key: str, now: datetime, window: timedelta, *, times: int = 1) -> int:
    """Count an attempt (or several at once) in its fixed window, for all workers together; return how many there were.

    It has a short transaction of its own: the counter's lock is never held while a case is written. The key should
    hold a digest of a user name or address, not the value.
    """
    seconds = int(window.total_seconds())
    start = datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=UTC)
    with write_transaction(engine) as session:
        asked = {"key": key, "window_start": start, "times": times}
        return int(session.execute(_counting(is_postgresql(session)), asked).scalar_one())


@cache
def _counting(on_postgresql: bool) -> Executable:  # noqa: FBT001 - a cache's key.
    """The statement is kept: building it costs more than running it."""
    times = bindparam("times", type_=RATE_WINDOW.c.count.type)
    statement = (postgresql.insert if on_postgresql else sqlite.insert)(RATE_WINDOW)
    statement = statement.values(key=bindparam("key"), window_start=bindparam("window_start"), count=times)
    more = {"count": RATE_WINDOW.c.count + times}
    counted = statement.on_conflict_do_update(index_elements=["key", "window_start"], set_=more)
    return counted.returning(RATE_WINDOW.c.count)


def give_back_attempt(engine: Engine, key: str, now: datetime, window: timedelta) -> None:
    """Take one attempt off the current window: it was counted before it was known to be a good one."""
    seconds = int(window.total_seconds())
    start = datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=UTC)
    wanted = (RATE_WINDOW.c.key == key) & (RATE_WINDOW.c.window_start == start) & (RATE_WINDOW.c.count > 0)
    with write_transaction(engine) as session:
        session.execute(update(RATE_WINDOW).where(wanted).values(count=RATE_WINDOW.c.count - 1))


def attempts(session: Session, key: str, now: datetime, window: timedelta) -> int:
    """How many attempts the current window has, without counting one."""
    seconds = int(window.total_seconds())
    start = datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=UTC)
    wanted = (RATE_WINDOW.c.key == key) & (RATE_WINDOW.c.window_start == start)
    return int(session.execute(select(RATE_WINDOW.c.count).where(wanted)).scalar() or 0)


def forget_attempts(engine: Engine, key: str) -> None:
    """Start counting anew, after a login that succeeded."""
    with write_transaction(engine) as session:
        session.execute(delete(RATE_WINDOW).where(RATE_WINDOW.c.key == key))
