"""What SQLite would do inside a writing transaction is done between them, and nothing else changes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import event, insert, text

from hotline.store import upkeep
from hotline.store.engine import late_write_transaction, read_transaction, take_lock, write_transaction
from hotline.store.tables import SEARCH_DOC
from hotline.store.upkeep import copy_log, leave_log, merge_words, merging_held

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
BATCHES = 12
SMALL_PAGES = "INSERT INTO search_words(search_words, rank) VALUES ('pgsz', 64)"
SEGMENTS = "SELECT count(DISTINCT segid) FROM search_words_idx"
AUTOMERGE = "SELECT v FROM search_words_config WHERE k = 'automerge'"


@pytest.fixture
def words_only(engine):
    """Words may stand without their complaint."""
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))
    engine.dispose()


def ask(engine, statement):
    with read_transaction(engine) as session:
        return session.execute(text(statement)).scalar()


def add_words(session, number):
    chance = random.Random(number)  # noqa: S311 - words of a test, no secret.
    words = tuple(f"{chance.randrange(10**9):x}" for _ in range(300))
    session.execute(insert(SEARCH_DOC), [{"complaint_id": f"c{number}", "office_id": "o", "words": words}])


def fail(engine):
    """A batch that fails when all of it is written."""
    with late_write_transaction(engine) as session:
        take_lock(session)
        with merging_held(session):
            add_words(session, 99)
            raise ZeroDivisionError


@on_sqlite
@pytest.mark.usefixtures("words_only")
def test_words_are_merged_only_between_the_batches(engine):
    with write_transaction(engine) as session:
        session.execute(text(SMALL_PAGES))  # So that a few words are many pages.
    for number in range(BATCHES):
        with write_transaction(engine) as session, merging_held(session):
            add_words(session, number)
    assert ask(engine, SEGMENTS) == BATCHES
    assert ask(engine, AUTOMERGE) == 4
    for number in range(40):
        with write_transaction(engine) as session:
            merge_words(session)
        if number == 0:
            assert ask(engine, SEGMENTS) > BATCHES, "one call only begins to merge"
    assert ask(engine, SEGMENTS) < BATCHES / 2


@on_sqlite
@pytest.mark.usefixtures("words_only")
def test_a_batch_that_fails_leaves_merging_as_it_was(engine):
    with write_transaction(engine) as session:
        session.execute(text(SMALL_PAGES))
    with pytest.raises(ZeroDivisionError):
        fail(engine)
    for number in range(BATCHES):
        with write_transaction(engine) as session:
            add_words(session, number)
    assert ask(engine, SEGMENTS) < BATCHES


@on_postgresql
def test_postgresql_needs_none_of_this(engine):
    leave_log(engine)
    with write_transaction(engine) as session, merging_held(session):
        merge_words(session)
    assert copy_log(engine) is False


@on_sqlite
@pytest.mark.usefixtures("words_only")
def test_a_long_log_is_told_and_begins_anew_though_others_are_at_work(engine, monkeypatch):
    monkeypatch.setattr(upkeep, "CHECKPOINT_PAGES", 8)
    log = Path(f"{engine.url.database}-wal")
    with write_transaction(engine) as session:
        add_words(session, 0)
    with late_write_transaction(engine) as waiting:
        # Has read, and works out what it will write: its view must not hold the log.
        assert waiting.execute(text("SELECT count(*) FROM search_doc")).scalar() == 1
        with write_transaction(engine) as session:
            add_words(session, 1)
        assert copy_log(engine) is True
        longest = log.stat().st_size
        with write_transaction(engine) as session:
            add_words(session, 2)
        assert log.stat().st_size == longest


@on_sqlite
@pytest.mark.usefixtures("words_only")
def test_nobody_writes_before_the_lock_is_taken(engine):
    with pytest.raises(RuntimeError, match="before it took the lock"), late_write_transaction(engine) as session:
        add_words(session, 0)
    with late_write_transaction(engine) as session:
        add_words(session, 1)
        with pytest.raises(RuntimeError, match="before it took the lock"):
            take_lock(session)
        session.info.clear()
    before = ask(engine, "SELECT count(*) FROM search_doc")
    with late_write_transaction(engine) as session:
        take_lock(session)
        add_words(session, 2)
    with pytest.raises(ZeroDivisionError):
        fail(engine)
    assert ask(engine, "SELECT count(*) FROM search_doc") == before + 1


@on_sqlite
def test_a_process_of_an_import_copies_the_log_itself(engine):
    leave_log(engine)
    engine.dispose()
    assert ask(engine, "PRAGMA wal_autocheckpoint") == upkeep.MOST_PAGES


@on_postgresql
def test_postgresql_takes_up_words_in_small_portions(engine):
    found = ask(engine, "SELECT reloptions::text FROM pg_class WHERE relname = 'ix_search_doc_words'")
    assert found == "{gin_pending_list_limit=128}"
