from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotline.casework.lifecycle import TRANSITIONS, ExtensionRule, Scope, allowed, decide, parse_form
from hotline.casework.matter_words import MATTERS
from hotline.errors import ConflictError, ForbiddenError, InvalidInputError, TransitionError
from hotline.records import Command
from hotline.vocabulary import Action, CaseState, LegState, Role, Unit

FAR = datetime(2027, 1, 1, tzinfo=UTC)


def offered(story, actor):
    return {(offer.transition.action.value, offer.leg_id) for offer in allowed(story.snapshot, actor)}


# ---- the desk: one test per edge ---------------------------------------------------------------


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


# ---- the agency: one test per edge -------------------------------------------------------------


def test_sign_once(story):
    story.begin().dispatch().lead("sign")
    assert story.leg().state is LegState.SIGNED
    assert story.leg().signed_at == story.now
    with pytest.raises(TransitionError, match="已签收"):
        story.lead("sign")


def test_return_names_a_better_owner(story):
    story.begin().dispatch()
    with pytest.raises(InvalidInputError) as caught:
        story.lead("return")
    assert set(caught.value.fields) == {"clause", "owner", "text"}
    with pytest.raises(InvalidInputError, match="本单位"):
        story.lead("return", clause="二（一）1", owner="samr", text="不属")


def test_accept_and_tell_at_once(story):
    story.begin().dispatch().lead("sign").lead("accept", told=True)
    assert story.leg().state is LegState.ACCEPTED
    assert story.leg().told == ("acceptance",)
    assert [(event.action, dict(event.data)) for event in story.events[-2:]] == [
        (Action.ACCEPT, {"leg_id": "id1"}),
        (Action.NOTIFY, {"leg_id": "id1", "subject": "acceptance"}),
    ]


def test_accept_needs_what_article_10_asks(story):
    story.begin(named=False).dispatch().lead("sign")
    with pytest.raises(TransitionError, match="第10条"):
        story.lead("accept")
    with pytest.raises(InvalidInputError, match="匿名"):
        story.lead("decline", ground="5", told=True)
    assert story.lead("decline", ground="5").leg().state is LegState.DECLINED


def test_accept_only_once_even_after_rework(story):
    story.begin().dispatch().lead("sign").lead("accept").lead("resolve", outcome="settled", text="和解")
    story.do("send_back", "operator", text="重办")
    with pytest.raises(TransitionError, match="是否受理"):
        story.lead("accept")
    assert story.lead("terminate", ground="3").leg().state is LegState.TERMINATED


@pytest.mark.parametrize("ground", ["", "8", "x", None])
def test_decline_needs_a_ground_of_the_day(story, ground):
    story.begin().dispatch().lead("sign")
    with pytest.raises(InvalidInputError) as caught:
        story.lead("decline", ground=ground)
    assert list(caught.value.fields) == ["ground"]


def test_a_catch_all_ground_is_explained(story):
    story.begin().dispatch().lead("sign")
    with pytest.raises(InvalidInputError, match="其他情形"):
        story.lead("decline", ground="7")
    assert story.lead("decline", ground="7", text="依某规章第3条").leg().state is LegState.DECLINED


def test_terminate_after_acceptance(story):
    story.begin().dispatch().lead("sign")
    with pytest.raises(TransitionError, match="没有受理"):
        story.lead("terminate", ground="1")
    story.lead("accept").lead("terminate", ground="5", told=True)
    assert story.leg().state is LegState.TERMINATED
    assert story.leg().told == ("termination",)


def test_a_report_is_filed_decided_and_told(story):
    story.begin(kind="report").dispatch().lead("sign")
    with pytest.raises(TransitionError, match="没有立案"):
        story.lead("decide")
    with pytest.raises(TransitionError, match="是否立案"):
        story.lead("notify", subject="filing")
    story.lead("file").lead("notify", "operator", subject="filing").lead("decide", text="罚款")
    assert story.leg().state is LegState.FILED
    assert story.leg().told == ("filing",)
    with pytest.raises(TransitionError):
        story.lead("decide")
    with pytest.raises(TransitionError):
        story.lead("file")
    with pytest.raises(TransitionError, match="告知过"):
        story.lead("notify", subject="filing")


def test_a_report_is_not_filed_with_a_ground(story):
    story.begin(kind="report").dispatch().lead("sign").lead("not_file", ground="20-1")
    assert story.leg().state is LegState.NOT_FILED
    assert story.leg().facts == {Action.NOT_FILE}


