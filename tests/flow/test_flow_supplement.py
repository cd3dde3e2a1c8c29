"""补充材料: whatever 第10条 misses can be completed, each time by an event; only the whole of it lets 受理 happen."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hotline.casework.bonds import lacking_of
from hotline.casework.clocks import explain
from hotline.casework.completeness import LACKING, SUPPLEMENTS, missing_for
from hotline.casework.lifecycle import allowed
from hotline.casework.reckoning import reckon
from hotline.casework.supplementing import Told, supplement
from hotline.errors import ForbiddenError, InvalidInputError, TransitionError
from hotline.records import Actor, Reporter, Respondent
from hotline.store import queries
from hotline.store.auditrows import verify_rows
from hotline.store.clockstore import clocks_of
from hotline.store.tables import RESPONDENT_KEY
from hotline.vocabulary import Action, Kind, LegState, Role

OPERATOR = Actor("op", Role.OPERATOR, "xicheng")
BODY = "110102-scjg"
NOTHING = {"reporter": Reporter(), "respondent": Respondent(), "demand": "", "kind": Kind.DISPUTE}
TEXT = "我在西城区一家店里买的茶具，用了一次就裂了，店里的人不理我。"
STEPS = (
    ("name", Told(Reporter(name="王小明"))),
    ("phone", Told(Reporter(phone="13900005678"))),
    ("address", Told(Reporter(address="西城区广安胡同3号"))),
    ("respondent_name", Told(respondent=Respondent(name="瑞隆茶具店"))),
    ("respondent_address", Told(respondent=Respondent(address="西城区广安门外大街甲398号"))),
    ("demand", Told(demand="退货退款，赔偿三倍")),
)


@pytest.fixture
def bare(hotline):
    """A dispute in which everything is missing, signed by its agency."""
    case_id = hotline.register(TEXT, dispatch=False, **NOTHING).case_id
    hotline.act(case_id, Action.DISPATCH, lead=BODY)
    leg = hotline.snapshot(case_id).legs[-1]
    hotline.act(case_id, Action.SIGN, hotline.clerk(leg), leg=leg)
    return case_id


def complete(hotline, case_id, told, actor=OPERATOR, leg_id=None, token=""):
    services = hotline.services
    with services.write() as store:
        where = {"desk": services.desk("xicheng"), "actor": actor, "now": services.now()}
        return supplement(store, case_id, told, **where, leg_id=leg_id, token=token)


def clerk_of(hotline, case_id):
    leg = hotline.snapshot(case_id).legs[-1]
    return hotline.clerk(leg), leg.id


def accept(hotline, case_id):
    leg = hotline.snapshot(case_id).legs[-1]
    hotline.act(case_id, Action.ACCEPT, hotline.clerk(leg), leg=leg)


def offered(hotline, case_id):
    snapshot = hotline.snapshot(case_id)
    return {offer.transition.action for offer in allowed(snapshot, hotline.clerk(snapshot.legs[-1]))}


@pytest.mark.parametrize("by", ["desk", "agency"])
def test_each_missing_item_bars_acceptance_until_it_is_told(hotline, bare, by):
    who = clerk_of(hotline, bare) if by == "agency" else (OPERATOR, None)
    assert lacking_of(hotline.snapshot(bare)) == tuple(LACKING)
    for number, (code, told) in enumerate(STEPS):
        with pytest.raises(TransitionError, match=LACKING[code][:5]):
            accept(hotline, bare)
        assert Action.ACCEPT not in offered(hotline, bare)
        after = complete(hotline, bare, told, *who)
        assert lacking_of(after) == tuple(LACKING)[number + 1 :]
    assert Action.ACCEPT in offered(hotline, bare)
    accept(hotline, bare)
    assert hotline.snapshot(bare).legs[-1].state is LegState.ACCEPTED
    with hotline.services.read() as store:
        events = [event for event in store.events(bare) if event.action is Action.SUPPLEMENT]
        complaint = store.complaint(hotline.snapshot(bare).complaint_id)
    assert [event.data["fields"] for event in events] == [(code,) for code, _ in STEPS]
    assert missing_for(complaint) == ()
    assert not any("王小明" in str(event.data) or "瑞隆" in str(event.data) for event in events)


def test_first_contact_waits_for_a_phone_and_then_counts_from_there(hotline, bare, moment):
    services = hotline.services
    assert first_contact(services, bare) == []
    moment.pass_by(days=5)
    complete(hotline, bare, STEPS[1][1], *clerk_of(hotline, bare))
    (clock,) = first_contact(services, bare)
    assert (clock.started_at, clock.running()) == (moment.now, True)
    assert "补充投诉人、举报人电话" in explain(clock)[1]
    rules, bodies, office = (
        services.rulebook.clock_rules,
        services.rulebook.directory.bodies,
        services.office("xicheng"),
    )

    def again(events, snapshot):
        return rules.mark(office), reckon(events, snapshot, office=office, rules=rules, bodies=bodies)

    assert verify_rows(services.engine, services.keyring, again) == []
    complete(hotline, bare, Told(Reporter(phone="13900005679")))
    assert first_contact(services, bare) == [clock]
    leg = hotline.snapshot(bare).legs[-1]
    hotline.act(bare, Action.CONTACT, hotline.clerk(leg), leg=leg)
    assert [each.stopped_at for each in first_contact(services, bare)] == [moment.now]


def first_contact(services, case_id):
    with services.read() as store:
        return [each for each in clocks_of(store.session, case_id) if each.policy == "H-FIRST-CONTACT"]


def test_goods_and_facts_are_kept_and_the_respondent_is_found_again(hotline, bare):
    complete(
        hotline, bare, Told(respondent=Respondent(name="瑞隆茶具店"), goods="紫砂壶", facts="小票上写着十一月二日")
    )
    services = hotline.services
    with services.read() as store:
        complaint = store.complaint(hotline.snapshot(bare).complaint_id)
        keys = store.session.execute(
            select(RESPONDENT_KEY.c.key).where(RESPONDENT_KEY.c.complaint_id == complaint.id)
        ).all()
        texts = store.event_texts(bare)
        assert queries.search(store.session, "紫砂壶", OPERATOR, store.keyring)
    assert complaint.goods == "紫砂壶"
    assert keys
    assert "小票上写着十一月二日" in texts.values()
    assert complaint.text == TEXT


def test_an_agency_completes_only_what_is_empty(hotline, bare):
    who = clerk_of(hotline, bare)
    complete(hotline, bare, Told(respondent=Respondent(name="瑞隆茶具店")), *who)
    with pytest.raises(InvalidInputError, match="派单台"):
        complete(hotline, bare, Told(respondent=Respondent(name="别家店")), *who)
    complete(hotline, bare, Told(respondent=Respondent(name="瑞隆茶具（广外）店")))
    complete(hotline, bare, Told(Reporter(address="某处1号")), *who)
    with pytest.raises(InvalidInputError, match="密封"):
        complete(hotline, bare, Told(Reporter(address="某处2号")), *who)


def test_the_same_form_twice_is_kept_once_and_undoes_nothing(hotline, bare):
    complete(hotline, bare, Told(Reporter(phone="13900005678")), token="f1")
    complete(hotline, bare, Told(Reporter(phone="13900005679")), token="f2")
    seq = hotline.snapshot(bare).seq
    complete(hotline, bare, Told(Reporter(phone="13900005678")), token="f1")
    assert hotline.snapshot(bare).seq == seq
    with hotline.services.read() as store:
        assert store.complaint(hotline.snapshot(bare).complaint_id).reporter.phone == "13900005679"
    who = clerk_of(hotline, bare)
    for _ in range(2):  # What stands there now is no refusal of the same form.
        complete(hotline, bare, Told(respondent=Respondent(name="瑞隆茶具店")), *who, token="f3")


def test_nobody_else_and_nothing_is_refused(hotline, bare):
    stranger = Actor("x", Role.CLERK, "xicheng", "110102-whly")
    with pytest.raises(ForbiddenError):
        complete(hotline, bare, Told(goods="壶"), stranger, clerk_of(hotline, bare)[1])
    with pytest.raises(ForbiddenError):
        complete(hotline, bare, Told(goods="壶"), Actor("op9", Role.OPERATOR, "baodi"))
    with pytest.raises(InvalidInputError, match="至少"):
        complete(hotline, bare, Told(goods="  "))


def test_a_report_asks_for_nothing_and_becomes_a_dispute_with_what_it_lacks(hotline):
    case_id = hotline.register(TEXT, dispatch=False, **(NOTHING | {"kind": Kind.REPORT})).case_id
    with hotline.services.read() as store:
        assert missing_for(store.complaint(hotline.snapshot(case_id).complaint_id)) == ()
    assert lacking_of(hotline.snapshot(case_id)) == tuple(LACKING)


def test_every_item_of_the_article_can_be_completed():
    assert set(LACKING) <= set(SUPPLEMENTS)
