"""One complaint from the call to the archive, through every room."""

import pytest

from hotline.casework.preparation import Choice
from hotline.errors import ConflictError, ForbiddenError, IdempotencyError, TransitionError
from hotline.records import Respondent
from hotline.store.clockstore import clocks_of
from hotline.vocabulary import Action, CaseState, Kind, LegState, Role
from tests.flow.conftest import FAKE_DRUG, OPERATOR, SUPERVISOR


def test_a_report_runs_from_the_call_to_the_archive(hotline, moment):
    made = hotline.register()
    snapshot = hotline.snapshot(made.case_id)
    assert (snapshot.category, snapshot.state) == ("drug", CaseState.DISPATCHED)
    lead = snapshot.legs[0]
    assert lead.body_id == "110102-scjg", "西城药监分局 is the district's market-supervision bureau today"
    clerk = hotline.clerk(lead)
    moment.pass_by(hours=2)
    hotline.act(made.case_id, Action.SIGN, clerk, leg=lead)
    moment.pass_by(days=2)
    hotline.act(made.case_id, Action.FILE, clerk, leg=lead)
    moment.pass_by(days=2)
    for leg in hotline.snapshot(made.case_id).legs[1:]:
        hotline.act(made.case_id, Action.WAIVE, OPERATOR, leg=leg, text="不涉及国有企业")
    hotline.act(made.case_id, Action.RESOLVE, clerk, leg=lead, text="已立案查处", outcome="penalised")
    assert hotline.snapshot(made.case_id).state is CaseState.RESOLVED
    hotline.act(made.case_id, Action.REVIEW, OPERATOR)
    moment.pass_by(hours=20)
    after = hotline.act(made.case_id, Action.FOLLOW_UP, OPERATOR, satisfied="yes", solved=True)
    assert after.state is CaseState.ARCHIVED
    with hotline.services.read() as store:
        assert [clock.id for clock in clocks_of(store.session, made.case_id) if clock.running()] == []


def test_the_lead_cannot_close_before_its_co_legs(hotline, moment):
    made = hotline.register()
    lead, *co = hotline.snapshot(made.case_id).legs
    assert co, "the clause names a second agency"
    moment.pass_by(hours=1)
    hotline.act(made.case_id, Action.SIGN, hotline.clerk(lead), leg=lead)
    with pytest.raises(TransitionError):
        hotline.act(made.case_id, Action.RESOLVE, hotline.clerk(lead), leg=lead, text="办结", outcome="verified")


def test_the_same_complaint_twice_is_one_case(hotline):
    first = hotline.register(external_id="A-1")
    again = hotline.register(external_id="A-1")
    assert (again.case_id, again.created) == (first.case_id, False)


def test_other_content_under_the_same_id_is_refused_and_kept(hotline):
    hotline.register(external_id="A-1")
    with pytest.raises(IdempotencyError):
        hotline.register(FAKE_DRUG + "另外价格也不对。", external_id="A-1")
    with hotline.services.read() as store:
        kept = store.session.connection().exec_driver_sql("SELECT external_id FROM quarantine").all()
    assert [row[0] for row in kept] == ["A-1"]


def test_out_of_scope_waits_for_a_person_and_is_handed_on(hotline, moment):
    made = hotline.register("楼上邻居每天半夜装修，噪音太大睡不着，请协调。", kind=Kind.DISPUTE)
    snapshot = hotline.snapshot(made.case_id)
    assert (snapshot.category, snapshot.state) == ("other", CaseState.TRIAGE)
    moment.pass_by(hours=1)
    after = hotline.act(
        made.case_id,
        Action.HAND_ON,
        OPERATOR,
        where="12345",
        to="12345市民服务热线",
        handed_at=moment.now.isoformat(),
        text="已转 12345",
    )
    assert after.state is CaseState.HANDED_ON


def test_two_people_at_once_make_a_conflict(hotline):
    made = hotline.register()
    lead = hotline.snapshot(made.case_id).legs[0]
    seen = hotline.snapshot(made.case_id).seq
    hotline.act(made.case_id, Action.SIGN, hotline.clerk(lead), leg=lead, expected_seq=seen)
    with pytest.raises(ConflictError):
        hotline.act(made.case_id, Action.SIGN, hotline.clerk(lead), leg=lead, expected_seq=seen)


