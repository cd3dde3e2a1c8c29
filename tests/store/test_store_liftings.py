"""What waits for a second person to lift its protection: found by its own small index, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, update

from hotline.store.engine import read_transaction, write_transaction
from hotline.store.liftings import lift_count, liftings
from hotline.store.tables import CASE
from tests.store.store_world import NOW

ONE, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def opened(world):
    """A case that these accounts opened: `opened(ONE, closed=True)` is its id."""

    def make(*who, office_id="xicheng", closed=False, days=0):
        number = f"2026-11000{len(made)}-1"
        made.append(world.case(number, legs=(), office_id=office_id).case_id)
        values = {"opened_by": " ".join(who), "received_at": NOW - timedelta(days=days)}
        with write_transaction(world.engine) as session:
            changed = update(CASE).where(CASE.c.id == made[-1])
            session.execute(changed.values(**values | ({"closed_at": NOW} if closed else {})))
        return made[-1]

    made = []
    return make


def test_what_others_have_opened_is_counted_and_everything_listed(world, opened):
    opened()
    others, own, both = opened(OTHER), opened(ONE, days=3), opened(ONE, OTHER, days=2)
    ended = [opened(OTHER, closed=True, days=day) for day in (5, 4)]
    opened(OTHER, office_id="baodi")
    with read_transaction(world.engine) as session:
        assert [lift_count(session, "xicheng", who) for who in (ONE, OTHER, "c" * 32)] == [1, 1, 3]
        lines = liftings(session, "xicheng", closed=False)
        assert [line.case_id for line in lines] == [own, both, others], "the oldest first"
        assert [line.opener_ids for line in lines] == [{ONE}, {ONE, OTHER}, {OTHER}]
        assert lines[0].openers == (ONE,), "an account that is gone stands by its id"
        assert [line.case_id for line in liftings(session, "xicheng", closed=True)] == ended[::-1]


def test_sqlite_reads_only_the_cases_that_wait(world, opened):
    if world.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by the size of the table")
    opened(OTHER)
    asked = []
    event.listen(world.engine, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
    with read_transaction(world.engine) as session:
        lift_count(session, "xicheng", ONE)
        (count,) = [each for each in asked if "count" in each[0]]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {count[0]}", count[1]).all()
    assert any("ix_case_opened" in str(row) for row in plan), plan
