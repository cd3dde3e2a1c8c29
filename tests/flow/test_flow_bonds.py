"""Cases beside each other, through the real store: split, linked, copied acts, completed callers, groups, notices."""

import io
from datetime import timedelta

import pytest
from docx import Document
from sqlalchemy import select

from hotline.casework.bonds import demands_of, links_of, open_demands
from hotline.casework.completeness import missing_for
from hotline.casework.desk import act
from hotline.casework.linking import copy_act, link, unlink
from hotline.casework.privacy import look_fields
from hotline.casework.supplementing import Told, supplement
from hotline.errors import InvalidInputError, TransitionError
from hotline.noticing import ensure_notice, hidden_from, writable
from hotline.records import Actor, Command, Reporter, Respondent
from hotline.splitting import split_off
from hotline.store import queries
from hotline.store.demands import demand_counts, demand_lines
from hotline.store.repeat_groups import groups
from hotline.store.repeats import repeats_of
from hotline.store.respondent_members import number_of
from hotline.store.tables import RESPONDENT_KEY
from hotline.vocabulary import Action, Kind, LegState, NoticeSubject, Relation, Role

OPERATOR = Actor("op", Role.OPERATOR, "xicheng")
SUPERVISOR = Actor("su", Role.SUPERVISOR, "xicheng")
BOUGHT = "我在西城区广安门外大街的瑞隆烟酒超市买了一条假烟，要求退款，也请查处这家店。我是王小明。"
SHOP = Respondent("瑞隆烟酒超市", "西城区广安门外大街甲398号")
BODY = "110102-scjg"


def dispatched(hotline, text=BOUGHT, **more):
    case_id = hotline.register(text, dispatch=False, **({"kind": Kind.DISPUTE, "respondent": SHOP} | more)).case_id
    hotline.act(case_id, Action.DISPATCH, lead=BODY)
    return case_id


def lead(hotline, case_id):
    return hotline.snapshot(case_id).legs[-1]


def work(hotline, case_id, action, **data):
    leg = lead(hotline, case_id)
    return hotline.act(case_id, action, hotline.clerk(leg), leg=leg, **data)


def tie(hotline, one, other, relation=Relation.DUPLICATE, undo=""):
    services = hotline.services
    with services.write() as store:
        ends = [(case_id, number_of(store.session, case_id)) for case_id in (one, other)]
        where = {"desk": services.desk("xicheng"), "actor": OPERATOR, "now": services.now()}
        if undo:
            unlink(store, *ends, text=undo, **where)
        else:
            link(store, *ends, relation, **where)


def clocks(hotline, case_id):
    with hotline.services.read() as store:
        return {clock.policy: clock for clock in queries.clocks_of(store.session, case_id)}


def test_a_split_case_has_its_own_clocks_from_the_receipt(hotline, moment):
    first = dispatched(hotline)
    moment.pass_by(days=2)
    made = split_off(hotline.services, first, OPERATOR, text="另有违法线索")
    report, dispute = hotline.snapshot(made.case_id), hotline.snapshot(first)
    assert (report.kind, dispute.kind) == (Kind.REPORT, Kind.DISPUTE)
    assert report.received_at == dispute.received_at
    assert clocks(hotline, made.case_id)["H-DISPATCH"].started_at == dispute.received_at
    assert [each.case_id for each in links_of(report)] == [first]
    assert links_of(dispute)[0].relation is Relation.SPLIT
    with pytest.raises(TransitionError, match="拆分过"):
        split_off(hotline.services, first, OPERATOR)


def test_who_splits_a_dispute_out_of_a_report_does_not_see_its_caller_by_that(hotline):
    first = dispatched(hotline, kind=Kind.REPORT)
    made = hotline.snapshot(split_off(hotline.services, first, OPERATOR).case_id)
    assert made.kind is Kind.DISPUTE
    assert not look_fields(made, None, OPERATOR, hotline.services.now())
    assert look_fields(made, None, SUPERVISOR, hotline.services.now())
    assert not look_fields(hotline.snapshot(first), None, SUPERVISOR, hotline.services.now())


