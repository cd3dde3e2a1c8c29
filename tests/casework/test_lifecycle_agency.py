"""What an agency does with its leg: one test per edge."""

from __future__ import annotations

import pytest

from hotline.casework.lifecycle import allowed
from hotline.errors import ForbiddenError, InvalidInputError, TransitionError
from hotline.vocabulary import Action, CaseState, LegState


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
