"""疑似重复 after an import: each record with what it likely repeats, and no informer found by a number."""

from __future__ import annotations

import pytest

from hotline.importing.files import import_file
from hotline.intake.outcome import why_near
from hotline.records import Actor, Reporter, Respondent
from hotline.vocabulary import Action, Kind, Role
from tests.flow.conftest import SUPERVISOR

IMPORTER = Actor("import", Role.SYSTEM, "xicheng")
HEADER = "工单编号,投诉内容,来电号码,被投诉单位,性质\n"
PHONE = "13700002222"
TOLD = "柳林村村东头鱼塘边上有个院子加工猪血，味道很重，工人往桶里倒福尔马林。"
RETOLD = "柳林村鱼塘旁边一户人家做血豆腐，往桶里倒福尔马林，味道很重。"
OTHER = "在某网店买的羽绒服里面全是碎布，要求退款。"


def run(services, rows, *, repeats=100, processes=1):
    content = (HEADER + "".join(f"{row}\n" for row in rows)).encode()
    return import_file(services, content, "12315", IMPORTER, source="t", repeats=repeats, processes=processes)


def told(outcome):
    return {each.row: [why_near(near) for near in each.near] for each in outcome.repeats}


@pytest.fixture
def earlier(hotline, services):
    """A tip that was registered by hand, and a dispute of a caller who had one before."""
    made = hotline.register(TOLD, kind=Kind.REPORT, respondent=Respondent(), reporter=Reporter("孙某", "13900005555"))
    caller = Reporter("周某", PHONE)
    hotline.register(OTHER, external_id="d", kind=Kind.DISPUTE, respondent=Respondent(), reporter=caller)
    with services.read() as store:
        return store.events(made.case_id)[0].case_id


def test_each_record_names_what_it_likely_repeats_and_why(services, earlier):
    outcome = run(
        services, [f"A1,{RETOLD},,,举报", f"A2,小区门口理发店办卡后关门跑路,{PHONE},,投诉", "A3,路灯不亮,,,咨询"]
    )
    assert told(outcome) == {1: ["可能重复，内容相近"], 2: ["同一电话"]}
    assert (outcome.accepted, outcome.unchecked) == (3, 0)
    first = outcome.repeats[0]
    assert (first.line, first.near[0].case_id) == (2, earlier)
    assert first.number != first.near[0].number


def test_records_of_one_file_find_each_other(services):
    outcome = run(services, [f"A1,{TOLD},,,举报", "A2,路灯不亮,,,咨询", f"A3,{RETOLD},,,举报"])
    by_row = {each.row: each for each in outcome.repeats}
    assert set(by_row) == {1, 3}
    assert by_row[1].near[0].number == by_row[3].number


def test_an_informer_is_found_by_no_number_and_finds_none(services, hotline):
    reporter = Reporter("孙某", PHONE)
    hotline.register("有人在巷子里卖假烟。", kind=Kind.REPORT, respondent=Respondent(), reporter=reporter)
    hotline.register(OTHER, external_id="d", kind=Kind.DISPUTE, respondent=Respondent(), reporter=reporter)
    outcome = run(services, [f"A1,某药店卖过期药品,{PHONE},,举报", f"A2,小区门口理发店办卡后关门跑路,{PHONE},,投诉"])
    assert told(outcome) == {2: ["同一电话"]}
    assert len(outcome.repeats[0].near) == 1, "the dispute and not the tip"


def test_a_report_that_was_called_a_dispute_for_a_while_is_found_by_no_number(services, hotline):
    reporter = Reporter("孙某", PHONE)
    made = hotline.register("有人在巷子里卖假烟。", kind=Kind.REPORT, respondent=Respondent(), reporter=reporter)
    case = hotline.snapshot(made.case_id)
    common = {"category": case.category, "setting": case.setting, "urgency": "一般", "state": case.state.value}
    hotline.act(made.case_id, Action.CLASSIFY, SUPERVISOR, kind="dispute", **common)
    assert told(run(services, [f"A1,小区门口理发店办卡后关门跑路,{PHONE},,投诉"])) == {}


def test_only_the_first_records_are_looked_up_and_the_rest_is_counted(services):
    rows = [f"A{n},{TOLD},,,举报" for n in range(5)]
    outcome = run(services, rows, repeats=2)
    assert {each.row for each in outcome.repeats} <= {1, 2}
    assert (outcome.accepted, outcome.unchecked) == (5, 3)
    assert run(services, [f"B{n},{TOLD},,,举报" for n in range(3)], repeats=0).unchecked == 3


def test_what_was_there_before_or_refused_is_not_told_of(services):
    rows = [f"A1,{TOLD},,,举报", "A2,,,,举报"]
    run(services, rows)
    again = run(services, [*rows, f"A3,{RETOLD},,,举报"])
    assert set(told(again)) == {3}
    assert (again.accepted, again.duplicates, again.unchecked) == (1, 1, 0)


def test_records_without_an_id_are_found_by_the_one_that_is_made_for_them(services, earlier):
    outcome = run(services, [f",{RETOLD},,,举报"])
    assert [each.near[0].case_id for each in outcome.repeats] == [earlier]


def test_of_another_office_nothing_is_named(services, hotline):
    hotline.register(TOLD, kind=Kind.REPORT, respondent=Respondent(), reporter=Reporter("孙某", "13900005555"))
    content = (HEADER + f"A1,{RETOLD},,,举报\n").encode()
    north = Actor("import", Role.SYSTEM, "baodi")
    assert import_file(services, content, "12315", north, source="t", repeats=10).repeats == ()
