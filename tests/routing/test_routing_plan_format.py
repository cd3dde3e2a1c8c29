import re

import pytest

from hotline.errors import PlanError, UnknownPlanError
from hotline.routing.directory_file import load_directory
from hotline.routing.plan_format import parse_plan, read_plan
from hotline.routing.plan_lint import ERROR, NOTE, errors, lint
from hotline.routing.plans import SHIPPED, find_plan, load_plans, with_annex
from hotline.routing.taxonomy import load_taxonomy

HEAD = """format = 1
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
DUTY = """[[duty]]
clause = "一"
seq = 1
quote = "查处劣质汽油。"
agencies = ["区质监局"]
mode = "sole"
subject = "汽油"
complaint_relevant = true
categories = ["fuel"]
"""
REPORTING = """[[reporting]]
clause = "三"
who = ["甲"]
what = "事"
due = "周五"
to = []
quote = "报"
"""
GOOD = HEAD + DUTY


def check(content, source=None):
    return lint(parse_plan(content, "trial.toml"), load_taxonomy(), load_directory(), source)


def test_the_good_plan_is_read_and_clean():
    plan = parse_plan(GOOD, "trial.toml")
    assert plan.duties[0].lead == ("区质监局",)
    assert plan.duties[0].agencies_full == ("区质监局",)
    assert plan.period_start is None
    assert errors(check(GOOD, "一、查处劣质\n 汽油。（区质监局负责）")) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("issued_on = 2011-01-10", "issued_on = 2011-02-30", 5, "日期"),
        ("issued_on = 2011-01-10", 'issued_on = "2011"', 5, "应为日期"),
        ("format = 1", "format = 9", 1, "格式版本"),
        ('region = "110102"', 'region = "西城"', 6, "六位"),
        ('title = "试行方案"', 'title = " "', 4, "不能为空"),
        ('title = "试行方案"', 'titel = "试行方案"', 4, "不认识"),
        ("seq = 1", "seq = 0", 15, "从 1 开始"),
        ("seq = 1", 'seq = "一"', 15, "应为整数"),
        ('mode = "sole"', 'mode = "alone"', 18, "之一"),
        ('agencies = ["区质监局"]', 'agencies = ["区质监局", "区财政局"]', 17, "两个牵头"),
        ('agencies = ["区质监局"]', 'agencies = ["区质监局", "区质监局"]', 17, "有重复"),
        ('agencies = ["区质监局"]', "agencies = 3", 17, "文字列表"),
        ('mode = "sole"', 'mode = "none"', 18, "不列单位"),
        ('mode = "sole"', 'mode = "lead+assist"', 13, "写明牵头"),
        ('mode = "sole"', 'mode = "joint"\nlead = ["区质监局"]', 19, "不符"),
        ('categories = ["fuel"]', 'categories = ["petrol"]', 21, "没有类别"),
        ('categories = ["fuel"]', 'categories = ["fuel"]\nsettings = ["moon"]', 22, "没有环节"),
        ('categories = ["fuel"]', 'categories = ["fuel"]\ncolour = "red"', 22, "不认识"),
        ('categories = ["fuel"]', 'categories = ["fuel"]\nbasis = "guess"', 22, "之一"),
        ('subject = "汽油"', "", 13, "缺少"),
        ("complaint_relevant = true", 'complaint_relevant = "是"', 20, "true 或 false"),
        ('quote = "查处劣质汽油。"', f'quote = "{"长" * 201}"', 16, "不超过 200"),
        ('agencies = ["区质监局"]', 'agencies = ["区质监局"]\nagencies_full = ["甲", "乙"]', 18, "一一对应"),
    ],
)
def test_a_wrong_structure_is_refused_with_file_line_and_reason(old, new, line, reason):
    assert old in GOOD
    with pytest.raises(PlanError, match=rf"^trial\.toml:{line}: .*{re.escape(reason)}"):
        parse_plan(GOOD.replace(old, new), "trial.toml")


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ('[[phase]]\nname = "一"\nstart = 2011-02-01\nend = 2011-01-01\nclause = "四"\n', "早于"),
        ('[[provision]]\ntopic = "天气"\nclause = "三"\nquote = "晴"\n', "之一"),
        (
            REPORTING + "weekday = 9\n",
            "周",
        ),
        (
            REPORTING + 'time = "noon"\n',
            "12:00",
        ),
        ("this is no TOML", "TOML"),
    ],
)
def test_other_sections_are_checked_too(extra, reason):
    with pytest.raises(PlanError, match=reason):
        parse_plan(GOOD + extra, "trial.toml")


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        (GOOD.replace("区质监局", "区气象局"), "unknown_agency", 13),
        (HEAD.replace("区专项行动领导小组办公室", "无名办") + DUTY, "unknown_agency", 1),
        (GOOD + DUTY, "duplicate_clause", 22),
        (GOOD + DUTY.replace("seq = 1", "seq = 3"), "sequence", 13),
        (GOOD + DUTY.replace('"一"', '"二"').replace("区质监局", "区财政局"), "tie", 13),
        (GOOD.replace('["区质监局"]', '["区财政局", "区国资委"]').replace("sole", "joint"), "unclear_lead", 13),
        (GOOD.replace('categories = ["fuel"]', "categories = []"), "no_category", 13),
        (GOOD.replace("version = 1\n", "version = 1\nwithdrawn_on = 2010-01-01\n"), "impossible_date", 1),
        (
            GOOD.replace("version = 1\n", "version = 1\nperiod_start = 2011-05-01\nperiod_end = 2011-01-01\n"),
            "impossible_date",
            1,
        ),
        (
            GOOD
            + '[[phase]]\nname = "二"\nstart = 2011-02-01\nend = 2011-03-01\nclause = "四"\n'
            + '[[phase]]\nname = "一"\nstart = 2011-01-01\nend = 2011-03-01\nclause = "四"\n',
            "impossible_date",
            1,
        ),
    ],
)
def test_the_linter_finds(content, rule, line):
    found = errors(check(content))
    assert [(finding.rule, finding.line) for finding in found if finding.rule == rule] == [(rule, line)]
    assert str(found[0]).startswith("trial.toml:")


def test_the_linter_finds_a_quote_that_is_not_in_the_source():
    found = errors(check(GOOD, "查处劣质柴油。"))
    assert [(finding.rule, finding.line) for finding in found] == [("quote", 13)]


def test_a_tie_by_goods_word_is_found():
    one = DUTY.replace('categories = ["fuel"]', 'categories = ["fuel"]\ngoods = ["柴油"]')
    two = one.replace('"一"', '"二"').replace("区质监局", "区财政局")
    base = DUTY.replace('"一"', '"三"').replace("区质监局", "区国资委")
    ties = [finding for finding in errors(check(HEAD + one + two + base)) if finding.rule == "tie"]
    assert ties
    assert "商品词“柴油”" in ties[0].message
    other = two.replace("柴油", "汽油")
    assert not [item for item in errors(check(HEAD + one + other + base)) if item.rule == "tie"]


def test_uncovered_categories_are_notes_that_refuse_nothing():
    notes = [finding for finding in check(GOOD) if finding.level == NOTE]
    assert len(notes) == 26
    assert not [finding for finding in notes if finding.level == ERROR]


def test_load_plans_refuses_a_folder_with_a_bad_plan(tmp_path):
    (tmp_path / "trial.toml").write_text(GOOD.replace("区质监局", "区气象局"), encoding="utf-8")
    with pytest.raises(PlanError, match=r"trial\.toml:13: 一 单位“区气象局”不在机构名录中"):
        load_plans(tmp_path)


def test_load_plans_refuses_one_id_twice_and_a_missing_annex(tmp_path):
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(PlanError, match="重复"):
        load_plans(tmp_path)
    folder = tmp_path / "annex"
    folder.mkdir()
    (folder / "a.toml").write_text(GOOD.replace("version = 1\n", 'version = 1\nextends = "gone"\n'), encoding="utf-8")
    with pytest.raises(PlanError, match="gone"):
        load_plans(folder)


def test_a_file_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "trial.toml"
    path.write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(PlanError, match="UTF-8"):
        read_plan(path)


def test_an_annex_adds_its_duties_behind_the_plans_own(tmp_path):
    (tmp_path / "a.toml").write_text(
        GOOD.replace("version = 1\n", 'version = 1\nextends = "below"\n'), encoding="utf-8"
    )
    (tmp_path / "b.toml").write_text(GOOD.replace('id = "trial"', 'id = "below"'), encoding="utf-8")
    plans = load_plans(tmp_path)
    joined = with_annex(plans["trial"], plans)
    assert [duty.plan for duty in joined.duties] == ["trial", "below"]
    assert with_annex(plans["trial"], plans) is joined
    assert with_annex(plans["below"], plans) is plans["below"]


def test_unknown_plan_lists_those_there_are():
    with pytest.raises(UnknownPlanError, match="xicheng-2011"):
        find_plan(load_plans(), "nowhere-1999")


def test_shipped_plans_are_without_errors():
    for path in SHIPPED.glob("*.toml"):
        assert errors(lint(read_plan(path), load_taxonomy(), load_directory())) == []
