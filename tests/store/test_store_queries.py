from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from hotline.casework.privacy import visible
from hotline.errors import InvalidInputError
from hotline.intake.likeness import Sameness, Told
from hotline.records import Actor, Reporter, Respondent
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.numbers import format_number
from hotline.store.queries import (
    DESK,
    CaseFilters,
    Notice,
    add_notices,
    agency_queue,
    case_id_of,
    case_line,
    case_list,
    inbox,
    mark_read,
    notices,
    overdue_counts,
    related,
    search,
    unread_count,
)
from hotline.vocabulary import CaseState, Kind, LegRole, Relation, Role
from tests.store.store_world import (
    ADMINISTRATOR,
    CLERK,
    NEIGHBOUR,
    NOW,
    OPERATOR,
    OTHER_CLERK,
    PHONE,
    SUPERVISOR,
    make_complaint,
)

HOUR = timedelta(hours=1)
SYSTEM = Actor("system", Role.SYSTEM, "xicheng")
ACTORS = (OPERATOR, SUPERVISOR, NEIGHBOUR, CLERK, OTHER_CLERK, ADMINISTRATOR, SYSTEM)


def number(n, prefix="11"):
    return format_number(prefix, 2026, n)


def walk(read):
    """All lines of all pages, two a page."""
    lines, after = [], None
    while True:
        page = read(after)
        lines += page.lines
        after = page.next
        if after is None:
            return lines


# ---- who sees what ---------------------------------------------------------------------------


def test_lists_show_exactly_what_privacy_allows(world):
    cases = [
        world.case(number(1)),
        world.case(number(2), legs=(("body-b", LegRole.LEAD), ("body-a", LegRole.CO))),
        world.case(number(3), legs=()),
        world.case(number(1, "12"), office_id="baodi", legs=(("body-b", LegRole.LEAD),)),
    ]
    with read_transaction(world.engine) as session:
        for actor in ACTORS:
            wanted = {case.case_id for case in cases if visible(case, actor)}
            listed = case_list(session, actor, CaseFilters(), now=NOW).lines
            assert {line.case_id for line in listed} == wanted, actor
            found = {hit.line.case_id for hit in search(session, "盗版光盘", actor, world.keyring)}
            assert found == wanted, actor
            for case in cases:
                line = case_line(session, case.case_id, actor)
                assert (line is not None) == visible(case, actor)
            assert (case_id_of(session, number(1, "12"), actor) is not None) == visible(cases[3], actor)


# ---- inbox and queue -------------------------------------------------------------------------


def test_the_inbox_is_ordered_by_waiting_and_paged(world):
    made = [world.case(number(n), legs=(), received_at=NOW - n * HOUR) for n in range(1, 6)]
    world.case(number(9))
    with read_transaction(world.engine) as session:
        lines = walk(lambda after: inbox(session, "xicheng", [CaseState.TRIAGE], after=after, limit=2))
        assert inbox(session, "baodi", [CaseState.TRIAGE]).lines == ()
        both = inbox(session, "xicheng", [CaseState.TRIAGE, CaseState.DISPATCHED]).lines
    assert [line.case_id for line in lines] == [case.case_id for case in reversed(made)]
    assert len(both) == 6


def test_cases_received_at_the_same_moment_are_paged_without_loss(world):
    made = {world.case(number(n), legs=()).case_id for n in range(1, 8)}
    with read_transaction(world.engine) as session:
        up = walk(lambda after: inbox(session, "xicheng", [CaseState.TRIAGE], after=after, limit=2))
        down = walk(lambda after: case_list(session, OPERATOR, CaseFilters(), now=NOW, after=after, limit=3))
    assert [line.case_id for line in up] == sorted(made)
    assert [line.case_id for line in down] == sorted(made, reverse=True)


@pytest.mark.parametrize("cursor", ["", "x", "2026-01-01~a", "2026-01-01T00:00:00+00:00", "~"])
def test_a_foreign_cursor_is_refused(world, cursor):
    with read_transaction(world.engine) as session, pytest.raises(InvalidInputError):
        inbox(session, "xicheng", [CaseState.TRIAGE], after=cursor)


