"""What the desk of an office does with a case: one test per edge."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.errors import ForbiddenError, InvalidInputError, TransitionError
from hotline.vocabulary import CaseState, LegState


def test_dispatch_opens_a_leg_for_each_body(story):
    story.begin().dispatch("police")
    assert story.snapshot.state is CaseState.DISPATCHED
    assert [(leg.body_id, leg.role, leg.state) for leg in story.snapshot.legs] == [
        ("samr", "lead", "queued"),
        ("police", "co", "queued"),
    ]
    assert dict(story.events[-1].data) == {
        "legs": (
            {"leg_id": "id1", "body_id": "samr", "role": "lead"},
            {"leg_id": "id2", "body_id": "police", "role": "co"},
        ),
        "plan": "xicheng-2011",
        "clause": "二（一）1",
    }


def test_dispatch_takes_legs_as_the_plan_proposes_them(story):
    legs = ({"body_id": "samr", "role": "lead"}, {"body_id": "police", "role": "co"})
    story.begin().do("dispatch", "system", legs=legs, plan="", clause="")
    assert [leg.body_id for leg in story.snapshot.legs] == ["samr", "police"]
    assert story.events[-1].data["plan"] == ""


@pytest.mark.parametrize(
    "legs",
    [
        (),
        "samr",
        ({"body_id": "samr", "role": "co"},),
        ({"body_id": "samr", "role": "lead"}, {"body_id": "police", "role": "lead"}),
        ({"body_id": "samr", "role": "lead"}, "police"),
        ({"body_id": "samr", "role": "lead"}, {"body_id": "police", "role": "boss"}),
        ({"body_id": "", "role": "lead"},),
        ({"body_id": "samr", "role": "lead"}, {"body_id": "samr", "role": "co"}),
    ],
)
def test_dispatch_refuses_legs_without_exactly_one_lead(story, legs):
    with pytest.raises(InvalidInputError):
        story.begin().decide("dispatch", "operator", legs=legs)


def test_a_triaged_case_is_dispatched_by_a_person_only(story):
    story.begin(state="triage")
    with pytest.raises(TransitionError, match="确认"):
        story.decide("dispatch", "system", lead="samr")
    assert story.dispatch().snapshot.state is CaseState.DISPATCHED


def test_other_is_not_dispatched_under_a_plan(story):
    story.begin(category="other")
    with pytest.raises(InvalidInputError) as caught:
        story.dispatch()
    assert "plan" in caught.value.fields
    assert story.do("dispatch", "operator", lead="samr").snapshot.state is CaseState.DISPATCHED


def test_classify_confirms_and_readies(story):
    story.begin(state="triage").do(
        "classify", "operator", category="patent", setting="online", kind="report", urgency="紧急"
    )
    snapshot = story.snapshot
    assert (snapshot.category, snapshot.setting, snapshot.kind, snapshot.urgency) == (
        "patent",
        "online",
        "report",
        "紧急",
    )
    assert snapshot.state is CaseState.READY


def test_classify_leaves_a_disputed_case_disputed(story):
    story.begin().dispatch().returned()
    story.do("classify", "operator", category="patent", setting="shop", kind="dispute", urgency="一般")
    assert story.snapshot.state is CaseState.DISPUTED


def test_return_and_reassign(story):
    story.begin().dispatch("police").returned()
    assert (story.snapshot.state, story.snapshot.returns) == (CaseState.DISPUTED, 1)
    assert story.leg().state is LegState.RETURNED
    story.do("reassign", "operator", lead="culture", co=("police",), why="returned")
    assert story.snapshot.state is CaseState.DISPATCHED
    assert story.leg().body_id == "culture"
    assert [leg.id for leg in story.snapshot.legs if leg.role == "co"] == ["id2"]
    assert story.leg("co").state is LegState.QUEUED


def test_reassign_takes_back_a_running_case(story):
    story.begin().dispatch("police").lead("sign")
    story.do("reassign", "operator", lead="culture", why="wrong_dispatch")
    assert [leg.state for leg in story.snapshot.legs] == [LegState.CLOSED, LegState.CLOSED, LegState.QUEUED]
    assert story.snapshot.legs[0].closed_at == story.events[-1].at


def test_reassign_adds_a_co_agency_and_leaves_the_lead_its_clock(story):
    story.begin().dispatch().lead("sign")
    story.do("reassign", "operator", lead="samr", co=("police",), why="add_co")
    assert [(leg.id, leg.state) for leg in story.snapshot.legs] == [("id1", "signed"), ("id2", "queued")]
    assert story.events[-1].data["legs"] == ({"leg_id": "id2", "body_id": "police", "role": "co"},)
    assert story.events[-1].data["closed"] == ()


def test_reassign_to_the_same_bodies_is_refused(story):
    with pytest.raises(InvalidInputError, match="相同"):
        story.begin().dispatch().decide("reassign", "operator", lead="samr", why="wrong_dispatch")


def test_after_two_returns_the_office_rules_finally(story):
    story.begin().dispatch().returned()
    with pytest.raises(TransitionError, match="未满两次"):
        story.decide("rule", "supervisor", lead="samr", text="按方案")
    story.do("reassign", "operator", lead="culture", why="returned").returned("new_clerk")
    with pytest.raises(TransitionError, match="裁定"):
        story.decide("reassign", "operator", lead="samr", why="returned")
    with pytest.raises(ForbiddenError):
        story.decide("rule", "operator", lead="samr", text="按方案")
    story.do("rule", "supervisor", lead="samr", text="按方案二（一）1")
    assert story.snapshot.ruled
    assert story.events[-1].data["final"] is True
    with pytest.raises(TransitionError, match="不得再退单"):
        story.returned()
    with pytest.raises(TransitionError, match="督办员"):
        story.decide("reassign", "operator", lead="culture", why="wrong_dispatch")
    assert story.do("reassign", "supervisor", lead="culture", why="successor").leg().body_id == "culture"


def test_a_co_leg_returns_without_a_dispute(story):
    story.begin().dispatch("police").co("return", clause="二（一）1", owner="customs", text="非我职责")
    assert (story.snapshot.state, story.snapshot.returns) == (CaseState.DISPATCHED, 0)
    assert story.leg("co").state is LegState.RETURNED


@pytest.mark.parametrize("state", ["triage", "ready"])
def test_hand_on_says_where_to_whom_and_when(story, state):
    story.begin(state=state)
    at = (story.now + timedelta(seconds=30)).isoformat()
    story.do("hand_on", "operator", where="12345", to="12345热线", handed_at=at, text="电话转接，已告知来电人")
    assert story.snapshot.state is CaseState.HANDED_ON
    assert story.snapshot.closed_at == story.now
    assert dict(story.events[-1].data) == {"where": "12345", "to": "12345热线", "handed_at": at}


def test_hand_on_of_a_disputed_case_closes_its_co_legs(story):
    story.begin().dispatch("police").returned()
    at = story.now.isoformat()
    story.do("hand_on", "operator", where="competent_body", to="区卫健委", handed_at=at, text="书面移交")
    assert story.leg("co").state is LegState.CLOSED


@pytest.mark.parametrize(("kind", "category"), [("inquiry", "trademark"), ("dispute", "other")])
def test_answer_ends_questions_at_the_desk(story, kind, category):
    story.begin(kind=kind, category=category).do("answer", "operator", text="已答复")
    assert story.snapshot.state is CaseState.ARCHIVED


def test_answer_does_not_end_a_complaint(story):
    with pytest.raises(TransitionError):
        story.begin().decide("answer", "operator", text="已答复")


def test_withdraw_closes_open_legs_and_requests(story):
    story.begin().dispatch("police").lead("request_extend", policy="H-RESOLVE", amount=5, text="待鉴定")
    story.do("withdraw", "operator", text="来电撤回")
    assert story.snapshot.state is CaseState.WITHDRAWN
    assert {leg.state for leg in story.snapshot.legs} == {LegState.CLOSED}
    assert story.snapshot.extensions == ()


def test_a_dispatched_report_goes_on_without_its_informer(story):
    story.begin(kind="report")
    assert story.decide("withdraw", "operator", text="撤回")
    with pytest.raises(TransitionError, match="核查"):
        story.dispatch().decide("withdraw", "operator", text="撤回")


def test_resolve_review_follow_up_archive(story):
    story.begin().dispatch().resolved()
    assert story.snapshot.state is CaseState.RESOLVED
    story.do("review", "operator")
    assert story.snapshot.state is CaseState.FOLLOW_UP
    story.do("follow_up", "operator", satisfied="yes", solved=True)
    assert story.snapshot.state is CaseState.ARCHIVED
    assert dict(story.events[-1].data) == {"satisfied": "yes", "solved": True, "reopen": False}


@pytest.mark.parametrize(
    ("satisfied", "reopen", "state"),
    [
        ("unreached", False, CaseState.ARCHIVED),
        ("no", False, CaseState.ARCHIVED),
        ("no", True, CaseState.DISPATCHED),
    ],
)
def test_follow_up_outcomes(story, satisfied, reopen, state):
    story.begin().dispatch().resolved().do("review", "operator")
    story.do("follow_up", "operator", satisfied=satisfied, solved=False, reopen=reopen)
    assert story.snapshot.state is state
    assert story.leg().state is (LegState.SIGNED if reopen else LegState.RESOLVED)


def test_a_happy_follow_up_does_not_reopen(story):
    story.begin().dispatch().resolved().do("review", "operator")
    with pytest.raises(InvalidInputError):
        story.decide("follow_up", "operator", satisfied="yes", reopen=True)


def test_send_back_gives_the_lead_its_leg_again(story):
    story.begin().dispatch().resolved().do("send_back", "supervisor", text="答复不完整")
    assert story.snapshot.state is CaseState.DISPATCHED
    assert story.leg().state is LegState.SIGNED
    assert story.leg().closed_at is None
    with pytest.raises(TransitionError, match="办结过"):
        story.returned()
    assert story.lead("resolve", outcome="settled", text="补充").snapshot.state is CaseState.RESOLVED


def test_supervise_once_remind_often(story):
    story.begin().dispatch().do("supervise", "supervisor", days=3).do("remind", "operator", text="请尽快")
    story.do("remind", "supervisor", text="再催")
    assert story.snapshot.supervised
    with pytest.raises(TransitionError):
        story.decide("supervise", "supervisor")


def test_notes_by_all_who_may_see(story):
    story.begin().dispatch("police")
    for who in ("operator", "supervisor", "clerk", "co_clerk"):
        story.do("note", who, text="备注")
    for who in ("stranger", "elsewhere", "administrator"):
        with pytest.raises(ForbiddenError):
            story.decide("note", who, text="备注")
