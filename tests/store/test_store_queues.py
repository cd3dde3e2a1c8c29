"""A body's queue, open requests and logins, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.errors import InvalidInputError
from hotline.records import NewEvent
from hotline.store import queue_heads
from hotline.store.account_changes import create_account
from hotline.store.casestore import CaseStore
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.login_sessions import login_account, open_login
from hotline.store.logins import HANDLE, end_login, open_logins
from hotline.store.open_clocks import open_clocks
from hotline.store.queue_heads import body_figures, queue_counts
from hotline.store.queue_tabs import Tab
from hotline.store.queues import legs_in, queue
from hotline.store.to_decide import cases_to_rule, cases_with_requests
from hotline.store.token_hash import hash_token
from hotline.vocabulary import Action, CaseState, LegRole, LegState, Role
from tests.store.store_world import CLERK, NEIGHBOUR, NOW, OTHER_CLERK, SUPERVISOR, make_clock

HOUR = timedelta(hours=1)


def save(world, snapshot, clocks=()):
    with write_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        store.save_case(snapshot)
        store.save_clocks(snapshot.case_id, snapshot.office_id, clocks)


def leg_state(snapshot, state, closed_at=None):
    return replace(snapshot, legs=(replace(snapshot.legs[0], state=state, closed_at=closed_at),))


@pytest.fixture
def session(world):
    with read_transaction(world.engine) as opened:
        yield opened


def test_the_case_clock_of_its_body_orders_the_open_leg(world):
    snapshot = world.case(legs=(("body-a", LegRole.LEAD), ("body-b", LegRole.CO)))
    own, of_case = make_clock(snapshot, due=5 * HOUR), make_clock(snapshot, due=HOUR, leg=None, policy="H-RESOLVE")
    save(world, snapshot, (own, replace(of_case, body_id="body-a")))
    with read_transaction(world.engine) as session:
        lead, co = queue(session, "body-a", Tab.OPEN, NOW).lines[0], queue(session, "body-b", Tab.OPEN, NOW).lines[0]
        clocks = open_clocks(session, "body-a", [snapshot.case_id])[snapshot.case_id]
    assert lead.due_at == NOW + HOUR
    assert co.due_at is None
    assert [clock.policy for clock in clocks] == ["H-RESOLVE", "H-SIGN"]
    closed = leg_state(snapshot, LegState.RETURNED, NOW)
    save(world, replace(closed, legs=(closed.legs[0], snapshot.legs[1])), (replace(of_case, body_id="body-a"),))
    with read_transaction(world.engine) as session:
        assert queue(session, "body-a", Tab.RETURNED, NOW).lines[0].due_at is None


def test_every_tab_and_its_count(world):
    for number, (state, closed) in enumerate(
        (
            (LegState.QUEUED, None),
            (LegState.SIGNED, None),
            (LegState.FILED, None),
            (LegState.RETURNED, NOW),
            (LegState.RESOLVED, NOW - HOUR),
            (LegState.WAIVED, NOW),
        )
    ):
        made = world.case(f"2026-11000{number}-1")
        save(world, leg_state(made, state, closed), [make_clock(made)] if state is LegState.RESOLVED else ())
    with read_transaction(world.engine) as session:
        counts = queue_counts(session, "body-a")
        for tab in counts:
            assert len(queue(session, "body-a", tab, NOW).lines) == counts[tab], tab
        done = queue(session, "body-a", Tab.DONE, NOW).lines
        assert queue_counts(session, "body-c") == dict.fromkeys(counts, 0)
    assert counts == {Tab.OPEN: 3, Tab.UNSIGNED: 1, Tab.WORKING: 2, Tab.OWED: 1, Tab.RETURNED: 1, Tab.DONE: 2}
    assert [line.state for line in done] == ["waived", "resolved"]


def test_figures_of_a_body_count_cases(world):
    world.case("2026-110001-1", clocks=[{"due": -HOUR}, {"due": -HOUR, "policy": "C-ACCEPT"}])
    world.case("2026-110002-1", clocks=[{"due": HOUR, "warn": -HOUR}])
    world.case("2026-110003-1", clocks=[{"due": -HOUR, "stopped": NOW}])
    with read_transaction(world.engine) as session:
        figures = body_figures(session, "body-a", NOW)
        late = queue(session, "body-a", Tab.OVERDUE, NOW).lines
        soon = queue(session, "body-a", Tab.DUE_SOON, NOW).lines
        assert queue(session, "body-b", Tab.OVERDUE, NOW).lines == ()
    assert (figures.overdue, figures.due_soon) == (1, 1)
    assert [line.number for line in late] == ["2026-110001-1"]
    assert [line.number for line in soon] == ["2026-110002-1"]


def test_legs_come_in_the_order_of_the_cases_asked_for(world):
    first, second = world.case("2026-110001-1"), world.case("2026-110002-1")
    with read_transaction(world.engine) as session:
        wanted = [second.case_id, first.case_id]
        assert [line.case_id for line in legs_in(session, "body-a", wanted)] == wanted
        assert legs_in(session, "body-b", wanted) == ()


def test_a_broken_cursor_is_refused(session):
    with pytest.raises(InvalidInputError):
        queue(session, "body-a", Tab.OPEN, NOW, after="x")


def append(world, snapshot, *actions):
    with write_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        seq = len(store.events(snapshot.case_id))
        news = [NewEvent(action, {"request_id": str(n)}) for n, action in enumerate(actions)]
        store.append(snapshot.case_id, news, expected_seq=seq, actor=CLERK, at=NOW, recorded_at=NOW)


def test_requests_without_an_answer_are_found_by_those_who_may_see_the_case(world):
    waiting, answered = world.case("2026-110001-1"), world.case("2026-110002-1")
    append(world, waiting, Action.REQUEST_EXTEND, Action.EXTEND, Action.REQUEST_EXTEND)
    append(world, answered, Action.REQUEST_EXTEND, Action.REFUSE_EXTEND)
    with read_transaction(world.engine) as session:
        found = {
            who.account_id: cases_with_requests(session, who) for who in (SUPERVISOR, CLERK, OTHER_CLERK, NEIGHBOUR)
        }
    assert found == {"su1": (waiting.case_id,), "cl1": (waiting.case_id,), "cl2": (), "op2": ()}


def test_disputes_after_two_returns_wait_for_a_ruling(world):
    twice, once = world.case("2026-110001-1"), world.case("2026-110002-1")
    save(world, replace(twice, state=CaseState.DISPUTED, returns=2))
    save(world, replace(once, state=CaseState.DISPUTED, returns=1))
    with read_transaction(world.engine) as session:
        assert cases_to_rule(session, SUPERVISOR, 2) == (twice.case_id,)
        assert cases_to_rule(session, NEIGHBOUR, 2) == ()


def test_only_the_offices_logins_are_seen_and_ended(world):
    with write_transaction(world.engine) as session:
        for office in ("xicheng", "baodi"):
            made = create_account(
                session,
                username=office,
                display_name=office,
                password_hash="x",
                role=Role.OPERATOR,
                office_id=office,
                body_id=None,
                at=NOW,
            )
            open_login(session, made.id, hash_token(office), NOW, HOUR)
    theirs = hash_token("baodi")[:HANDLE]
    with write_transaction(world.engine) as session:
        (line,) = open_logins(session, "xicheng", NOW)
        assert line.username == "xicheng"
        assert open_logins(session, "xicheng", NOW + 2 * HOUR) == ()
        assert end_login(session, "xicheng", theirs, NOW) is None
        assert end_login(session, "xicheng", "", NOW) is None
        assert end_login(session, "xicheng", line.handle, NOW) == line.account_id
        assert end_login(session, "xicheng", line.handle, NOW) is None
        assert login_account(session, hash_token("xicheng"), NOW) is None
        assert login_account(session, hash_token("baodi"), NOW) is not None


@pytest.mark.parametrize(("many", "few", "wanted"), [(1, 1, 1), (2, 2, 2), (4, 1, 3), (9, 9, 3)])
def test_counting_few_clocks_first_counts_the_same(world, monkeypatch, many, few, wanted):
    monkeypatch.setattr(queue_heads, "MANY", many)
    monkeypatch.setattr(queue_heads, "FEW_CLOCKS", few)
    for number in range(3):
        made = world.case(f"2026-12000{number}-1")
        late = [make_clock(made, due=-(3 * number + hours) * HOUR, policy=f"P-{hours}") for hours in (1, 2, 3)]
        save(world, made, late)
    counted = select(queue_heads._in_two_steps(queue_heads.OVERDUE), queue_heads._overdue())
    with read_transaction(world.engine) as session:
        assert session.execute(counted, {"body": "body-a", "now": NOW}).one() == (wanted, wanted)
