"""Bringing a database up to date before anybody uses it, or refusing the installation."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DatabaseError

from hotline.casework.calendar_years import load_with_years
from hotline.errors import KeyringError, SchemaError
from hotline.moments import utc_now
from hotline.records import Actor
from hotline.reports.rebuilding import needs_rebuild, rebuild
from hotline.routing.directory_file import load_directory
from hotline.rulebooks import shipped_files
from hotline.store.casestore import CaseStore
from hotline.store.crypto import load_keyring
from hotline.store.engine import open_engine, read_transaction, write_transaction
from hotline.store.keycheck import has_keys, remember_keyring
from hotline.store.migrate import state_of, upgrade
from hotline.store.new_keys import create_keyring
from hotline.store.offices import BodyLine, save_bodies
from hotline.store.plan_adopting import load_shipped
from hotline.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from hotline.settings import Settings
    from hotline.store.crypto import Keyring
    from hotline.store.migrate import State

PROGRAM = Actor("program", Role.SYSTEM, "")
"""Who loads what travels with the program."""


@contextmanager
def open_store(settings: Settings) -> Iterator[Engine]:
    """An engine on the configured database, brought up to date where that is allowed, closed at the end.

    Raises:
        SchemaError, KeyringError: The database or the keys may not be used.
    """
    prepare_store(settings)
    engine = open_engine(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def prepare_store(settings: Settings) -> None:
    """Create an empty database with its keys; copy aside and migrate an older SQLite one; refuse the rest.

    The plans that travel with the program become version 1 where the database has none of that name.

    Raises:
        SchemaError: An older PostgreSQL database (`hotline migrate` first) or one newer than this program.
        KeyringError: Keys are missing or do not fit the data.
    """
    if settings.sqlite_path is not None:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database_url)
    try:
        state = schema_state(engine)
        if state == "newer":
            message = "数据库由更新版本的程序建立，本版本不能使用。请升级程序。"
            raise SchemaError(message)
        if state == "older" and settings.sqlite_path is None:
            message = "数据库结构较旧。请先停机备份，再运行 hotline migrate。"
            raise SchemaError(message)
        keyring = _keys(settings, engine, fresh=state == "empty")
        if state != "current":
            upgrade(engine)
        with write_transaction(engine) as session:
            remember_keyring(session, keyring)
            save_bodies(session, directory_bodies())
            load_shipped(CaseStore(session, keyring), shipped_files(), by=PROGRAM, now=utc_now())
            uncounted = needs_rebuild(session)
        if uncounted:
            rebuild(engine, load_with_years(settings.calendar_years))
    finally:
        engine.dispose()


def directory_bodies() -> Iterator[BodyLine]:
    """The shipped directory as the store keeps it."""
    for body in load_directory().bodies.values():
        yield BodyLine(body.id, body.name, body.region, body.type.value, body.since, body.until)


def migrate_store(settings: Settings) -> Path | None:
    """Bring a database up to date because somebody asked for it; return the copy made of an older SQLite file.

    Raises:
        SchemaError: The database is newer than this program.
    """
    if settings.sqlite_path is not None:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database_url)
    try:
        state = schema_state(engine)
        copy = upgrade(engine) if state == "older" else None
    finally:
        engine.dispose()
    prepare_store(settings)
    return copy


def schema_state(engine: Engine) -> State:
    """The state of the schema.

    Raises:
        SchemaError: The database cannot be opened, or the file is none.
    """
    try:
        return state_of(engine)
    except DatabaseError:
        message = "数据库打不开，或者文件不是数据库。请核对 HOTLINE_VAR、HOTLINE_DATABASE_URL 和磁盘，或从备份恢复。"
        # The error's own text may hold the address with its password.
        raise SchemaError(message) from None


def _keys(settings: Settings, engine: Engine, *, fresh: bool) -> Keyring:
    used = False
    if not fresh:
        with read_transaction(engine) as session:
            used = has_keys(session)
    if not settings.keys.exists() or not any(settings.keys.iterdir()):
        if used:
            message = f"密钥目录 {settings.keys} 是空的，而数据库里有加密数据。请从备份恢复密钥后再启动。"
            raise KeyringError(message)
        return create_keyring(settings.keys, settings.cipher)
    return load_keyring(settings.keys, settings.cipher)
