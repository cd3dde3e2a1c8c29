"""The Zhumadian plan against the document itself: every parenthesis with all its text, and its golden table."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from hotline.routing.directory_file import load_directory
from hotline.routing.matrix import route
from hotline.routing.places import plan_for
from hotline.routing.plan_fields import QUOTE_LIMIT
from hotline.routing.plan_lint import errors, lint, squash
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy

SEED = Path(__file__).parents[3] / "shared" / "seeds" / "zhumadian-2015.txt"
TABLE = Path(__file__).parents[1] / "golden" / "zhumadian-2015-routing.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
PLAN = load_plans()["zhumadian-2015"]
NOW = date(2026, 11, 20)
PARENTHESIS = re.compile(r"[（(]([^（）()]*负责)[）)]")
HEADING = re.compile(r"[。）)]([一二三四])、[^（(。]*(?=[（(]一[）)])|[（(]([一二三四五六])[）)][^（()）。]*。")
OFFICE = "市打击侵权假冒工作领导小组办公室"


def source():
    if not SEED.exists():
        pytest.skip("the seed documents are not beside this repository")
    return squash(SEED.read_text(encoding="utf-8")).replace("#", "")


def duty(clause, seq=1):
    return next(duty for duty in PLAN.duties if (duty.clause, duty.seq) == (clause, seq))


def send(category, setting, text="", **more):
    asked = {"plan": PLAN, "directory": load_directory(), "received_on": NOW, **more}
    return route(category=category, setting=setting, text=text, **asked)


def printed():
    """Each parenthesis as (clause, seq, the text it covers, its words), read from the document alone."""
    text = source()
    marks = [("head", match) for match in HEADING.finditer(text)] + [("who", m) for m in PARENTHESIS.finditer(text)]
    chapter, clause, seq, start, found = "", "", 0, 0, []
    for kind, match in sorted(marks, key=lambda mark: mark[1].start()):
        if kind == "who":
            seq += 1
            found.append((f"{chapter}（{clause}）", seq, text[start : match.start()], match[1]))
        elif match[1]:
            chapter = match[1]
        else:
            clause, seq = match[2], 0
        start = match.end()
    return found


def test_every_quote_is_in_the_document_and_nothing_else_is_wrong():
    text = SEED.read_text(encoding="utf-8") if SEED.exists() else None
    assert errors(lint(PLAN, load_taxonomy(), load_directory(), text)) == []


def test_every_parenthesis_is_one_duty_with_all_the_text_before_it():
    found = printed()
    assert len(found) == len(PLAN.duties) == 66
    assert [(clause, seq) for clause, seq, _, _ in found] == [(item.clause, item.seq) for item in PLAN.duties]
    for item, (_, _, text, _) in zip(PLAN.duties, found, strict=True):
        quote = squash(item.quote)
        assert text.startswith(quote), item.label
        assert text == quote or len(text) > QUOTE_LIMIT, item.label


def test_agencies_stand_as_written_and_modes_follow_the_words():
    for item, (_, _, _, words) in zip(PLAN.duties, printed(), strict=True):
        names = re.sub(r"(按职责分工)?(分别)?(牵头)?负责", "", words).replace("各县区和", "各县区、")
        assert list(item.agencies) == re.split("[、,，]", names), item.label
        leading = [part for part in re.split("[,，]", words) if "牵头" in part]
        by_duty = "by-duty" if "按职责分工" in words else "sole"
        mode = ("lead+assist" if item.co else "lead") if leading else by_duty
        assert item.mode.value == mode, item.label
        assert bool(item.lead) == (mode != "by-duty")


def test_full_names_restore_the_inherited_city_and_resolve_aliases():
    for item in PLAN.duties:
        for name, full in zip(item.agencies, item.agencies_full, strict=True):
            if name.startswith(("市", "各", "人行")):
                assert full == name
            else:
                assert full == {"食品药品监管局": "市食品药品监督管理局"}.get(name, f"市{name}")


@pytest.mark.parametrize(
    ("clause", "seq", "mode", "lead"),
    [
        ("一（二）", 1, "lead", (OFFICE, "社会治安综合治理委员会办公室")),
        ("一（二）", 4, "sole", ("各县区",)),
        ("一（四）", 1, "lead+assist", (OFFICE,)),
        ("二（一）", 1, "by-duty", ()),
        ("二（一）", 8, "lead", ("市文化广电新闻出版局", "质监局")),
        ("三（一）", 1, "lead+assist", (OFFICE, "检察院")),
        ("四（三）", 2, "lead", ("市司法局", "工商局", "公安局", "知识产权局")),
        ("四（四）", 5, "by-duty", ()),
    ],
)
def test_modes_that_are_not_obvious(clause, seq, mode, lead):
    assert (duty(clause, seq).mode.value, duty(clause, seq).lead) == (mode, lead)


def test_collectives_stand_as_they_are():
    assert duty("四（四）", 5).agencies == ("各县区", "市打击侵权假冒工作领导小组各成员单位")
    assert duty("一（三）").agencies == ("各行政执法部门",)
    assert duty("一（四）").co[:2] == ("各县区", "市公安局")


def test_only_the_second_part_answers_complaints():
    assert {item.clause[0] for item in PLAN.duties if item.complaint_relevant} == {"二"}
    assert all(item.categories or item.settings for item in PLAN.duties if item.complaint_relevant)


def test_head_of_the_document():
    assert (PLAN.number, PLAN.issuer) == ("驻政办〔2015〕100号", "驻马店市人民政府办公室")
    assert (PLAN.issued_on, PLAN.region) == (date(2015, 8, 31), "411700")
    assert (PLAN.period_start, PLAN.period_end, PLAN.phases, PLAN.hotlines) == (None, None, (), ())
    assert (PLAN.office.name, PLAN.office.seat, PLAN.reporting) == (OFFICE, "", ())
    assert {item.topic for item in PLAN.provisions} == {"考核", "销毁", "督办", "举报", "移送", "宣传"}
    text = source()
    assert all(word in text for word in (*PLAN.key_goods, *PLAN.key_areas, *PLAN.key_fields))


@pytest.mark.parametrize(
    ("category", "setting", "text", "lead", "today"),
    [
        ("drug", "online", "网上买到假药", "市食品药品监督管理局", "驻马店市市场监督管理局"),
        ("plant_variety", "production", "擅自繁殖林业新品种", "市林业局", "驻马店市林业局"),
        ("plant_variety", "production", "套牌小麦种", "市农业局", "驻马店市农业农村局"),
        ("trademark", "delivery", "快递企业收寄假名牌", "市邮政局", "驻马店市邮政管理局"),
        ("special_symbol", "delivery", "快递收寄带奥运标志的假货", "市邮政局", "驻马店市邮政管理局"),
        ("product_quality", "market", "旅游纪念品是假的", "市商务局", "驻马店市商务局"),
        ("product_quality", "market", "儿童用品不合格", "市质监局", "驻马店市市场监督管理局"),
        ("tobacco", "market", "假烟", "市烟草专卖局", "驻马店市烟草专卖局"),
        ("software_licensing", "institution", "机关用盗版", "市文化广电新闻出版局", "中国共产党驻马店市委员会宣传部"),
    ],
)
def test_examples_with_the_body_of_today(category, setting, text, lead, today):
    assignment = send(category, setting, text)
    assert (assignment.lead.name, assignment.lead.today) == (lead, today)


def test_a_by_duty_clause_finds_its_lead_by_remit_wherever_it_is_named():
    assignment = send("food", "online", "网购的假酒")
    assert (assignment.duty.clause, assignment.duty.seq) == ("二（一）", 1)
    assert assignment.lead.name == "市食品药品监督管理局"
    assert assignment.co[0].name == "市委宣传部"


def test_the_counties_are_served_by_the_city_s_plan_and_its_bodies():
    for region in ("411700", "411702", "411722", "411729"):
        assert plan_for(region, NOW, load_plans()).plan.id == "zhumadian-2015"
        assert send("trademark", "market", region=region).lead.today_body_id == "411700-scjg"
    before = plan_for("411702", date(2015, 8, 30), load_plans()).plan
    assert before is None or before.id != "zhumadian-2015"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['category']}-{row['setting']}-{row['cue'][:8]}")
def test_each_row_of_the_golden_table(row):
    assignment = send(row["category"], row["setting"], row["cue"])
    found = (assignment.duty.clause, str(assignment.duty.seq)) if assignment.duty else ("", "")
    assert found == (row["clause"], row["seq"])
    assert (assignment.lead.name if assignment.lead else "") == row["lead"]
    assert "、".join(agency.name for agency in assignment.co) == row["co"]
    assert row["comment"]


def test_the_golden_table_holds_the_whole_grid():
    taxonomy = load_taxonomy()
    grid = [(row["category"], row["setting"]) for row in ROWS if not row["cue"]]
    assert grid == [(category, setting) for category in taxonomy.categories for setting in taxonomy.settings]
