"""Who may act on a case and when, what is refused, and what is offered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotline.casework.lifecycle import allowed, decide
from hotline.casework.matter_words import MATTERS
from hotline.casework.need_forms import parse_form
from hotline.casework.transition_table import TRANSITIONS
from hotline.casework.transitions import ExtensionRule, Scope
from hotline.errors import ConflictError, ForbiddenError, InvalidInputError, TransitionError
from hotline.records import Command
from hotline.vocabulary import Action, CaseState, LegState, Role, Unit

FAR = datetime(2027, 1, 1, tzinfo=UTC)


def offered(story, actor):
    return {(offer.transition.action.value, offer.leg_id) for offer in allowed(story.snapshot, actor)}


@pytest.mark.parametrize("who", ["co_clerk", "stranger", "operator", "supervisor", "administrator", "system"])
def test_only_the_body_itself_acts_on_its_leg(story, who):
    with pytest.raises(ForbiddenError):
        story.begin().dispatch("police").lead("sign", who)


@pytest.mark.parametrize("who", ["clerk", "responsible", "elsewhere", "administrator", "stranger"])
def test_only_the_desk_of_the_office_dispatches(story, who):
    with pytest.raises(ForbiddenError):
        story.begin().decide("dispatch", who, lead="samr")


def test_the_second_of_two_gets_a_conflict(story):
    story.begin().dispatch()
    seen = story.snapshot.seq
    story.lead("sign", expected_seq=seen)
    with pytest.raises(ConflictError):
        story.lead("sign", "responsible", expected_seq=seen)


@pytest.mark.parametrize(
    ("shift", "problem"), [(timedelta(days=-30), "早于"), (timedelta(days=30), "将来"), (None, "时区")]
)
def test_times_outside_the_case(story, shift, problem):
    story.begin().dispatch()
    at = story.now.replace(tzinfo=None) if shift is None else story.now + shift
    with pytest.raises(InvalidInputError, match=problem) as caught:
        story.lead("sign", at=at)
    assert list(caught.value.fields) == ["at"]


@pytest.mark.parametrize("handed_at", ["", "昨天", "2026-13-01T00:00", FAR.isoformat(), "2020-01-01T00:00", 5])
def test_hand_on_times_are_checked(story, handed_at):
    story.begin()
    with pytest.raises(InvalidInputError) as caught:
        story.decide("hand_on", "operator", where="12345", to="12345", handed_at=handed_at, text="转交")
    assert list(caught.value.fields) == ["handed_at"]


def test_a_local_time_without_offset_is_shanghai(story):
    story.begin()
    story.now += timedelta(hours=2)
    story.do("hand_on", "operator", where="12345", to="热线", handed_at="2026-11-02T10:30", text="转交")
    assert story.events[-1].data["handed_at"] == "2026-11-02T02:30:00+00:00"


@pytest.mark.parametrize("to", ["13900000000热线", "一" * 101, "两\n行", ["热线"]])
def test_the_event_takes_no_personal_data_and_no_essays(story, to):
    story.begin()
    at = story.now.isoformat()
    with pytest.raises(InvalidInputError) as caught:
        story.decide("hand_on", "operator", where="12345", to=to, handed_at=at, text="转交")
    assert list(caught.value.fields) == ["to"]


def test_what_was_not_asked_for_is_refused(story):
    story.begin().dispatch()
    with pytest.raises(InvalidInputError) as caught:
        story.lead("sign", text="顺便说一句", phone="1")
    assert set(caught.value.fields) == {"text", "phone"}
    with pytest.raises(InvalidInputError, match="太长"):
        story.do("note", text="长" * 8001)


def test_a_leg_action_names_its_leg_and_a_case_action_none(story):
    story.begin().dispatch()
    for details in ({}, {"leg": "nowhere"}):
        with pytest.raises(InvalidInputError) as caught:
            story.do("sign", **details)
        assert list(caught.value.fields) == ["leg_id"]
    with pytest.raises(InvalidInputError):
        story.lead("withdraw", "operator", text="撤回")


@pytest.mark.parametrize("action", ["register", "archive"])
def test_steps_that_nobody_takes_by_hand(story, action):
    with pytest.raises(TransitionError):
        story.begin().decide(action, "operator")


CLOSED = {"archived", "handed_on", "withdrawn"}


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.scope is Scope.CASE and row.cases])
@pytest.mark.parametrize("state", list(CaseState))
def test_every_case_row_refuses_the_states_it_does_not_name(story, people, row, state):
    story.begin()
    object.__setattr__(story.snapshot, "state", state)
    who = next(name for name in ("operator", "supervisor") if people[name].role in row.roles)
    possible = row.action.value in {action for action, _ in offered(story, people[who])}
    if state not in row.cases:
        assert not possible
        with pytest.raises(TransitionError):
            story.decide(row.action, who)
    if state in CLOSED and possible:
        assert row.action in (
            Action.NOTE,
            Action.LOOK,
            Action.LINK,
            Action.UNLINK,
            Action.TELL,
            Action.ISSUE_CODE,
            Action.RELEASE,
        )


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.scope is Scope.LEG])
@pytest.mark.parametrize("state", list(LegState))
def test_every_leg_row_refuses_the_states_it_does_not_name(story, people, row, state):
    story.begin(kind=min(row.kinds)).dispatch("police")
    leg = story.leg(min(row.leg_roles, key=lambda role: role != "lead"))
    body = {"samr": ("clerk", "responsible"), "police": ("co_clerk",)}[leg.body_id]
    who = next(name for name in (*body, "operator", "supervisor") if people[name].role in row.roles)
    object.__setattr__(leg, "state", state)
    if state not in row.legs:
        same = [other for other in TRANSITIONS if other.action is row.action and story.snapshot.kind in other.kinds]
        assert not any(state in other.legs for other in same)
        with pytest.raises((TransitionError, ForbiddenError)):
            story.decide(row.action, who, leg=leg.id)
        assert (row.action.value, leg.id) not in offered(story, people[who])


def test_every_action_is_declared_but_archive():
    assert {row.action for row in TRANSITIONS} == set(Action) - {Action.ARCHIVE} - MATTERS
    for row in TRANSITIONS:
        assert row.says.endswith("。")
        assert row.clock.endswith("。")
        assert len({need.name for need in row.needs}) == len(row.needs)


def test_what_is_offered(story, people):
    story.begin().dispatch("police")
    assert offered(story, people["clerk"]) == {
        ("sign", "id1"),
        ("return", "id1"),
        ("request_extend", "id1"),
        ("evidence", "id1"),
        ("look", "id1"),
        ("note", None),
    }
    assert offered(story, people["operator"]) == {
        ("reassign", None),
        ("withdraw", None),
        ("remind", None),
        ("note", None),
        ("evidence", None),
        ("look", None),
        ("tell", None),
        ("issue_code", None),
        ("link", None),
        ("supplement", None),
        ("waive", "id2"),
    }
    assert offered(story, people["stranger"]) == set()
    assert offered(story, people["administrator"]) == set()


def test_offers_carry_the_grounds_of_the_day_of_receipt(story, people):
    story.begin(received_at="2026-04-14T15:00:00+00:00").dispatch().lead("sign")
    needs = {o.transition.action: o.needs for o in allowed(story.snapshot, people["clerk"])}
    assert len(needs[Action.DECLINE][0].choices) == 6


def test_offers_carry_the_notices_that_are_due(story, people):
    story.begin().dispatch().lead("sign").lead("accept")
    for expected in (["acceptance", "result"], ["result"]):
        offer = next(o for o in allowed(story.snapshot, people["clerk"]) if o.transition.action is Action.NOTIFY)
        assert [code for code, _ in offer.needs[0].choices] == expected
        story.lead("notify", subject=expected[0])


def test_decide_is_pure(story, people):
    story.begin().dispatch()
    before = story.snapshot
    command = Command(Action.SIGN, "id1")
    rule = ExtensionRule(1, Unit.DAY)
    events = [
        decide(before, command, people["clerk"], now=FAR, new_id=lambda: "x", extension_rule=lambda _: rule)
        for _ in range(2)
    ]
    assert events[0] == events[1]
    assert story.snapshot == before


def test_a_web_form_becomes_data_and_text():
    needs = next(row.needs for row in TRANSITIONS if row.action is Action.REASSIGN)
    form = {"lead": ["samr"], "co": ["police", "", "customs "], "why": ["returned"], "csrf_token": ["x"]}
    assert parse_form(needs, form) == ({"lead": "samr", "co": ("police", "customs"), "why": "returned"}, "")
    needs = next(row.needs for row in TRANSITIONS if row.action is Action.SUPERVISE)
    assert parse_form(needs, {"days": ["3"], "text": [" 请报告 "]}) == ({"days": 3}, "请报告")
    assert parse_form(needs, {"days": ["三"]}) == ({"days": "三"}, "")
    needs = next(row.needs for row in TRANSITIONS if row.action is Action.ACCEPT)
    assert [parse_form(needs, form)[0]["told"] for form in ({}, {"told": ["on"]}, {"told": ["false"]})] == [
        False,
        True,
        False,
    ]


def test_roles_that_never_act(people):
    assert all(Role.ADMINISTRATOR not in row.roles for row in TRANSITIONS)
