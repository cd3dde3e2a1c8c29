"""Marking a complaint with the focuses of the plans in force."""

from dataclasses import replace
from datetime import date

import pytest

from hotline.errors import InvalidInputError
from hotline.routing.focus import focuses
from hotline.routing.plans import load_plans

PLANS = load_plans()
LISTED = {plan_id: PLANS[plan_id] for plan_id in ("national-2012", "national-2017", "beijing-2017")}
OLD = {"national-2012": PLANS["national-2012"]}
NOW = date(2026, 11, 21)


def clauses(marks):
    return [(mark.plan, mark.focus.clause) for mark in marks]


@pytest.mark.parametrize(
    ("category", "text", "expected"),
    [
        ("trademark", "店里卖假冒名牌包", ["一（一）"]),
        ("mark_printing", "印假商标", ["一（一）"]),
        ("online_copyright", "网站放盗版电影", ["一（二）"]),
        ("patent", "冒用专利号", ["一（三）"]),
        ("product_quality", "淘宝网店买的电线不合格", ["一（四）"]),
        ("product_quality", "五金店的电线不合格", []),
        ("trademark", "海关查到出口货冒用商标", ["一（一）", "一（五）"]),
        ("drug", "药店卖假药", ["一（六）", "二（一）"]),
        ("agricultural_inputs", "种子不发芽", ["一（七）", "二（一）"]),
        ("auto_parts", "刹车片是假的", ["一（八）"]),
        ("geographical_indication", "冒充五常大米", ["一（九）"]),
        ("certification_mark", "冒用有机标志", ["一（十）"]),
        ("certification_mark", "冒用3C标志", []),
        ("food", "农村大集上卖山寨饮料", ["一（十一）", "二（一）"]),
        ("trade_secret", "员工带走客户名单", ["一（末段）"]),
        ("special_symbol", "擅用五环标志", ["一（末段）"]),
        ("product_quality", "灭火器是空的", ["二（一）"]),
        ("tobacco", "店里卖假烟", []),
        ("other", "网店发货慢", []),
    ],
)
def test_the_list_of_2012(category, text, expected):
    assert [mark.focus.clause for mark in focuses(OLD, category, text, "440300", NOW)] == expected


def test_the_setting_serves_where_it_is_known():
    assert focuses(OLD, "tobacco", "卖假烟", None, NOW) == ()
    mark = focuses(OLD, "tobacco", "卖假烟", None, NOW, setting="online")[0]
    assert (mark.focus.clause, mark.because) == ("一（四）", "环节“网络与电话电视购物”")
    assert focuses(OLD, "tobacco", "卖假烟", None, NOW, setting="market") == ()


def test_every_plan_in_force_at_the_place_counts_the_most_local_first():
    found = clauses(focuses(LISTED, "fuel", "加油站卖劣质汽油", "110105", NOW))
    assert found == [("beijing-2017", "二"), ("national-2017", "二（四）")]
    assert clauses(focuses(LISTED, "fuel", "加油站卖劣质汽油", "440300", NOW)) == [("national-2017", "二（四）")]
    assert clauses(focuses(LISTED, "fuel", "加油站卖劣质汽油", None, NOW)) == [("national-2017", "二（四）")]


def test_a_local_plan_does_not_end_the_nation_s_campaigns():
    found = focuses(PLANS, "trademark", "老字号被冒用", "110102", NOW)
    assert {"beijing-2017", "national-2017", "national-2012"} <= {mark.plan for mark in found}


def test_a_courier_is_a_focus_whatever_it_carried():
    found = focuses(LISTED, "tobacco", "快递不验视就收件", None, NOW, setting="delivery")
    assert ("national-2017", "二（六）") in clauses(found)


def test_only_plans_in_force_on_the_day_count():
    assert clauses(focuses(LISTED, "drug", "假药", None, date(2015, 1, 1))) == [
        ("national-2012", "一（六）"),
        ("national-2012", "二（一）"),
    ]
    assert focuses(LISTED, "drug", "假药", None, date(2011, 12, 31)) == ()
    gone = {"national-2012": replace(PLANS["national-2012"], withdrawn_on=date(2017, 5, 16))}
    assert focuses(gone, "drug", "假药", None, NOW) == ()


def test_a_mark_names_its_plan_version_and_reason():
    mark = focuses(OLD, "product_quality", "在京东买的玩具", None, NOW)[0]
    assert (mark.plan, mark.plan_version, mark.because) == ("national-2012", 1, "文中“京东”")
    assert mark.code == "national-2012/一（四）/网络商品交易网站专项整治"


def test_codes_of_marks_are_unique():
    codes = [(plan.id, focus.clause, focus.name) for plan in PLANS.values() for focus in plan.focuses]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("category", "region", "setting"), [("petrol", None, None), ("fuel", "北京", None), ("fuel", None, "nowhere")]
)
def test_bad_input(category, region, setting):
    with pytest.raises(InvalidInputError):
        focuses(OLD, category, "", region, NOW, setting=setting)
