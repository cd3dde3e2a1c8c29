import json
from datetime import date

import pytest

from hotline.errors import InvalidInputError
from hotline.routing.directory_file import load_directory
from hotline.routing.matrix import lead_depends_on_setting, route, without_plan
from hotline.routing.plan_format import parse_plan
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy
from hotline.vocabulary import Mode

PLAN = load_plans()["xicheng-2011"]
SALES = tuple(code for code in load_taxonomy().settings if code != "delivery")


def send(category, setting, text="", *, on=date(2026, 11, 20), plan=PLAN):
    return route(
        plan=plan,
        directory=load_directory(),
        category=category,
        setting=setting,
        text=text,
        received_on=on,
    )


def words(assignment):
    return "\n".join(f"{item.step}：{item.detail}" for item in assignment.trace)


def test_duty_reference_is_verbatim_and_versioned():
    assignment = send("copyright", "street", "校门口卖盗版书")
    assert assignment.plan == "xicheng-2011"
    assert assignment.plan_version == 1
    assert assignment.duty.plan == "xicheng-2011"
    assert (assignment.duty.clause, assignment.duty.seq, assignment.duty.mode) == ("二（二）3", 1, Mode.SOLE)
    assert assignment.duty.quote.startswith("强化对市场环境的执法")
    assert not assignment.silent


def test_both_names_are_given_then_and_today():
    assignment = send("product_quality", "production")
    assert (assignment.lead.name, assignment.lead.body_id) == ("区质监局", "110102-zjj")
    assert (assignment.lead.today, assignment.lead.today_body_id) == ("北京市西城区市场监督管理局", "110102-scjg")
    old = send("product_quality", "production", on=date(2011, 3, 1))
    assert (old.lead.today, old.lead.today_body_id) == ("北京市西城区质量技术监督局", "110102-zjj")


def test_silent_plan_goes_to_the_office_for_a_person():
    assignment = send("tobacco", "market", "卖假中华烟")
    assert assignment.silent
    assert assignment.duty is None
    assert assignment.co == ()
    assert assignment.lead.name == PLAN.office.name
    assert "方案未列明" in words(assignment)


def test_other_is_not_dispatched():
    assignment = send("other", "unknown", "楼上太吵")
    assert (assignment.duty, assignment.lead, assignment.co, assignment.silent) == (None, None, (), False)
    assert "转交" in words(assignment)


def test_courier_is_no_sales_channel():
    assignment = send("trademark", "delivery", "快递点收寄假鞋")
    assert assignment.silent
    assert "寄递" in words(assignment)


def test_trace_names_facets_tried_winner_runner_up_and_versions():
    trace = words(send("geographical_indication", "online", "冒充五常大米"))
    assert "类别“地理标志”" in trace
    assert "商品词“大米”" in trace
    assert "条款列明的商品词在文中出现者优先" in trace
    assert "次选 二（三）2" in trace
    assert "方案 xicheng-2011 第1版" in trace
    joint = words(send("drug", "online"))
    assert "按职权范围确定" in joint
    assert "药品管理法" in joint


@pytest.mark.parametrize(("category", "setting"), [("nonsense", "market"), ("food", "nowhere")])
def test_unknown_facets_are_named(category, setting):
    with pytest.raises(InvalidInputError, match="没有"):
        send(category, setting)


@pytest.mark.parametrize(
    ("category", "expected"),
    [("copyright", True), ("product_quality", True), ("food", False), ("tobacco", False), ("price_fraud", False)],
)
def test_lead_depends_on_setting(category, expected):
    assert lead_depends_on_setting(PLAN, load_directory(), category, SALES) is expected


def test_goods_words_change_whether_the_lead_depends_on_the_setting():
    assert lead_depends_on_setting(PLAN, load_directory(), "geographical_indication", SALES)
    assert not lead_depends_on_setting(PLAN, load_directory(), "geographical_indication", SALES, "假五常大米")


def test_no_plan_in_force_names_nobody():
    assignment = without_plan("food", "market", "当地没有现行方案")
    assert (assignment.plan, assignment.lead, assignment.silent) == (None, None, True)
    assert "当地没有现行方案" in words(assignment)