def test_the_clue_of_a_withdrawn_or_nameless_dispute_goes_on_as_a_report(hotline):
    first = dispatched(hotline, reporter=Reporter(anonymous=True))
    work(hotline, first, Action.SIGN)
    with pytest.raises(TransitionError, match="第10条"):
        work(hotline, first, Action.ACCEPT)
    hotline.act(first, Action.WITHDRAW, text="来电人说不要了", why="no_longer")
    made = split_off(hotline.services, first, OPERATOR)
    hotline.act(made.case_id, Action.DISPATCH, lead=BODY)
    work(hotline, made.case_id, Action.SIGN)
    work(hotline, made.case_id, Action.FILE)
    assert lead(hotline, made.case_id).state is LegState.FILED


def test_a_completed_caller_lets_the_agency_accept_and_is_masked(hotline):
    case_id = dispatched(hotline, reporter=Reporter())
    services = hotline.services
    with services.read() as store:
        before = store.complaint(hotline.snapshot(case_id).complaint_id)
    assert missing_for(before) == ("name", "phone", "address")
    work(hotline, case_id, Action.SIGN)
    with services.write() as store:
        told = Told(Reporter(name="王小明", phone="13900005678"))
        supplement(store, case_id, told, desk=services.desk("xicheng"), actor=OPERATOR, now=services.now())
    with pytest.raises(TransitionError, match="投诉人地址"):
        work(hotline, case_id, Action.ACCEPT)
    with services.write() as store:
        told = Told(Reporter(address="西城区广安胡同3号"))
        who = {"desk": services.desk("xicheng"), "actor": hotline.clerk(lead(hotline, case_id)), "now": services.now()}
        supplement(store, case_id, told, **who, leg_id=lead(hotline, case_id).id)
    work(hotline, case_id, Action.ACCEPT)
    with services.read() as store:
        after, events = store.complaint(before.id), store.events(case_id)
    assert after.reporter.name == "王小明"
    assert "王小明" not in after.masked_text
    assert not any("王小明" in str(event.data) or "13900005678" in str(event.data) for event in events)
    with services.read() as store:
        assert queries.search(store.session, "13900005678", OPERATOR, store.keyring)
        assert not queries.search(store.session, "王小明", OPERATOR, store.keyring)
    with services.write() as store, pytest.raises(InvalidInputError, match="至少"):
        supplement(store, case_id, Told(), desk=services.desk("xicheng"), actor=OPERATOR, now=services.now())


def test_a_link_is_on_both_and_can_be_undone(hotline):
    one, other = dispatched(hotline), dispatched(hotline, f"{BOUGHT}又买了一条。")
    tie(hotline, one, other)
    assert [each.case_id for each in links_of(hotline.snapshot(other))] == [one]
    with pytest.raises(TransitionError, match="关联过"):
        tie(hotline, other, one)
    with pytest.raises(InvalidInputError, match="自己"):
        tie(hotline, one, one)
    tie(hotline, other, one, undo="不是一回事")
    assert links_of(hotline.snapshot(one)) == links_of(hotline.snapshot(other)) == ()
    with pytest.raises(TransitionError, match="没有关联"):
        tie(hotline, other, one, undo="再来一次")


def copy(hotline, case_id, command, others):
    leg, services = lead(hotline, case_id), hotline.services
    with services.write() as store:
        where = {"desk": services.desk("xicheng"), "actor": hotline.clerk(leg), "now": services.now()}
        return copy_act(store, hotline.snapshot(case_id), command, others, **where)


def test_one_act_is_copied_and_each_caller_keeps_clock_and_notice(hotline, moment):
    one = dispatched(hotline)
    moment.pass_by(days=1)
    other = dispatched(hotline, f"{BOUGHT}又买了一条。")
    tie(hotline, one, other)
    for case_id in (one, other):
        work(hotline, case_id, Action.SIGN)
    leg = lead(hotline, one)
    work(hotline, one, Action.ACCEPT, told=True)
    copy(hotline, one, Command(Action.ACCEPT, leg.id, {"told": True}), [other])
    mine, theirs = clocks(hotline, one)["C-ACCEPT"], clocks(hotline, other)["C-ACCEPT"]
    assert mine.stopped_at is not None
    assert theirs.stopped_at is None
    assert theirs.started_at > mine.started_at
    with pytest.raises(InvalidInputError, match="每位来电人"):
        copy(hotline, one, Command(Action.NOTIFY, leg.id, {"subject": "result"}), [other])
    with pytest.raises(TransitionError, match="全部没有登记"):
        copy(hotline, one, Command(Action.ACCEPT, leg.id), [other])
    stranger = dispatched(hotline, f"{BOUGHT}第三条。")
    with pytest.raises(InvalidInputError, match="没有与本件关联"):
        copy(hotline, one, Command(Action.NOTE, None, {}, "一"), [stranger])


