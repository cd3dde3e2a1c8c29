from dataclasses import replace
from datetime import date

import pytest

from hotline.errors import InvalidInputError, UnknownPlanError
from hotline.routing.places import plan_for, regions_upwards
from hotline.routing.plans import load_plans

XICHENG = load_plans()["xicheng-2011"]
CITY = replace(XICHENG, id="city", region="110000", issued_on=date(2010, 6, 1))
NATION = replace(XICHENG, id="nation", region="000000", issued_on=date(2010, 1, 1))
FOCUS = replace(XICHENG, id="focus", region="000000", issued_on=date(2012, 1, 1), duties=())
PLANS = {plan.id: plan for plan in (XICHENG, CITY, NATION, FOCUS)}
NOW = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("region", "on", "chain"),
    [
        ("110102", NOW, ("xicheng-2011", "city", "nation")),
        ("110102", date(2011, 1, 10), ("xicheng-2011", "city", "nation")),
        ("110102", date(2011, 1, 9), ("city", "nation")),
        ("110105", NOW, ("city", "nation")),
        ("110000", NOW, ("city", "nation")),
        ("411702", NOW, ("nation",)),
        (None, NOW, ("nation",)),
        ("110102", date(2009, 1, 1), ()),
    ],
)
def test_the_most_local_plan_in_force(region, on, chain):
    choice = plan_for(region, on, PLANS)
    assert choice.chain == chain
    assert (choice.plan.id if choice.plan else None) == (chain[0] if chain else None)
    assert choice.reason


def test_the_printed_period_ends_nothing_but_withdrawal_does():
    assert plan_for("110102", NOW, PLANS).plan is XICHENG
    gone = {**PLANS, "xicheng-2011": replace(XICHENG, withdrawn_on=date(2020, 1, 1))}
    assert plan_for("110102", date(2019, 12, 31), gone).plan.id == "xicheng-2011"
    assert plan_for("110102", date(2020, 1, 1), gone).plan.id == "city"


def test_without_a_place_the_receiving_office_s_plan_serves_marked_so():
    choice = plan_for(None, NOW, PLANS, "xicheng-2011")
    assert (choice.plan.id, choice.place_known) == ("xicheng-2011", False)
    assert "没有写明地点" in choice.reason
    assert plan_for("110105", NOW, PLANS, "xicheng-2011").plan.id == "city"


def test_later_plan_of_the_same_place_comes_first():
    later = replace(XICHENG, id="later", issued_on=date(2015, 1, 1))
    assert plan_for("110102", NOW, {**PLANS, "later": later}).chain[:2] == ("later", "xicheng-2011")


def test_bad_input():
    with pytest.raises(InvalidInputError, match="六位"):
        plan_for("西城", NOW, PLANS)
    with pytest.raises(UnknownPlanError):
        plan_for(None, NOW, PLANS, "nowhere")


def test_regions_upwards():
    assert regions_upwards("411702") == ("411702", "411700", "410000", "000000")
    assert regions_upwards("110000") == ("110000", "000000")


@pytest.mark.parametrize(
    ("region", "on", "chain"),
    [
        ("110102", NOW, ("xicheng-2011", "beijing-2017", "national-2017")),
        ("110105", NOW, ("beijing-2017", "national-2017")),
        ("110000", NOW, ("beijing-2017", "national-2017")),
        ("110105", date(2017, 6, 6), ("national-2017",)),
        ("120115", NOW, ("baodi-2010", "national-2017")),
        ("120000", NOW, ("national-2017",)),
        ("411700", NOW, ("zhumadian-2015", "national-2017")),
        ("411702", NOW, ("zhumadian-2015", "national-2017")),
        ("411722", NOW, ("zhumadian-2015", "national-2017")),
        ("410100", NOW, ("national-2017",)),
        ("440300", NOW, ("national-2017",)),
        (None, NOW, ("national-2017",)),
        ("440300", date(2017, 5, 15), ()),
    ],
)
def test_the_shipped_plans_by_place_and_day(region, on, chain):
    choice = plan_for(region, on, load_plans())
    assert choice.chain == chain
    assert (choice.plan.id if choice.plan else None) == (chain[0] if chain else None)


def test_beijing_serves_with_the_annex_it_forwards_and_its_own_office():
    choice = plan_for("110105", NOW, load_plans())
    assert choice.plan.office.name == "北京市打击侵权假冒工作领导小组办公室"
    assert {duty.plan for duty in choice.plan.duties} == {"beijing-2017", "national-2017"}
