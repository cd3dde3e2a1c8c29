from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from hotline.errors import SchemaError
from hotline.store.engine import open_engine, read_transaction, write_transaction
from hotline.store.migrate import compared, downgrade, state_of, upgrade
from hotline.store.tables import METADATA


def test_head_equals_the_models(engine):
    with engine.connect() as connection:
        options = {"include_object": compared(engine.dialect.name), "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_states_from_empty_to_newer(empty_engine):
    assert state_of(empty_engine) == "empty"
    assert upgrade(empty_engine) is None
    assert state_of(empty_engine) == "current"
    assert upgrade(empty_engine) is None
    with write_transaction(empty_engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    assert state_of(empty_engine) == "newer"
    with pytest.raises(SchemaError):
        upgrade(empty_engine)


def test_down_leaves_nothing_and_up_again(engine):
    downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    assert state_of(engine) == "empty"
    upgrade(engine)
    assert state_of(engine) == "current"


def test_a_foreign_database_is_refused(empty_engine):
    with write_transaction(empty_engine) as session:
        session.execute(text("CREATE TABLE somebody_elses (id INTEGER)"))
    with pytest.raises(SchemaError):
        state_of(empty_engine)


def test_an_older_sqlite_file_is_copied_aside_with_its_data(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'hotline.db'}")
    upgrade(engine)
    with write_transaction(engine) as session:
        session.execute(text("INSERT INTO number_counter VALUES ('01', 2026, 7)"))
    downgrade(engine, "r0001")
    assert state_of(engine) == "older"
    copies = []
    for _ in range(2):
        copies.append(upgrade(engine))
        assert state_of(engine) == "current"
        downgrade(engine, "r0001")
    engine.dispose()
    assert [copy.name for copy in copies] == ["hotline.before-r0001.db", "hotline.before-r0001-2.db"]
    copied = open_engine(f"sqlite:///{copies[0]}")
    with read_transaction(copied) as session:
        assert session.execute(text("SELECT next FROM number_counter")).scalar() == 7
    assert state_of(copied) == "older"
    copied.dispose()


def test_statistics_of_an_older_file_are_made_anew(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'hotline.db'}")
    upgrade(engine)
    downgrade(engine, "r0019")
    with write_transaction(engine) as session:
        session.execute(text("ANALYZE"))
        session.execute(text("INSERT INTO number_counter VALUES ('01', 2026, 7)"))
        counted = text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'number_counter'")
        assert session.execute(counted).scalar() == 0
    upgrade(engine)
    with read_transaction(engine) as session:
        assert session.execute(counted).scalar() == 1
    engine.dispose()