def test_the_same_form_twice_is_one_event(hotline):
    case_id, services = dispatched(hotline), hotline.services
    for _ in range(2):
        command = Command(Action.REMIND, None, {}, "请尽快", token="form-1")
        with services.write() as store:
            act(store, case_id, command, desk=services.desk("xicheng"), actor=OPERATOR, now=services.now())
    assert len(demands_of(hotline.snapshot(case_id))) == 1


def test_a_demand_has_a_clock_a_reply_and_is_counted(hotline, moment):
    case_id = dispatched(hotline)
    hotline.act(case_id, Action.SUPERVISE, SUPERVISOR, text="限期报告", days=2)
    hotline.act(case_id, Action.REMIND, text="请尽快")
    hotline.act(case_id, Action.REMIND, text="再催一次")
    asked = open_demands(hotline.snapshot(case_id))
    assert [each.kind for each in asked] == [Action.SUPERVISE, Action.REMIND]
    assert clocks(hotline, case_id)["H-SUPERVISE"].unit == "日"
    with pytest.raises(TransitionError, match="还没有回复"):
        hotline.act(case_id, Action.SUPERVISE, SUPERVISOR)
    moment.pass_by(days=4)
    work(hotline, case_id, Action.REPLY, text="正在核查", demand_id=asked[0].id)
    assert clocks(hotline, case_id)["H-SUPERVISE"].stopped_at == moment.now
    with hotline.services.read() as store:
        lines = demand_lines(store.session, "xicheng", moment.now - timedelta(days=30))
        assert demand_lines(store.session, "baodi", moment.now - timedelta(days=30)) == ()
    assert [(line.policy, line.body_id, line.stopped_at is None) for line in lines] == [
        ("H-REPLY", BODY, True),
        ("H-SUPERVISE", BODY, False),
    ]
    counted = demand_counts(lines, moment.now)[0]
    assert (counted.asked, counted.late, counted.in_time) == (2, 2, 0)
    hotline.act(case_id, Action.SUPERVISE, SUPERVISOR, text="再次督办")
    work(hotline, case_id, Action.SIGN)
    work(hotline, case_id, Action.RESOLVE, outcome="settled", text="已和解")
    assert open_demands(hotline.snapshot(case_id)) == ()
    assert clocks(hotline, case_id)["H-REPLY"].stopped_at == moment.now


def test_a_demand_goes_on_with_the_next_lead(hotline):
    case_id = dispatched(hotline)
    hotline.act(case_id, Action.SUPERVISE, SUPERVISOR)
    hotline.act(case_id, Action.REASSIGN, lead="110102-whly", why="wrong_dispatch")
    clock = clocks(hotline, case_id)["H-SUPERVISE"]
    assert (clock.body_id, clock.stopped_at) == ("110102-whly", None)


def test_repeats_and_groups_come_from_the_keys(hotline, moment):
    one = dispatched(hotline)
    other = dispatched(
        hotline, "瑞隆超市卖假酒，请查处。", respondent=Respondent("北京瑞隆超市有限公司"), kind=Kind.REPORT
    )
    alone = dispatched(hotline, "福来饭店卖假酒。", respondent=Respondent("福来饭店"))
    half = split_off(hotline.services, one, OPERATOR).case_id
    with hotline.services.read() as store:
        complaint = store.complaint(hotline.snapshot(one).complaint_id)
        found = repeats_of(store.session, complaint)
        grouped = groups(store.session, "xicheng", moment.now - timedelta(days=1))
        assert groups(store.session, "baodi", moment.now - timedelta(days=1)) == ()
        keys = store.session.execute(select(RESPONDENT_KEY.c.key)).scalars().all()
    assert [repeat.member.case_id for repeat in found] == [other]
    assert found[0].evidence[0].words == "瑞隆"
    assert len(grouped) == 1
    cases = {member.case_id for member in grouped[0].members}
    assert len(cases) == 2
    assert other in cases
    assert cases & {one, half}
    assert alone not in cases
    assert "n:瑞隆" in keys


