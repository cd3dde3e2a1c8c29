"""The schema's revision: what state a database is in, and bringing it to the one this program serves."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select, text

from hotline.errors import SchemaError
from hotline.store.dialect import MIGRATION_LOCK
from hotline.store.engine import read_transaction, write_transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

State: TypeAlias = Literal["empty", "current", "older", "newer"]

_FOLDER = Path(__file__).parent / "migrations"
_FULL_TEXT = "search_words"
_VOCABULARY = "search_vocabulary"


def state_of(engine: Engine) -> State:
    """Whether the database is empty, or its schema the current one, an older or a newer one.

    Raises:
        SchemaError: It holds tables that are not ours.
    """
    with read_transaction(engine) as session:
        return _state(session.connection())


def upgrade(engine: Engine) -> Path | None:
    """Create or migrate the schema; return the copy that was made of an older SQLite file, else None.

    One process at a time does it, and another that waited finds nothing left to do.

    Raises:
        SchemaError: The schema is newer than this program, or the tables are not ours.
    """
    copy: Path | None = None
    if state_of(engine) == "older" and engine.dialect.name == "sqlite":
        copy = _copy_aside(engine)
    with write_transaction(engine) as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        state = _state(connection)
        if state == "newer":
            message = "数据库是更新版本的程序建立的。请升级本程序，或恢复升级前的备份。"
            raise SchemaError(message)
        if state != "current":
            command.upgrade(_config(connection), "head")
            _count_again(connection)
    return copy


def _count_again(connection: Connection) -> None:
    """Where SQLite's statistics were ever made, make them anew: beside those of the old, a new index looks small."""
    if connection.dialect.name == "sqlite" and inspect(connection).has_table("sqlite_stat1"):
        connection.execute(text("ANALYZE"))


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back, for tests and for people who know what they lose."""
    with write_transaction(engine) as session:
        command.downgrade(_config(session.connection()), revision)


def compared(dialect: str) -> Callable[..., bool]:
    """What the comparison of models and database looks at: the full-text index is made by hand in the revisions."""

    def wanted(_item: object, name: str | None, kind: str, _reflected: object, _other: object) -> bool:
        if kind == "index" and name == "ix_search_doc_words":
            return dialect == "postgresql"
        return not (kind == "table" and (name or "").startswith((_FULL_TEXT, _VOCABULARY)))

    return wanted


def _state(connection: Connection) -> State:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
        if tables:
            message = "数据库里有不属于本系统的表。请换一个空数据库，或核对 HOTLINE_DATABASE_URL。"
            raise SchemaError(message)
        return "empty"
    script = ScriptDirectory.from_config(_config(connection))
    if revision == script.get_current_head():
        return "current"
    return "older" if revision in {known.revision for known in script.walk_revisions()} else "newer"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _copy_aside(engine: Engine) -> Path:
    """Copy the file, with what still stands in its WAL, beside itself under a name that is free."""
    source = Path(str(engine.url.database))
    with read_transaction(engine) as session:
        revision = MigrationContext.configure(session.connection()).get_current_revision()
    target = source.with_name(f"{source.stem}.before-{revision}{source.suffix}")
    number = 1
    while target.exists():
        number += 1
        target = source.with_name(f"{source.stem}.before-{revision}-{number}{source.suffix}")
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    target.chmod(0o600)
    return target