def test_the_agency_queue_is_ordered_by_the_nearest_deadline(world):
    late = world.case(number(1), clocks=[{"due": -HOUR}])
    none = world.case(number(2))
    soon = world.case(number(3), clocks=[{"due": HOUR}, {"due": 9 * HOUR, "policy": "H-RESOLVE"}])
    co = world.case(number(4), legs=(("body-b", LegRole.LEAD), ("body-a", LegRole.CO)), clocks=[{"due": -9 * HOUR}])
    with read_transaction(world.engine) as session:
        lines = walk(lambda after: agency_queue(session, "body-a", after=after, limit=2))
        assert [line.case.case_id for line in agency_queue(session, "body-b").lines] == [co.case_id]
        assert agency_queue(session, "body-c").lines == ()
    assert [line.case.case_id for line in lines] == [late.case_id, soon.case_id, none.case_id, co.case_id]
    assert [line.role for line in lines] == ["lead", "lead", "lead", "co"]
    assert [line.due_at for line in lines] == [NOW - HOUR, NOW + HOUR, None, None]


def test_finished_legs_leave_the_queue(world):
    case = world.case(number(1))
    with write_transaction(world.engine) as session:
        session.execute(text("UPDATE leg SET closed_at = opened_at, state = 'resolved'"))
    with read_transaction(world.engine) as session:
        assert agency_queue(session, "body-a").lines == ()
        (line,) = agency_queue(session, "body-a", open_only=False).lines
    assert (line.case.case_id, line.state) == (case.case_id, "resolved")


def test_queue_and_inbox_are_read_from_an_index(engine):
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by statistics; an empty table is scanned")
    plans = {
        "ix_leg_due": "leg WHERE body_id = 'b' AND closed_at IS NULL AND due_at >= 'x' ORDER BY due_at, id",
        "ix_case_office_state": "case_file WHERE office_id = 'o' AND state = 't' ORDER BY received_at, id",
        "ix_clock_announce": "clock WHERE announce_at <= 'x' ORDER BY announce_at, id",
        "ix_case_event_seal": "case_event WHERE seal_id IS NULL ORDER BY stream, seq",
    }
    with read_transaction(engine) as session:
        for index, tail in plans.items():
            plan = str(session.execute(text(f"EXPLAIN QUERY PLAN SELECT id FROM {tail}")).all())  # noqa: S608 - our own.
            assert index in plan
            if index != "ix_case_office_state":
                assert "TEMP B-TREE" not in plan


# ---- filters and figures ---------------------------------------------------------------------


def test_each_figure_equals_the_list_it_opens(world):
    world.case(number(1), clocks=[{"due": -HOUR}, {"due": -2 * HOUR, "policy": "H-RESOLVE"}])
    world.case(number(2), clocks=[{"due": HOUR, "warn": -HOUR}, {"due": -HOUR, "policy": "H-X"}], channel="12315")
    world.case(number(3), clocks=[{"due": HOUR, "warn": -HOUR}])
    world.case(number(4), legs=(), clocks=[{"due": -HOUR, "leg": None}])
    world.case(number(5), clocks=[{"due": 9 * HOUR}])
    world.case(number(6), clocks=[{"due": -HOUR, "stopped": NOW}])
    world.case(number(7), clocks=[{"due": -HOUR, "paused": NOW}])
    world.case(number(1, "12"), office_id="baodi", clocks=[{"due": -HOUR}])
    with read_transaction(world.engine) as session:
        counts = overdue_counts(session, "xicheng", NOW)

        def listed(**filters):
            return len(case_list(session, SUPERVISOR, CaseFilters(**filters), now=NOW).lines)

        assert (counts.total.overdue, counts.total.due_soon) == (3, 2)
        assert (listed(overdue=True), listed(due_soon=True), listed(overdue=True, due_soon=True)) == (3, 2, 4)
        assert {count.key: (count.overdue, count.due_soon) for count in counts.by_body} == {
            "body-a": (2, 2),
            DESK: (1, 0),
        }
        assert [(count.key, count.overdue) for count in counts.by_channel] == [("12330", 2), ("12315", 1)]
        for name, rows in (
            ("body_id", counts.by_body),
            ("category", counts.by_category),
            ("channel", counts.by_channel),
        ):
            for count in rows:
                assert listed(overdue=True, **{name: count.key}) == count.overdue
                assert listed(due_soon=True, **{name: count.key}) == count.due_soon


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (CaseFilters(), {1, 2, 3}),
        (CaseFilters(states=(CaseState.TRIAGE,)), {3}),
        (CaseFilters(channel="12315"), {2}),
        (CaseFilters(body_id="body-b"), {2}),
        (CaseFilters(lead_body_id="body-a"), {1}),
        (CaseFilters(kind="dispute", category="copyright", supervised=False, silent=False), {1, 2, 3}),
        (CaseFilters(kind="report"), set()),
        (CaseFilters(received_from=NOW - HOUR), {1, 2}),
        (CaseFilters(received_until=NOW - HOUR), {3}),
    ],
)
def test_filters(world, filters, found):
    world.case(number(1))
    world.case(number(2), channel="12315", legs=(("body-b", LegRole.LEAD),))
    world.case(number(3), legs=(), received_at=NOW - 5 * HOUR)
    with read_transaction(world.engine) as session:
        lines = case_list(session, SUPERVISOR, filters, now=NOW).lines
    assert {int(line.number[7:11]) for line in lines} == found