HEAD = """
format = 1
id = "trial"
version = 1
title = "试行方案"
issued_on = 2011-01-10
region = "110102"
region_name = "北京市西城区"
source = "trial.txt"

[office]
name = "区专项行动领导小组办公室"
"""


def duty(clause, agencies, categories, **more):
    fields = {"seq": 1, "quote": "条文", "mode": "sole" if len(agencies) == 1 else "joint", "subject": "试", **more}
    fields |= {"clause": clause, "agencies": agencies, "categories": categories, "complaint_relevant": True}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    return "\n[[duty]]\n" + "\n".join(lines) + "\n"


def trial(*duties):
    return parse_plan(HEAD + "".join(duties), "trial.toml")


@pytest.mark.parametrize(
    ("setting", "winner"),
    [("online", "网"), ("market", "无"), ("street", "无"), ("unknown", "无")],
)
def test_setting_ranks_named_then_none(setting, winner):
    plan = trial(
        duty("网", ["区质监局"], ["fuel"], settings=["online"]),
        duty("无", ["区财政局"], ["fuel"]),
        duty("产", ["区国资委"], ["fuel"], settings=["production"]),
    )
    assert send("fuel", setting, plan=plan).duty.clause == winner


@pytest.mark.parametrize("setting", ["street", "production", "institution"])
def test_setting_shuts_nothing_out_and_trade_comes_before_the_others(setting):
    plan = trial(
        duty("网", ["区质监局"], ["fuel"], settings=["online"]),
        duty("市", ["区财政局"], ["fuel"], settings=["market"]),
    )
    assert send("fuel", setting, plan=plan).duty.clause == "市"
    assert (
        send("fuel", setting, plan=trial(duty("网", ["区质监局"], ["fuel"], settings=["online"]))).duty.clause == "网"
    )


def test_goods_regulator_before_channel_and_chapter_last():
    plan = trial(
        duty("章", ["区财政局"], ["fuel"], settings=["online"], basis="chapter"),
        duty("渠", ["区国资委"], ["fuel"], settings=["online"], basis="channel"),
        duty("油", ["区质监局"], ["fuel"], settings=["production"], basis="goods"),
    )
    assert send("fuel", "online", plan=plan).duty.clause == "油"
    assert "有专门监管部门的商品优先" in words(send("fuel", "online", plan=plan))


@pytest.mark.parametrize(("text", "winner"), [("童装甲醛超标", "童"), ("电线不合格", "总")])
def test_goods_words_hit_before_none_before_missed(text, winner):
    plan = trial(
        duty("童", ["区财政局"], ["product_quality"], goods=["童装", "玩具"], settings=["market"]),
        duty("总", ["区质监局"], ["product_quality"]),
    )
    assert send("product_quality", "market", text, plan=plan).duty.clause == winner


def test_courier_regulator_leads_whatever_was_carried():
    plan = trial(
        duty("寄", ["区财政局"], [], settings=["delivery"], basis="goods"),
        duty("总", ["区质监局"], ["tobacco", "fuel"]),
    )
    assert send("tobacco", "delivery", plan=plan).lead.name == "区财政局"
    assert send("drug", "delivery", plan=plan).lead.name == "区财政局"
    assert send("tobacco", "online", plan=plan).lead.name == "区质监局"


def test_of_several_leads_the_competent_one_leads_and_the_others_assist():
    plan = trial(
        duty("甲", ["区财政局", "区质监局", "区国资委"], ["fuel"], mode="lead+assist", lead=["区财政局", "区质监局"])
    )
    assignment = send("fuel", "market", plan=plan)
    assert assignment.lead.name == "区质监局"
    assert [agency.name for agency in assignment.co] == ["区财政局", "区国资委"]


def test_joint_duty_without_a_competent_agency_goes_to_the_office():
    assignment = send("fuel", "market", plan=trial(duty("甲", ["区财政局", "区国资委"], ["fuel"])))
    assert assignment.silent
    assert assignment.lead.name == "区专项行动领导小组办公室"
    assert "无法确定唯一牵头" in words(assignment)