def test_a_clue_in_a_dispute_leaves_the_mediation_alone(story):
    story.begin().dispatch().lead("sign").lead("accept")
    with pytest.raises(TransitionError, match="线索"):
        story.lead("file")
    story.lead("clue").lead("file")
    assert story.leg().state is LegState.ACCEPTED
    with pytest.raises(TransitionError):
        story.lead("clue")
    with pytest.raises(TransitionError):
        story.lead("not_file", ground="19-1")
    assert story.lead("decide").lead("terminate", ground="3").leg().state is LegState.TERMINATED


def test_contact_once(story):
    story.begin().dispatch().lead("sign").lead("contact")
    with pytest.raises(TransitionError):
        story.lead("contact", "operator")


def test_nobody_tells_an_anonymous_informer(story):
    story.begin(kind="report", named=False).dispatch().lead("sign").lead("file")
    with pytest.raises(TransitionError, match="匿名"):
        story.lead("notify", subject="filing")


def test_the_result_may_be_told_again_and_late(story):
    story.begin().dispatch().lead("sign").lead("notify", subject="result", text="阶段性答复")
    story.lead("resolve", outcome="settled", text="和解").lead("notify", subject="result")
    assert story.leg().told == ("result",)


def test_suspend_and_resume_alternate(story):
    story.begin().dispatch().lead("sign").lead("accept")
    with pytest.raises(TransitionError):
        story.lead("resume")
    story.lead("suspend", reason="appraisal")
    assert story.leg().suspended
    with pytest.raises(TransitionError):
        story.lead("suspend", reason="appraisal")
    assert not story.lead("resume").leg().suspended
    with pytest.raises(InvalidInputError):
        story.lead("suspend", reason="holiday")


def test_the_lead_waits_for_its_co_agencies(story):
    story.begin().dispatch("police").lead("sign")
    with pytest.raises(TransitionError, match="1个配合单位"):
        story.lead("resolve", outcome="verified", text="已查")
    story.co("sign").co("resolve", outcome="verified", text="已协查")
    assert story.snapshot.state is CaseState.DISPATCHED
    assert story.lead("resolve", outcome="verified", text="已查").snapshot.state is CaseState.RESOLVED


def test_a_waived_co_agency_is_not_waited_for(story):
    story.begin().dispatch("police").lead("sign")
    with pytest.raises(InvalidInputError):
        story.co("waive", "operator")
    with pytest.raises(TransitionError, match="配合"):
        story.lead("waive", "operator", text="不需要")
    story.co("waive", "operator", text="不再需要")
    assert story.leg("co").state is LegState.WAIVED
    assert story.lead("resolve", outcome="verified", text="已查").snapshot.state is CaseState.RESOLVED


def test_a_queued_leg_is_not_resolved_and_a_reply_is_required(story):
    story.begin().dispatch()
    with pytest.raises(TransitionError, match="待签收"):
        story.lead("resolve", outcome="settled", text="和解")
    story.lead("sign")
    with pytest.raises(InvalidInputError) as caught:
        story.lead("resolve", outcome="settled", text="  ")
    assert list(caught.value.fields) == ["text"]


@pytest.mark.parametrize(
    ("policy", "approver", "other"),
    [("H-RESOLVE", "supervisor", "responsible"), ("R-VERIFY", "responsible", "supervisor")],
)
def test_who_approves_an_extension(story, policy, approver, other):
    story.begin(kind="report").dispatch().lead("sign").lead("request_extend", policy=policy, amount=5, text="待鉴定")
    (request,) = story.snapshot.extensions
    with pytest.raises(ForbiddenError):
        story.lead("extend", other, request_id=request.id)
    with pytest.raises(ForbiddenError):
        story.lead("extend", request_id=request.id)
    with pytest.raises(InvalidInputError):
        story.lead("extend", approver, request_id="another")
    with pytest.raises(TransitionError, match="待批"):
        story.lead("request_extend", policy=policy, amount=5, text="再申请")
    story.lead("extend", approver, request_id=request.id)
    assert dict(story.events[-1].data) == {"leg_id": "id1", "request_id": request.id, "policy": policy, "amount": 5}
    assert story.snapshot.extensions == ()
    with pytest.raises(TransitionError, match="用完"):
        story.lead("request_extend", policy=policy, amount=5, text="再申请")