# ---- search ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "by"),
    [
        (number(1), "number"),
        (number(1).replace("-", ""), "number"),
        (PHONE, "phone"),
        ("139 0000 0001", "phone"),
        ("01012345678", "phone"),
        ("110101199003070011", "id_number"),
        ("北京某某(音像", "respondent"),
        ("盗版", "words"),
        ("东安市场 光盘", "words"),
        ("音像", "words"),
    ],
)
def test_one_box_finds_by(world, query, by):
    wanted = world.case(number(1))
    world.case(
        number(2),
        text="另一件事说的是假酒",
        reporter=Reporter("李四", "13900000002"),
        respondent=Respondent("酒厂"),
        goods="酒",
        masked_text="另一件事说的是假酒",
    )
    with read_transaction(world.engine) as session:
        hits = search(session, query, OPERATOR, world.keyring)
    assert [(hit.line.case_id, hit.by) for hit in hits] == [(wanted.case_id, by)]


@pytest.mark.parametrize("query", ["", " ", "药", "'\"", '盗版" OR "x', "%", "NEAR(", "*", "没有的词语", "0" * 5000])
def test_odd_queries_find_nothing_and_break_nothing(world, query):
    world.case(number(1))
    with read_transaction(world.engine) as session:
        assert search(session, query, OPERATOR, world.keyring) == ()


def test_an_agency_cannot_find_a_caller_by_phone(world):
    case = world.case(number(1))
    with read_transaction(world.engine) as session:
        assert search(session, PHONE, CLERK, world.keyring) == ()
        assert search(session, "110101199003070011", CLERK, world.keyring) == ()
        (hit,) = search(session, "01012345678", CLERK, world.keyring)
    assert hit.line.case_id == case.case_id


@pytest.mark.parametrize("query", [PHONE, "110101199003070011"])
def test_nobody_learns_from_a_number_who_reported(world, query):
    world.case(number(1), kind=Kind.REPORT)
    with read_transaction(world.engine) as session:
        assert search(session, query, OPERATOR, world.keyring) == ()
        index = world.keyring.blind_index("phone", PHONE)
        told = Told("完全不同的一件事", Kind.DISPUTE, Respondent())
        assert related(session, "xicheng", told, phone_index=index).lines == ()
        same_words = related(session, "xicheng", Told("东安市场门口有人卖盗版光盘"), phone_index=index)
    assert [line.reasons for line in same_words.lines] == [("words",)]


# ---- related ---------------------------------------------------------------------------------


