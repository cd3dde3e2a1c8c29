from dataclasses import replace
from datetime import date

import pytest

from hotline.records import Office
from hotline.routing.directory_file import load_directory
from hotline.routing.plan_candidate import examine
from hotline.routing.plan_versions import PlanVersion, known_plans, plans_on
from hotline.routing.plans import SHIPPED, load_plans
from hotline.routing.replay import ReplayCase, named_bodies, replay
from hotline.routing.taxonomy import load_taxonomy

WEST = Office("xicheng", "西城区双打办", "110102", "xicheng-2011", "1")
DAY = date(2026, 12, 1)
STREET = ReplayCase(
    "c1", "N1", "copyright", "street", "学校门口卖盗版教辅", "110102", date(2026, 11, 1), "xicheng-2011"
)
SHOP = replace(STREET, case_id="c2", number="N2", setting="market")
ELSEWHERE = replace(STREET, case_id="c3", number="N3", region="411700", plan="zhumadian-2015")
OTHER = replace(STREET, case_id="c4", number="N4", category="other")


def text_of(plan_id="xicheng-2011"):
    return (SHIPPED / f"{plan_id}.toml").read_text("utf-8")


def look(content, plan_id="xicheng-2011", **more):
    given = {"file": "x.toml", "plans": load_plans(), "directory": load_directory(), "taxonomy": load_taxonomy()}
    return examine(content, plan_id=plan_id, **(given | more))


def without(plan, agency):
    return replace(plan, version=2, duties=tuple(duty for duty in plan.duties if agency not in duty.agencies))


def run(cases, after, before=None, **more):
    return replay(cases, before or load_plans(), after, load_directory(), office=WEST, on=more.get("on", DAY))


def test_the_same_plans_move_nothing():
    assert run([STREET, SHOP, ELSEWHERE, OTHER], load_plans()) == []


def test_only_cases_of_the_changed_duty_move_and_say_from_where_to_where():
    plans = load_plans()
    changed = without(plans["xicheng-2011"], "区城管监察大队")
    moves = run([STREET, SHOP, ELSEWHERE, OTHER], {**plans, "xicheng-2011": changed})
    assert [move.number for move in moves] == ["N1"]
    assert (moves[0].before.clause, moves[0].before.lead) == ("二（二）3", "区城管监察大队")
    assert moves[0].after.lead == "区文化委"
    assert not moves[0].after.silent


def test_another_clause_with_the_same_bodies_moves_nothing():
    plans = load_plans()
    plan = plans["xicheng-2011"]
    renamed = replace(plan, duties=tuple(replace(duty, clause=f"新{duty.clause}") for duty in plan.duties))
    assert run([STREET, SHOP], {**plans, plan.id: renamed}) == []


def test_an_ended_plan_gives_way_to_the_one_around_it_for_named_and_unnamed_places():
    plans = load_plans()
    after = {key: plan for key, plan in plans.items() if key != "xicheng-2011"}
    moves = run([STREET, replace(STREET, number="N5", region=None)], after)
    assert [(move.number, move.after.plan) for move in moves] == [("N1", "beijing-2017"), ("N5", "beijing-2017")]


def test_a_plan_that_a_person_chose_is_kept():
    plans = load_plans()
    chosen = replace(STREET, plan="national-2017")
    changed = without(plans["xicheng-2011"], "区城管监察大队")
    assert run([chosen], {**plans, "xicheng-2011": changed}) == []


def test_without_a_day_each_case_is_routed_for_its_own():
    plans = load_plans()
    old = replace(STREET, received_on=date(2010, 6, 1), plan=None)
    changed = without(plans["xicheng-2011"], "区城管监察大队")
    moves = replay([old, STREET], plans, {**plans, "xicheng-2011": changed}, load_directory(), office=WEST)
    assert [move.case_id for move in moves] == ["c1"], "in June 2010 no plan was in force"


def test_named_bodies_are_those_of_the_document_and_those_of_today():
    plan = load_plans()["xicheng-2011"]
    now, less = (named_bodies(each, load_directory(), DAY) for each in (plan, without(plan, "区城管监察大队")))
    assert less < now
    assert {"110102-whly", "110102-scjg"} <= now


def test_versions_serve_from_their_day_and_only_their_office():
    one, two = load_plans()["xicheng-2011"], replace(load_plans()["xicheng-2011"], version=2)
    versions = (
        PlanVersion("xicheng-2011", 1, None, date(2011, 1, 10), one),
        PlanVersion("xicheng-2011", 2, "xicheng", DAY, two),
        PlanVersion("xicheng-2011", 3, "xicheng", date(2027, 1, 1), None),
    )
    cases = [
        (date(2026, 11, 30), "xicheng", one),
        (DAY, "xicheng", two),
        (DAY, "baodi", one),
        (date(2027, 1, 1), "xicheng", None),
        (date(1999, 1, 1), "xicheng", one),
    ]
    for day, office, expected in cases:
        assert plans_on(versions, day, office).get("xicheng-2011") is expected, (day, office)
    assert known_plans(versions)["xicheng-2011"] is two


def test_the_shipped_files_are_usable_candidates():
    for plan_id in load_plans():
        found = look(text_of(plan_id), plan_id)
        assert found.usable, found.findings


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('agencies = ["区城管监察大队"]', 'agencies = ["区太空局"]', "不在机构名录中"),
        ('id = "xicheng-2011"', 'id = "xicheng-2099"', "文件中的方案代码"),
        ("issued_on = 2011-01-10", "issued_on = 2011-02-30", "日期"),
        ("issued_on = 2011-01-10", "issued_on = 2011-01-10\nwithdrawn_on = 2010-01-01", "停用日期"),
        ("format = 1", "format = 1\nextends = 'nowhere'", "不存在"),
        ("format = 1", "format = 1\nextends = 'xicheng-2011'", "成环"),
        ("format = 1", "format = 9", "格式版本"),
        ("format = 1", "format = ", "TOML"),
        ('clause = "二（二）3"', 'clause = "二（二）2"', "重复"),
        ('agencies = ["区城管监察大队"]', 'agencies = ["区城管监察大队", "区文化委"]', "两个牵头"),
    ],
)
def test_a_file_that_may_not_be_used_is_refused_with_line_and_reason(old, new, reason):
    text = text_of()
    assert old in text
    found = look(text.replace(old, new, 1))
    assert not found.usable
    wrong = [each for each in found.findings if each.level == "error"]
    assert any(reason in each.message for each in wrong), wrong
    assert all(each.line >= 1 and each.file == "x.toml" for each in wrong)


def test_a_cell_won_by_two_duties_is_refused():
    text = text_of()
    block = text[text.index("[[duty]]") :].split("[[duty]]")[1:]
    twin = next(each for each in block if 'clause = "二（二）3"' in each).replace("二（二）3", "二（二）99")
    found = look(f"{text}\n[[duty]]{twin}")
    assert any("争同一格" in each.message for each in found.findings)


def test_quotes_are_proved_where_the_source_is_given():
    assert look(text_of(), source_text=None).usable
    found = look(text_of(), source_text="一篇别的文件")
    assert any("引文不在原文中" in each.message for each in found.findings)
    assert not found.usable


def test_the_line_that_is_named_is_the_line_of_the_text():
    found = look(text_of().replace('agencies = ["区城管监察大队"]', "agencies = 7", 1))
    assert "agencies = 7" in found.line(found.findings[0].line)
    assert found.line(0) == found.line(10**6) == ""


def test_a_huge_file_is_not_read():
    assert not look("x" * 600_000).usable
