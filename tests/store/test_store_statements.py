"""How statements reach the database: what is written out, what goes as one text, and which index answers."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import StatementError

from hotline.reports.cases import count_clocks
from hotline.reports.figure_words import ClockState
from hotline.reports.selection import Selection
from hotline.store import queue_heads, tallies
from hotline.store.clockstore import save_clocks
from hotline.store.dialect import insert_new, update_each
from hotline.store.engine import PARALLEL_SETUP_COST, read_transaction, write_transaction
from hotline.store.stale_clocks import count_stale, stale_cases
from hotline.store.tables import CLOCK, DIGEST_LINE
from hotline.vocabulary import OPEN_LEG_STATES, LegState
from tests.store.store_world import CLERK, NOW, OTHER_CLERK, SUPERVISOR, make_clock

MARK, OLDER, NEWER = "m5", "m4", "m6"
HOSTILE = ('"', "\\", "a\nb\tc", "{x,y}", "NULL", "", "' OR 1", "汉字“引号”", "\\u0041", "😀")


def line(number, **changes):
    values = dict.fromkeys(("notice_id", "clock_id", "case_id", "stage", "missed", "code"), "")
    return {"id": f"{number:03}", **values, "due_at": NOW, "at": NOW, "dedupe": f"d{number}", **changes}


def plans(engine, run):
    """The plans of what `run` asks of SQLite, a text for each statement."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        asked.append((statement, parameters))

    with read_transaction(engine) as session:
        event.listen(engine, "before_cursor_execute", note)
        try:
            run(session)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        connection = session.connection()
        return [str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", given).all()) for each, given in asked]


# ---- what is written out ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "given"),
    [
        (queue_heads._LEG_COUNTS, {"body", "due_at_1"}),
        (queue_heads._FIGURES[True], {"body", "now"}),
        (queue_heads._HEAD[True], {"body", "now", "due_at_1"}),
        (tallies._STATE_COUNTS, {"office"}),
        (tallies._OPEN_LEGS, {"body"}),
    ],
)
def test_counts_of_a_head_name_their_states_and_bounds(statement, given):
    """As parameters PostgreSQL would not look at them, and read a whole table for a state that nothing is in."""
    compiled = statement.compile(dialect=postgresql.dialect())
    assert set(compiled.params) == given
    assert "LIMIT 1000" in str(compiled)


def test_the_states_written_out_are_those_of_the_vocabulary():
    written = str(queue_heads._LEG_COUNTS.compile(dialect=postgresql.dialect()))
    for state in (LegState.QUEUED, LegState.RETURNED, *OPEN_LEG_STATES):
        assert f"'{state.value}'" in written


def test_helping_processes_are_left_to_long_statements(engine):
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has none")
    with read_transaction(engine) as session:
        assert session.execute(text("SHOW parallel_setup_cost")).scalar() == str(PARALLEL_SETUP_COST)


# ---- rows as one text ------------------------------------------------------------------------


def test_any_text_comes_back_as_it_was(engine):
    lines = [line(number, code=code, missed=code) for number, code in enumerate(HOSTILE)]
    with write_transaction(engine) as session:
        entered = insert_new(session, DIGEST_LINE, lines, returning=("id", "code"))
        again = insert_new(session, DIGEST_LINE, [*lines, line(99)], returning=("id",))
    assert {row.id: row.code for row in entered} == {each["id"]: each["code"] for each in lines}
    assert [row.id for row in again] == ["099"]


def test_each_row_is_updated_by_its_key(engine):
    with write_transaction(engine) as session:
        insert_new(session, DIGEST_LINE, [line(1), line(2), line(3)], returning=("id",))
        moved = [
            {"id": "001", "code": HOSTILE[0], "due_at": NOW + timedelta(microseconds=1)},
            {"id": "003", "code": HOSTILE[1], "due_at": NOW.astimezone() + timedelta(days=1)},
        ]
        update_each(session, DIGEST_LINE, moved, key="id")
        found = session.execute(select(DIGEST_LINE.c.id, DIGEST_LINE.c.code, DIGEST_LINE.c.due_at)).all()
    assert sorted(map(tuple, found)) == [
        ("001", HOSTILE[0], NOW + timedelta(microseconds=1)),
        ("002", "", NOW),
        ("003", HOSTILE[1], NOW + timedelta(days=1)),
    ]