def test_related_complaints_say_why(world):
    same_text = world.case(number(1), reporter=Reporter("甲", "13900000002"), respondent=Respondent())
    same_phone = world.case(number(2), masked_text="完全不同", respondent=Respondent("乙店"), goods="")
    shop = Respondent("宏声音像（东安店）")
    same_shop = world.case(number(3), masked_text="又是别事", reporter=Reporter("乙", ""), respondent=shop, goods="")
    world.case(number(4), masked_text="无关", reporter=Reporter(), respondent=Respondent(), goods="")
    with read_transaction(world.engine) as session:
        found = related(
            session,
            "xicheng",
            Told("东安市场门口有人卖盗版光盘", Kind.DISPUTE, Respondent("北京宏声音像店")),
            phone_index=world.keyring.blind_index("phone", PHONE),
        )
    reasons = {line.line.case_id: set(line.reasons) for line in found.lines}
    assert reasons == {
        same_text.case_id: {"words"},
        same_phone.case_id: {"phone"},
        same_shop.case_id: {"respondent"},
    }
    (first, *_) = found.lines
    assert (first.line.case_id, first.sameness, first.relation) == (
        same_text.case_id,
        Sameness.GROUP,
        Relation.RELATED,
    )
    assert first.likeness > 0.6
    assert first.words == ("卖盗版光盘", "东安市场门口")[::-1]
    assert all(line.sameness is None for line in found.lines[1:])
    assert not found.elsewhere


def test_another_offices_match_is_only_said_to_exist(world):
    world.case(number(1, "12"), office_id="baodi")
    own = world.case(number(1))
    with read_transaction(world.engine) as session:
        told, ask = Told("盗版光盘"), {"phone_index": world.keyring.blind_index("phone", PHONE)}
        found = related(session, "xicheng", told, **ask)
        assert [line.line.case_id for line in found.lines] == [own.case_id]
        assert found.elsewhere
        again = related(session, "xicheng", told, exclude_complaint=own.complaint_id, **ask)
        assert again.lines == ()
        assert related(session, "xicheng", Told("药")).lines == ()
        assert not related(session, "xicheng", Told("")).elsewhere
        assert related(session, "xicheng", Told("", respondent=make_complaint()[0].respondent)).elsewhere


# ---- notices ------------------------------------------------------------------------------------


def test_notices_reach_those_they_are_for_once(world):
    case = world.case(number(1))
    common = {"stage": "warn", "code": "clock:H-SIGN", "office_id": "xicheng", "case_id": case.case_id}
    messages = [
        Notice(**common, body_id="body-a", dedupe="1"),
        Notice(**common, role="supervisor", dedupe="2"),
        Notice(**common, dedupe="3"),
        Notice(**common, account_id="op1"),
    ]
    with write_transaction(world.engine) as session:
        assert add_notices(session, messages, NOW) == 4
        assert add_notices(session, messages[:3], NOW) == 0
        assert add_notices(session, [], NOW) == 0
    expected = {OPERATOR: 2, SUPERVISOR: 2, CLERK: 1, OTHER_CLERK: 0, NEIGHBOUR: 0, ADMINISTRATOR: 0}
    with write_transaction(world.engine) as session:
        assert {actor: unread_count(session, actor) for actor in expected} == expected
        assert {line.number for line in notices(session, OPERATOR)} == {number(1)}
        mark_read(session, CLERK, NOW)
        mark_read(session, OPERATOR, NOW, notices(session, OPERATOR)[0].id)
        assert unread_count(session, CLERK) == 0
        assert unread_count(session, OPERATOR) == 1
        assert [line.read_at for line in notices(session, CLERK)] == [NOW]
        assert notices(session, CLERK, unread_only=True) == ()
        mark_read(session, NEIGHBOUR, NOW)
        assert unread_count(session, SUPERVISOR) >= 1


def test_an_inbox_of_several_states_is_merged_in_order(world):
    made = [
        world.case(number(n), legs=() if n % 3 else (("body-a", LegRole.LEAD),), received_at=NOW - n * HOUR)
        for n in range(1, 10)
    ]
    states = [CaseState.TRIAGE, CaseState.DISPATCHED, CaseState.READY]
    with read_transaction(world.engine) as session:
        lines = walk(lambda after: inbox(session, "xicheng", states, after=after, limit=2))
    assert [line.case_id for line in lines] == [case.case_id for case in reversed(made)]