def test_with_two_requests_each_has_its_own_approver(story):
    story.begin(kind="report").dispatch().lead("sign")
    for policy in ("H-RESOLVE", "R-VERIFY"):
        story.lead("request_extend", policy=policy, amount=5, text="待鉴定")
    statutory = next(item for item in story.snapshot.extensions if item.policy == "R-VERIFY")
    with pytest.raises(ForbiddenError):
        story.lead("extend", "supervisor", request_id=statutory.id)


def test_offers_hold_the_requests_that_one_may_approve(story, people):
    story.begin(kind="report").dispatch().lead("sign")
    for policy in ("H-RESOLVE", "R-VERIFY"):
        story.lead("request_extend", policy=policy, amount=5, text="待鉴定")
    offer = next(o for o in allowed(story.snapshot, people["supervisor"]) if o.transition.action is Action.EXTEND)
    assert [label for _, label in offer.needs[0].choices] == ["H-RESOLVE 延长5"]


def test_a_refused_extension_leaves_the_right_to_ask_again(story):
    story.begin().dispatch().lead("request_extend", policy="H-RESOLVE", amount=10, text="待鉴定")
    request = story.snapshot.extensions[0].id
    with pytest.raises(InvalidInputError):
        story.lead("refuse_extend", "supervisor", request_id=request)
    story.lead("refuse_extend", "supervisor", request_id=request, text="理由不足")
    story.lead("request_extend", policy="H-RESOLVE", amount=10, text="补充理由")
    assert len(story.snapshot.extensions) == 1


@pytest.mark.parametrize(
    ("policy", "amount", "error"),
    [
        ("C-ACCEPT", 1, TransitionError),
        ("H-RESOLVE", 11, InvalidInputError),
        ("H-RESOLVE", 0, InvalidInputError),
        ("H-RESOLVE", -3, InvalidInputError),
        ("H-RESOLVE", "5", InvalidInputError),
        ("h resolve", 5, InvalidInputError),
    ],
)
def test_extensions_that_no_article_allows(story, policy, amount, error):
    story.begin().dispatch().lead("sign")
    with pytest.raises(error):
        story.lead("request_extend", policy=policy, amount=amount, text="理由")


def test_a_critical_case_has_no_hotline_extension(story):
    story.begin(urgency="特急").dispatch()
    with pytest.raises(TransitionError, match="特急"):
        story.lead("request_extend", policy="H-RESOLVE", amount=1, text="理由")


def test_extensions_without_an_open_request(story):
    with pytest.raises(TransitionError, match="没有待批"):
        story.begin().dispatch().lead("extend", "supervisor", request_id="id9")


def test_evidence_of_agency_and_desk(story):
    data = {"evidence_id": "ev1", "sha256": "a" * 64, "size": 20 * 1024 * 1024}
    story.begin().dispatch().lead("evidence", **data)
    assert story.events[-1].data["leg_id"] == "id1"
    story.do("evidence", "operator", **data)
    assert "leg_id" not in story.events[-1].data
    with pytest.raises(InvalidInputError):
        story.lead("evidence", **(data | {"size": 20 * 1024 * 1024 + 1}))
    with pytest.raises(ForbiddenError):
        story.do("evidence", "clerk", **data)


def test_a_look_is_an_event_and_agencies_look_at_name_and_phone_of_disputes_only(story):
    story.begin().dispatch("police").do("look", "operator", fields=("name", "id_number"), why="verify")
    story.lead("look", fields=("name", "phone"), why="mediate")
    assert dict(story.events[-1].data) == {"leg_id": "id1", "fields": ("name", "phone"), "why": "mediate"}
    with pytest.raises(InvalidInputError):
        story.lead("look", fields=("address",), why="mediate")
    with pytest.raises(InvalidInputError):
        story.lead("look", fields=("name", "name"), why="mediate")
    with pytest.raises(TransitionError):
        story.co("look", fields=("name",), why="mediate")


def test_nobody_beyond_the_desk_looks_at_an_informer(story):
    story.begin(kind="report").dispatch()
    with pytest.raises(TransitionError, match="举报"):
        story.lead("look", fields=("name",), why="verify")
    with pytest.raises(ForbiddenError, match="密封"):
        story.do("look", "operator", fields=("name",), why="verify")


# ---- who, when, and what is refused ------------------------------------------------------------


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
        assert row.action in (Action.NOTE, Action.LOOK, Action.LINK, Action.UNLINK, Action.TELL, Action.ISSUE_CODE)


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