def test_two_returns_go_to_the_office_whose_word_is_final(hotline, moment):
    made = hotline.register()
    for number in (1, 2):
        lead = next(leg for leg in hotline.snapshot(made.case_id).legs if leg.state is LegState.QUEUED)
        moment.pass_by(minutes=30)
        hotline.act(
            made.case_id,
            Action.RETURN,
            hotline.clerk(lead),
            leg=lead,
            text="不属本单位职责",
            clause="二（二）7",
            owner="110102-fgw" if number == 1 else "110102-scjg",
        )
        assert hotline.snapshot(made.case_id).returns == number
        if number == 1:
            hotline.act(made.case_id, Action.REASSIGN, OPERATOR, lead="110102-fgw", co=(), why="returned")
    with pytest.raises(TransitionError):
        hotline.act(made.case_id, Action.REASSIGN, OPERATOR, lead="110102-scjg", co=(), why="returned")
    ruled = hotline.act(made.case_id, Action.RULE, SUPERVISOR, lead="110102-scjg", co=(), text="由市场监管局办理")
    lead = next(leg for leg in ruled.legs if leg.state is LegState.QUEUED)
    with pytest.raises(TransitionError):
        hotline.act(
            made.case_id,
            Action.RETURN,
            hotline.clerk(lead),
            leg=lead,
            text="仍不属本单位",
            clause="二（二）7",
            owner="110102-fgw",
        )


def test_a_persons_choice_replaces_the_model_and_says_so(hotline):
    made = hotline.register(chosen=Choice("price_fraud", "market", reason="来电人说的是价格"))
    with hotline.services.read() as store:
        assignment = store.assignment(made.case_id)
    assert assignment.lead.name == "区发展改革委"
    assert any(step.detail == "来电人说的是价格" for step in assignment.trace)


def test_a_statutory_extension_is_the_responsible_persons(hotline, moment):
    made = hotline.register()
    lead = hotline.snapshot(made.case_id).legs[0]
    hotline.act(made.case_id, Action.SIGN, hotline.clerk(lead), leg=lead)
    asked = hotline.act(
        made.case_id,
        Action.REQUEST_EXTEND,
        hotline.clerk(lead),
        leg=lead,
        policy="R-VERIFY",
        amount=15,
        text="需要检验",
    )
    request = asked.extensions[0].id
    moment.pass_by(minutes=5)
    boss = hotline.clerk(lead, Role.RESPONSIBLE)
    with pytest.raises(ForbiddenError):
        hotline.act(made.case_id, Action.EXTEND, SUPERVISOR, leg=lead, request_id=request)
    before = due_of(hotline, made.case_id, "R-VERIFY")
    hotline.act(made.case_id, Action.EXTEND, boss, leg=lead, request_id=request)
    assert due_of(hotline, made.case_id, "R-VERIFY") > before


def due_of(hotline, case_id, policy):
    with hotline.services.read() as store:
        return next(clock.due.due for clock in clocks_of(store.session, case_id) if clock.policy == policy)


def test_a_matter_elsewhere_waits_for_a_person(hotline):
    shop = Respondent(name="大药房", address="上海市浦东新区张杨路1号")
    chosen = Choice("drug", "market", reason="坐席判断")
    text = "在上海市浦东新区张杨路的大药房买到假药，要求查处。"
    made = hotline.register(text, respondent=shop, chosen=chosen)
    assert hotline.snapshot(made.case_id).state is CaseState.TRIAGE
    with hotline.services.read() as store:
        doubt = store.session.connection().exec_driver_sql("SELECT doubt FROM case_file").scalar_one()
    assert "浦东新区" in doubt
    assert "不在本办公室辖区" in doubt


def test_a_text_that_names_only_the_city_stays_with_the_offices_own_plan(hotline):
    made = hotline.register("在北京市的药店买到假药，要求查处这家药店。", respondent=Respondent(name="药店"))
    with hotline.services.read() as store:
        assert store.assignment(made.case_id).plan == "xicheng-2011"