@pytest.mark.parametrize(("decline", "title"), [(False, "投诉受理告知书"), (True, "投诉不予受理告知书")])
def test_a_notice_is_a_word_document_of_the_case(hotline, decline, title):
    case_id, services = dispatched(hotline), hotline.services
    work(hotline, case_id, Action.SIGN)
    if decline:
        work(hotline, case_id, Action.DECLINE, ground="4")
    else:
        work(hotline, case_id, Action.ACCEPT)
    leg = lead(hotline, case_id)
    where = {"desk": services.desk("xicheng"), "actor": hotline.clerk(leg), "now": services.now()}
    with services.read() as store:
        assert writable(hotline.snapshot(case_id), store.events(case_id)) == (NoticeSubject.ACCEPTANCE,)
    with services.write() as store:
        made = ensure_notice(store, case_id, NoticeSubject.ACCEPTANCE, **where)
        assert ensure_notice(store, case_id, NoticeSubject.ACCEPTANCE, **where) is None
        with pytest.raises(TransitionError, match="还没有作出决定"):
            ensure_notice(store, case_id, NoticeSubject.TERMINATION, **where)
        content = store.evidence(made.id)[1]
        events = store.events(case_id)
    lines = [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]
    text = "\n".join(lines)
    assert title in lines
    assert "李小明：" in lines
    assert "13900001111" not in text
    assert "某小区" not in text
    assert "2026年11月18日" in text
    assert ("第16条" in text and "超过三年" in text and "第三十九条" in text and "行政复议" in text) is decline
    assert "第15条" in text
    assert hidden_from(hotline.snapshot(case_id), events, hotline.clerk(leg), services.now()) == frozenset()
    other = Actor("x", Role.CLERK, "xicheng", "110102-whly")
    assert hidden_from(hotline.snapshot(case_id), events, other, services.now()) == {made.id}


def test_a_report_is_told_by_the_desk_and_an_agency_never_names_its_caller(hotline):
    case_id, services = dispatched(hotline, kind=Kind.REPORT), hotline.services
    work(hotline, case_id, Action.SIGN)
    work(hotline, case_id, Action.NOT_FILE, ground="19-1", text="举报人李小明提供的照片看不清")
    leg = lead(hotline, case_id)
    with services.write() as store:
        made = ensure_notice(
            store,
            case_id,
            NoticeSubject.FILING,
            desk=services.desk("xicheng"),
            actor=hotline.clerk(leg),
            now=services.now(),
        )
        text = "\n".join(each.text for each in Document(io.BytesIO(store.evidence(made.id)[1])).paragraphs)
        events = store.events(case_id)
    assert "不予立案告知书" in text
    assert "举报人：" in text
    assert "李小明" not in text
    assert hidden_from(hotline.snapshot(case_id), events, hotline.clerk(leg), services.now()) == frozenset()


def test_an_anonymous_report_has_no_notice(hotline):
    case_id, services = dispatched(hotline, kind=Kind.REPORT, reporter=Reporter(anonymous=True)), hotline.services
    work(hotline, case_id, Action.SIGN)
    work(hotline, case_id, Action.FILE)
    with services.write() as store:
        where = {"desk": services.desk("xicheng"), "actor": OPERATOR, "now": services.now()}
        assert ensure_notice(store, case_id, NoticeSubject.FILING, **where) is None


def test_a_paper_of_the_desk_names_no_reporter_while_the_report_is_sealed(hotline):
    case_id, services = dispatched(hotline, kind=Kind.REPORT), hotline.services
    work(hotline, case_id, Action.SIGN)
    work(hotline, case_id, Action.NOT_FILE, ground="19-1", text="举报人李小明提供的照片看不清")
    where = {"desk": services.desk("xicheng"), "actor": OPERATOR, "now": services.now()}
    with services.write() as store:
        made = ensure_notice(store, case_id, NoticeSubject.FILING, **where)
        text = "\n".join(each.text for each in Document(io.BytesIO(store.evidence(made.id)[1])).paragraphs)
    assert "不予立案告知书" in text
    assert "李小明" not in text
