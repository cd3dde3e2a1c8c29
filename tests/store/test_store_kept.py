"""Statements that go past SQLAlchemy give what it gives; the write lock is waited for, and not for ever."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from hotline.records import Office
from hotline.store import engine as engine_module
from hotline.store.dialect import is_postgresql
from hotline.store.engine import late_write_transaction, read_transaction, take_lock, write_transaction
from hotline.store.kept import ask, ask_alone, many, one_of_many
from hotline.store.offices import save_office
from hotline.store.tables import CHANNEL_TOKEN
from hotline.store.token_hash import hash_token
from hotline.store.tokens import add_token, revoke_token, token_at_door, token_of

AT = datetime(2026, 11, 22, 3, 4, 5, 678, tzinfo=UTC)
CHANNELS = ["12315", "12330'", '12"345']
STATEMENTS = {
    on_postgresql: select(CHANNEL_TOKEN.c.channel, CHANNEL_TOKEN.c.created_at, CHANNEL_TOKEN.c.revoked_at)
    .where(
        one_of_many(CHANNEL_TOKEN.c.channel, "channels", on_postgresql=on_postgresql),
        CHANNEL_TOKEN.c.office_id == "o",
        CHANNEL_TOKEN.c.created_at >= bindparam("since", type_=CHANNEL_TOKEN.c.created_at.type),
    )
    .order_by(CHANNEL_TOKEN.c.channel)
    for on_postgresql in (False, True)
}


@pytest.fixture
def tokens(engine):
    with write_transaction(engine) as session:
        save_office(session, Office("o", "某区办公室", "110102", "xicheng-2011", "1"), AT)
        return [
            add_token(session, token_hash=hash_token(each), channel=each, office_id="o", label="", at=AT)
            for each in CHANNELS
        ]


def test_rows_are_those_that_sqlalchemy_reads(engine, tokens):
    with read_transaction(engine) as session:
        statement = STATEMENTS[is_postgresql(session)]
        asked = {"channels": many(session, [*CHANNELS, "none"]), "since": AT}
        found = ask(session, statement, asked)
        assert found == [tuple(row) for row in session.execute(statement, asked)]
        assert [(row[0], row[1:]) for row in found] == [(each, (AT, None)) for each in sorted(CHANNELS)]
        assert ask(session, statement, asked | {"channels": many(session, [])}) == []
        assert token_of(session, hash_token(CHANNELS[1])) == tokens[1]
        assert token_of(session, "none") is None


def test_a_statement_by_itself_sees_what_was_committed_last(engine, tokens):
    hashed = hash_token(CHANNELS[1])
    assert token_at_door(engine, hashed) == tokens[1]
    with write_transaction(engine) as session:
        revoke_token(session, tokens[1].id, "o", AT)
        assert token_at_door(engine, hashed) == tokens[1]
    assert token_at_door(engine, hashed) is None
    assert token_at_door(engine, hash_token(CHANNELS[0])) == tokens[0]


def test_an_error_of_a_statement_by_itself_says_nothing_of_the_values_and_keeps_no_connection(engine):
    for _ in range(20):  # More than the pool holds.
        with pytest.raises(DBAPIError) as caught:
            ask_alone(engine, text("SELECT :secret FROM nowhere"), {"secret": "13900001111"})
        assert "13900001111" not in str(caught.value)


def test_an_error_says_nothing_of_the_values(engine):
    with (
        pytest.raises(DBAPIError) as caught,
        read_transaction(engine) as session,
    ):
        ask(session, text("SELECT :secret FROM nowhere"), {"secret": "13900001111"})
    assert "13900001111" not in str(caught.value)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("late", [False, True])
def test_a_lock_that_is_never_free_is_an_error_in_time(engine, monkeypatch, late):
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT_MS", 20)

    def write():
        with late_write_transaction(engine) if late else write_transaction(engine) as session:
            take_lock(session)

    with write_transaction(engine), pytest.raises(OperationalError, match="locked"):
        write()
    write()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_whoever_waits_gets_the_lock_when_it_is_free(engine):
    order, waiting = [], threading.Event()

    def second():
        waiting.set()
        with write_transaction(engine) as session:
            order.append("second")
            assert session.execute(text("PRAGMA busy_timeout")).scalar() == engine_module.BUSY_TIMEOUT_MS

    thread = threading.Thread(target=second)
    with write_transaction(engine):
        thread.start()
        waiting.wait(10)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