@pytest.mark.parametrize("value", [datetime(2026, 11, 21, 9), object()])  # noqa: DTZ001 - what is to be refused.
def test_what_is_no_time_with_an_offset_is_refused(engine, value):
    with pytest.raises((ValueError, TypeError, StatementError)), write_transaction(engine) as session:
        insert_new(session, DIGEST_LINE, [line(1, due_at=value)], returning=("id",))


# ---- which index answers ---------------------------------------------------------------------


@pytest.fixture
def marked(world):
    """Ten cases with two clocks each, by three marks: the second older, the third newer, the others up to date."""
    cases = []
    for number in range(10):
        case = world.case(f"2026-11000{number}-1")
        clocks = (make_clock(case), make_clock(case, policy="H-RESOLVE"))
        with write_transaction(world.engine) as session:
            save_clocks(session, case.case_id, clocks, (1, {1: OLDER, 2: NEWER}.get(number, MARK)))
        cases.append(case.case_id)
    if world.engine.dialect.name == "sqlite":
        with write_transaction(world.engine) as session:
            session.execute(text("ANALYZE"))
    return cases


def test_stale_cases_are_those_with_another_mark(world, marked):
    with read_transaction(world.engine) as session:
        stale = stale_cases(session, "xicheng", MARK, but=(), limit=200)
        assert set(stale) == {marked[1], marked[2]}
        assert len(stale) == 2
        assert len(stale_cases(session, "xicheng", MARK, but=(), limit=1)) == 1
        assert stale_cases(session, "xicheng", MARK, but=(marked[1],), limit=200) == (marked[2],)
        assert stale_cases(session, "baodi", MARK, but=(), limit=200) == ()
        assert count_stale(session, "xicheng", MARK) == 2
        assert count_stale(session, "xicheng", OLDER) == 9
        assert count_stale(session, "baodi", MARK) == 0


def test_a_stopped_clock_is_not_stale(world, marked):
    with write_transaction(world.engine) as session:
        session.execute(CLOCK.update().where(CLOCK.c.case_id == marked[1]).values(stopped_at=NOW))
    with read_transaction(world.engine) as session:
        assert stale_cases(session, "xicheng", MARK, but=(), limit=200) == (marked[2],)
        assert count_stale(session, "xicheng", MARK) == 1


@pytest.mark.usefixtures("marked")
def test_up_to_date_clocks_are_passed_by(world):
    if world.engine.dialect.name != "sqlite":
        pytest.skip("the plan of PostgreSQL follows statistics that a small table has not")
    for ask in (
        lambda session: stale_cases(session, "xicheng", MARK, but=("x",), limit=200),
        lambda session: count_stale(session, "xicheng", MARK),
    ):
        (plan,) = plans(world.engine, ask)
        assert "ix_clock_rules (office_id=? AND rules<?)" in plan
        assert "ix_clock_rules (office_id=? AND rules>?)" in plan
        assert "ix_clock_open" not in plan


@pytest.mark.usefixtures("marked")
def test_clocks_of_a_list_are_counted_by_who_asks(world):
    chosen = Selection(clock=ClockState.RUNNING, policy="H-RESOLVE")
    with read_transaction(world.engine) as session:
        assert count_clocks(session, SUPERVISOR, chosen, NOW) == 10
        assert count_clocks(session, SUPERVISOR, Selection(clock=ClockState.RUNNING, category="copyright"), NOW) == 20
        assert count_clocks(session, SUPERVISOR, Selection(clock=ClockState.RUNNING, category="other"), NOW) == 0
        assert count_clocks(session, CLERK, chosen, NOW) == 10
        assert count_clocks(session, OTHER_CLERK, chosen, NOW) == 0
    if world.engine.dialect.name == "sqlite":
        (plan,) = plans(world.engine, lambda session: count_clocks(session, SUPERVISOR, chosen, NOW))
        assert "COVERING INDEX ix_clock_cube (office_id=? AND policy=?)" in plan
