"""What other systems read stands in statements of both databases: lists, subscriptions, released cases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from hotline.store.api_lists import Wanted, cases_of_body, complaints_of_channel, updated_at
from hotline.store.contacts import save_contact
from hotline.store.digests import Recipient
from hotline.store.hooks import EVENTS, REMINDED, subscribe, subscriptions
from hotline.store.outbox_messages import messages
from hotline.store.releases import Sought, released
from hotline.vocabulary import Action, Kind, Outlet
from tests.flow.conftest import START, SUPERVISOR

BODY = "110102-scjg"


def case_of(hotline, text):
    case_id = hotline.register(text, kind=Kind.DISPUTE, dispatch=False).case_id
    hotline.act(case_id, Action.DISPATCH, lead=BODY)
    return case_id


def test_lists_are_narrowed_and_paged(hotline, moment, services):
    ids = [case_of(hotline, f"在商店买到劣质电饭锅，第{n}次用就坏，要求退款。") for n in range(3)]
    moment.pass_by(hours=1)
    hotline.act(ids[1], Action.REMIND, text="请尽快。")
    with services.read() as store:
        session = store.session
        assert [each.line.case_id for each in cases_of_body(session, BODY, Wanted()).lines] == ids[::-1]
        recent = cases_of_body(session, BODY, Wanted(updated_since=moment.now, state="dispatched"))
        assert [each.line.case_id for each in recent.lines] == [ids[1]]
        assert updated_at(session, ids[1]) == recent.lines[0].updated_at == moment.now
        first = complaints_of_channel(session, "xicheng", "12315", Wanted(limit=2))
        rest = complaints_of_channel(session, "xicheng", "12315", Wanted(limit=2, after=first.next))
        assert [each.line.case_id for each in (*first.lines, *rest.lines)] == ids[::-1]
        assert rest.next is None


def test_what_changed_comes_in_the_order_of_the_changes_and_nothing_is_missed(hotline, moment, services):
    ids = [case_of(hotline, f"在商店买到劣质电饭锅，第{n}次用就坏，要求退款。") for n in range(6)]
    since = moment.pass_by(hours=1)
    for at in (4, 0, 2, 5):
        hotline.act(ids[at], Action.REMIND, text="请尽快。")
        moment.pass_by(seconds=1)

    def walk(read):
        seen, after = [], None
        while True:
            with services.read() as store:
                page = read(store.session, Wanted(updated_since=since, limit=2, after=after))
            seen += [each.line.case_id for each in page.lines]
            if page.next is None:
                return seen
            if len(seen) == 2:
                # What changes while somebody turns the pages moves to the end, and is met there.
                hotline.act(ids[2], Action.NOTE, text="又来电。")
                moment.pass_by(seconds=1)
            after = page.next

    changed = [ids[at] for at in (4, 0, 5, 2)]
    assert walk(lambda session, wanted: cases_of_body(session, BODY, wanted)) == changed
    assert walk(lambda session, wanted: complaints_of_channel(session, "xicheng", "12315", wanted)) == [
        ids[at] for at in (4, 0, 5, 2)
    ]


def test_a_body_with_two_legs_in_a_case_is_told_of_it_once(hotline, moment, services):
    case_id = case_of(hotline, "在商店买到劣质电饭锅，用了两天就坏，要求退款。")
    since = moment.pass_by(hours=1)
    (leg,) = hotline.snapshot(case_id).legs
    hotline.act(
        case_id, Action.RETURN, hotline.clerk(leg), leg=leg, text="不属本单位。", clause="一", owner="110102-whly"
    )
    hotline.act(case_id, Action.REASSIGN, lead=BODY, co=(), why="returned")
    assert len(hotline.snapshot(case_id).legs) == 2
    with services.read() as store:
        for wanted in (Wanted(), Wanted(updated_since=since)):
            assert [each.line.case_id for each in cases_of_body(store.session, BODY, wanted).lines] == [case_id]


def test_what_changed_is_read_from_an_index_alone(engine, services):
    """Not from all cases of the body, and not sorted: a page costs what it shows."""
    wanted = Wanted(updated_since=START - timedelta(days=1))
    plans = []

    def explain(conn, _cursor, statement, parameters, _context, _many):
        if "changed_at" in statement and "ORDER BY" in statement:
            explaining = conn.connection.cursor()
            explaining.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append([row[3] for row in explaining.fetchall()])

    if engine.dialect.name != "sqlite":
        pytest.skip("SQLite plans without figures; PostgreSQL sorts a table of nothing")
    event.listen(engine, "before_cursor_execute", explain)
    with services.read() as store:
        cases_of_body(store.session, BODY, wanted)
        complaints_of_channel(store.session, "xicheng", "12315", wanted)
    event.remove(engine, "before_cursor_execute", explain)
    assert len(plans) == 2
    for plan, index in zip(plans, ("ix_leg_changed", "ix_case_changed"), strict=True):
        assert index in plan[0], plan
        assert not any("TEMP B-TREE FOR ORDER BY" in step for step in plan), plan


def test_a_subscription_is_heard_by_its_body_only(hotline, services, moment):
    case_id = case_of(hotline, "在商店买到劣质电饭锅，用了两天就坏，要求退款。")
    with services.write() as store:
        where = Recipient("xicheng", BODY, "")
        address = "http://10.0.0.5/in"
        save_contact(store.session, store.keyring, where, Outlet.WEBHOOK, address=address, at=moment.now)
        subscribe(store.session, "xicheng", BODY, EVENTS, moment.now)
        subscribe(store.session, "baodi", BODY, EVENTS, moment.now)
    hotline.act(case_id, Action.REMIND, text="请尽快。")
    with services.read() as store:
        assert subscriptions(store.session, "xicheng") == {BODY: EVENTS}
        found, _ = messages(store.session, "xicheng", body_id=BODY)
        assert [message.payload["event"] for message in found] == [REMINDED]
        assert messages(store.session, "baodi")[0] == ()


def test_released_cases_are_found_until_they_are_withheld(hotline, services, moment):
    case_id = case_of(hotline, "在商店买到劣质电饭锅，用了两天就坏，要求退款。")
    hotline.act(case_id, Action.RELEASE, SUPERVISOR)
    day = timedelta(days=1)

    def found(**sought):
        with services.read() as store:
            return len(released(store.session, Sought(**sought)))

    assert found() == found(office_id="xicheng", closed=False, since=moment.now - day, until=moment.now + day) == 1
    assert found(closed=True) == found(office_id="baodi") == found(page=2, page_size=1) == 0
    hotline.act(case_id, Action.WITHHOLD, SUPERVISOR)
    assert found() == 0
