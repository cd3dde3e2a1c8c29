"""The Baodi plan against the document itself: every quote, every 由…牵头 sentence in order, and its golden table."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from hotline.routing.agencies import resolve_today
from hotline.routing.directory_file import load_directory
from hotline.routing.export import export_plan
from hotline.routing.matrix import route
from hotline.routing.places import plan_for
from hotline.routing.plan_lint import errors, lint, squash
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy

SEED = Path(__file__).parents[3] / "shared" / "seeds" / "baodi-2010.txt"
TABLE = Path(__file__).parents[1] / "golden" / "baodi-2010-routing.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
PLAN = load_plans()["baodi-2010"]
NOW = date(2026, 11, 20)
LED = re.compile(r"由([^，。]*?)牵头(?:，([^，。]*?)配合)?")
CLAUSES = [
    *("三（一）", "三（二）一是", "三（二）二是", "三（二）三是"),
    *("三（三）一是", "三（三）二是", "三（三）三是", "三（三）四是", "三（三）五是"),
    *("三（四）一是", "三（四）二是", "三（四）三是"),
    *("三（五）一是", "三（五）二是", "三（五）三是", "三（五）四是", "三（五）五是"),
    *("三（六）", "三（七）一是", "三（七）二是", "三（七）三是", "三（八）"),
    *("五（一）", "五（二）", "五（三）", "五（四）"),
]


def source():
    if not SEED.exists():
        pytest.skip("the seed documents are not beside this repository")
    return squash(SEED.read_text(encoding="utf-8"))


def duty(clause):
    return next(duty for duty in PLAN.duties if duty.clause == clause)


def send(category, setting, text="", on=NOW):
    return route(plan=PLAN, directory=load_directory(), category=category, setting=setting, text=text, received_on=on)


def test_every_quote_is_in_the_document_and_nothing_else_is_wrong():
    assert errors(lint(PLAN, load_taxonomy(), load_directory(), source())) == []


def test_the_clauses_stand_in_the_order_of_the_document():
    text = source()
    assert [item.clause for item in PLAN.duties] == CLAUSES
    assert {item.seq for item in PLAN.duties} == {1}
    places = [text.index(squash(item.quote), text.index("三、工作职责")) for item in PLAN.duties]
    assert places == sorted(places)


def test_every_sentence_with_a_lead_has_its_duty():
    found = LED.findall(source())
    led = [item for item in PLAN.duties if item.mode.value in {"lead", "lead+assist"}]
    assert len(found) == len(led) == 16
    for item, (lead, co) in zip(led, found, strict=True):
        assert item.lead == (lead,)
        assert item.co == tuple(co.split("、") if co else ())
        assert item.agencies == (*item.lead, *item.co)
        assert squash(item.quote).startswith(f"由{lead}牵头，")


def test_each_duty_holds_all_the_text_of_its_clause():
    text = source()
    for item in PLAN.duties[:22]:
        quote = squash(item.quote)
        rest = text[text.index(quote) + len(quote) :]
        assert re.match(r"(（[二三四五六七八]）|[二三四五]是|四、时间安排)", rest), item.clause


@pytest.mark.parametrize(
    ("clause", "mode", "agencies"),
    [
        ("三（一）", "none", ()),
        ("三（二）一是", "lead+assist", ("区新闻出版（版权）局", "公安宝坻分局", "工商宝坻分局", "区质监局")),
        ("三（三）四是", "lead", ("区物价局",)),
        ("三（五）一是", "sole", ("公安宝坻分局",)),
        ("三（五）二是", "joint", ("公安宝坻分局", "区检察院")),
        ("三（五）五是", "joint", ("区检察院", "区法院")),
        ("三（八）", "lead", ("区委宣传部",)),
    ],
)
def test_modes_and_agencies(clause, mode, agencies):
    assert (duty(clause).mode.value, duty(clause).agencies) == (mode, agencies)


def test_prosecution_policy_and_safeguards_answer_no_complaint():
    aside = [item for item in PLAN.duties if item.clause.startswith(("三（五）", "三（七）", "三（八）", "五"))]
    assert len(aside) == 13
    assert not any(item.complaint_relevant or item.categories for item in aside)


def test_head_of_the_document():
    assert (PLAN.number, PLAN.issuer, PLAN.hotlines) == ("", "", ())
    assert (PLAN.issued_on, PLAN.region) == (date(2010, 11, 25), "120115")
    assert (PLAN.period_start, PLAN.period_end) == (date(2010, 10, 1), date(2011, 3, 31))
    assert (PLAN.office.name, PLAN.office.seat) == ("区领导小组办公室", "区商务委")
    assert [(phase.start, phase.end) for phase in PLAN.phases] == [
        (date(2010, 10, 1), date(2010, 11, 26)),
        (date(2010, 11, 27), date(2010, 12, 10)),
        (date(2010, 12, 11), date(2011, 2, 28)),
        (date(2011, 3, 1), date(2011, 3, 31)),
    ]
    assert {item.topic for item in PLAN.provisions} == {"移送", "督办", "宣传", "奖励", "举报"}
    assert [item.on for item in PLAN.reporting] == [None, date(2011, 3, 31), None]
    text = source()
    assert all(word in text for word in (*PLAN.key_goods, *PLAN.key_areas, *PLAN.key_fields))


@pytest.mark.parametrize(
    ("category", "setting", "text", "lead", "today"),
    [
        ("price_fraud", "market", "商场虚构原价", "区物价局", "天津市宝坻区市场监督管理局"),
        ("mark_printing", "production", "小厂印假商标", "区新闻出版（版权）局", "天津市宝坻区文化和旅游局"),
        ("plant_variety", "production", "套牌玉米种", "区农委", "天津市宝坻区农业农村委员会"),
        ("drug", "online", "网上卖假药", "区食品药品监管局", "天津市宝坻区市场监督管理局"),
        ("product_quality", "import_export", "出口次品冒充合格", "宝坻检验检疫局", "中华人民共和国天津海关"),
        ("software_licensing", "institution", "单位用盗版软件", "区工信委", "天津市宝坻区工业和信息化局"),
    ],
)
def test_examples_with_the_body_of_today(category, setting, text, lead, today):
    assignment = send(category, setting, text)
    assert (assignment.lead.name, assignment.lead.today) == (lead, today)
    assert not assignment.silent


def test_a_courier_has_no_regulator_in_this_plan():
    assignment = send("tobacco", "delivery", "快递收寄假烟")
    assert assignment.silent
    assert assignment.lead.name == "区领导小组办公室"


def test_the_body_of_the_day():
    old = send("trademark", "market", on=date(2011, 3, 1)).lead
    assert (old.today, old.today_body_id) == ("天津市工商行政管理局宝坻分局", "120115-gsfj")
    directory = load_directory()
    price = directory.find("区物价局", "120115")
    assert resolve_today(directory, price, "price_fraud", NOW).id == "120115-scjg"
    assert resolve_today(directory, price, "food", NOW).id == "120115-fgw"


def test_the_place_chooses_the_plan_and_another_district_s_body_is_another():
    assert plan_for("120115", NOW, load_plans()).plan.id == "baodi-2010"
    directory = load_directory()
    assert directory.find("区质监局", "120115").id != directory.find("区质监局", "110102").id


def test_export_keeps_the_order_of_the_agencies():
    line = next(line for line in export_plan(PLAN) if line["clause"] == "三（二）一是")
    assert line["agencies"] == line["agencies_full"]
    assert line["lead"] == ("区新闻出版（版权）局",)
    assert line["co"] == ("公安宝坻分局", "工商宝坻分局", "区质监局")


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
