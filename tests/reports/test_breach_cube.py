"""Every count of the cube against a naive recount, and against the list that it opens; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from sqlalchemy import event

from hotline.moments import local_date
from hotline.reports.breaches import SIDES, Side, breach_cube
from hotline.reports.cases import case_page, clocks_behind, count_cases, count_clocks, every_case
from hotline.reports.figure_words import ClockState
from hotline.reports.selection import Selection
from hotline.store.casestore import CaseStore
from hotline.store.clockstore import clocks_of
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.queries import overdue_counts
from hotline.store.tally_folding import fold_changes
from hotline.vocabulary import Kind
from tests.store.store_world import NEIGHBOUR, NOW, SUPERVISOR

FACT_OF = {Side.BODY: 1, Side.CATEGORY: 2, Side.CHANNEL: 3, Side.POLICY: 4}
GROUPINGS = [group for size in range(len(SIDES) + 1) for group in combinations(SIDES, size)]


def naive(facts, cell, by, state):
    wanted = {side: getattr(cell.selection, str(side)) for side in by}
    return sum(fact[5] is state and all(fact[FACT_OF[s]] == v for s, v in wanted.items()) for fact in facts)


@pytest.mark.parametrize("by", GROUPINGS, ids=lambda by: "×".join(by) or "total")
def test_every_count_equals_the_recount_and_its_list(by, session, facts):
    cells = breach_cube(session, "xicheng", Selection(), NOW, by=by)
    keys = {tuple(fact[FACT_OF[side]] for side in by) for fact in facts}
    assert {tuple(getattr(cell.selection, str(side)) for side in by) for cell in cells} == keys
    for cell in cells:
        for state in ClockState:
            chosen = cell.selection.with_clock(state)
            listed = list(every_case(session, SUPERVISOR, chosen, NOW))
            behind = clocks_behind(session, [line.case_id for line in listed], chosen, NOW)
            shown = sum(len(clocks) for clocks in behind.values())
            assert cell.count(state) == naive(facts, cell, by, state) == shown, (cell, state)
            assert shown == count_clocks(session, SUPERVISOR, chosen, NOW)


def test_every_state_occurs_so_that_the_recount_says_something(facts):
    assert {fact[5] for fact in facts} == set(ClockState)


def test_a_case_with_two_such_clocks_is_one_case_and_two_clocks(session):
    total = breach_cube(session, "xicheng", Selection(), NOW, by=())[0]
    assert total.count(ClockState.OVERDUE) == 6
    assert overdue_counts(session, "xicheng", NOW).total.overdue == 4


@pytest.mark.parametrize("by", [(), (Side.BODY,), SIDES], ids=len)
def test_folded_or_not_the_summary_says_the_same(world, by):
    with read_transaction(world.engine) as session:
        before = breach_cube(session, "xicheng", Selection(), NOW, by=by)
    with write_transaction(world.engine) as session:
        assert fold_changes(session) > 0
        assert fold_changes(session) == 0
    with read_transaction(world.engine) as session:
        assert breach_cube(session, "xicheng", Selection(), NOW, by=by) == before
        # The kind stands in no summary: the same clocks are then counted one by one.
        slow = breach_cube(session, "xicheng", Selection(kind=Kind.DISPUTE), NOW, by=by)
        assert [cell.counts for cell in slow] == [cell.counts for cell in before]


def test_a_permission_window_is_no_deadline(session):
    policies = {cell.selection.policy for cell in breach_cube(session, "xicheng", Selection(), NOW)}
    assert "H-RETURN" not in policies
    assert count_cases(session, SUPERVISOR, Selection(policy="H-RETURN"), NOW) == 0


def test_the_period_is_the_clocks_start(session):
    started = local_date(NOW - timedelta(hours=2))
    chosen = Selection(since=started, until=started)
    assert breach_cube(session, "xicheng", chosen, NOW, by=())[0].count(ClockState.OVERDUE) == 6
    before = replace(chosen, since=started - timedelta(days=9), until=started - timedelta(days=1))
    assert breach_cube(session, "xicheng", before, NOW) == ()


def test_narrowing_narrows(session, facts):
    cells = breach_cube(session, "xicheng", Selection(channel="12315", body="body-a"), NOW)
    assert {(cell.selection.channel, cell.selection.body) for cell in cells} == {("12315", "body-a")}
    assert breach_cube(session, "xicheng", Selection(category="medicine"), NOW) == ()


def test_another_office_sees_only_its_own(session):
    chosen = Selection(clock=ClockState.OVERDUE)
    assert [line.number for line in every_case(session, NEIGHBOUR, chosen, NOW)] == ["2026-120001-1"]
    assert "2026-120001-1" not in {line.number for line in every_case(session, SUPERVISOR, Selection(), NOW)}


def test_open_clocks_are_listed_by_deadline_and_pages_join(session):
    chosen = Selection(clock=ClockState.OVERDUE)
    whole = [line.case_id for line in every_case(session, SUPERVISOR, chosen, NOW)]
    found, after = [], None
    while True:
        page = case_page(session, SUPERVISOR, chosen, NOW, after=after, limit=1)
        found += [line.case_id for line in page.lines]
        after = page.next
        if after is None:
            break
    assert found == whole
    assert len(set(found)) == 4
    dues = [line.due_at for line in every_case(session, SUPERVISOR, chosen, NOW)]
    assert dues == sorted(dues)


def test_the_clocks_behind_a_list_are_those_that_were_asked_for(session):
    chosen = Selection(clock=ClockState.OVERDUE, policy="C-ACCEPT")
    line = next(iter(every_case(session, SUPERVISOR, chosen, NOW)))
    assert [clock.policy for clock in clocks_behind(session, [line.case_id], chosen, NOW)[line.case_id]] == ["C-ACCEPT"]
    running = clocks_behind(session, [line.case_id], Selection(), NOW)[line.case_id]
    assert {clock.policy for clock in running} == {"C-ACCEPT", "H-SIGN"}


def test_the_last_moment_is_in_time_and_the_first_of_the_warning_is_soon(world):
    last = {"due": timedelta(0)}
    first = {"due": timedelta(hours=1), "warn": timedelta(0), "policy": "C-ACCEPT"}
    world.case("2026-110099-9", clocks=[last, first], channel="12390")
    moment = timedelta(microseconds=1)
    for now, wanted in ((NOW - moment, (0, 1, 1)), (NOW, (0, 2, 0)), (NOW + moment, (1, 1, 0))):
        with read_transaction(world.engine) as session:
            cell = breach_cube(session, "xicheng", Selection(channel="12390"), now, by=())[0]
            slow = breach_cube(session, "xicheng", Selection(channel="12390", kind=Kind.DISPUTE), now, by=())[0]
        states = (ClockState.OVERDUE, ClockState.DUE_SOON, ClockState.RUNNING)
        assert tuple(cell.count(state) for state in states) == wanted
        assert cell.counts == slow.counts


def test_a_case_of_another_category_takes_its_open_clocks_along(world):
    moved = replace(world.snapshots[0], category="medicine")
    with write_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        store.save_case(moved)
        store.save_clocks(moved.case_id, moved.office_id, clocks_of(session, moved.case_id))
    with read_transaction(world.engine) as session:
        cells = breach_cube(session, "xicheng", Selection(), NOW, by=(Side.CATEGORY,))
        # The kind makes it read the cases themselves.
        slow = breach_cube(session, "xicheng", Selection(kind=Kind.DISPUTE), NOW, by=(Side.CATEGORY,))
        one = breach_cube(session, "xicheng", Selection(category="medicine", channel="12330"), NOW, by=())
    assert {cell.selection.category: cell.count(ClockState.OVERDUE) for cell in cells}["medicine"] == 1
    assert [cell.counts for cell in cells] == [cell.counts for cell in slow]
    assert sum(one[0].counts.values()) == 1


def test_open_clocks_are_counted_from_their_index_alone(session, facts):
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("the plan of PostgreSQL follows statistics that a small table has not")
    asked = []
    engine = session.get_bind().engine

    def note(_connection, _cursor, statement, parameters, *_rest):
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        breach_cube(session, "xicheng", Selection(), NOW, by=(Side.BODY, Side.POLICY, Side.CAUSE))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    (counting,) = [each for each in asked if "FROM clock" in each[0]]
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {counting[0]}", counting[1]).all()
    assert any("USING COVERING INDEX ix_clock_cube" in step[3] for step in plan), plan
