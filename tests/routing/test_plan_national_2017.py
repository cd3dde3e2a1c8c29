"""国办发〔2017〕46号 against the document: every parenthesis in order, every quote; and the golden table."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from hotline.routing.directory_file import load_directory
from hotline.routing.export import coverage
from hotline.routing.matrix import route
from hotline.routing.plan_lint import errors, lint, squash
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy
from hotline.vocabulary import Mode

SEED = Path(__file__).parents[3] / "shared" / "seeds" / "beijing-2017-and-national-2017.txt"
PLAN = load_plans()["national-2017"]
PARENTHESIS = re.compile(r"[（(]([^（）()]*负责)[）)]")
HEADING = re.compile(r"(?m)^[（(]([一二三四五六七八九十]+)[）)]\s*[^。\n]*。")
CHAPTER = re.compile(r"(?m)^([一二三四五六七八])、[^。\n]*$")
TABLE = Path(__file__).parents[1] / "golden" / "national-2017-routing.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


def source():
    if not SEED.exists():
        pytest.skip("the seed documents are not beside this repository")
    text = SEED.read_text(encoding="utf-8")
    return text[text.index("一、持续推进重点领域治理") :]


def by_clause(clause, seq=1):
    return next(duty for duty in PLAN.duties if (duty.clause, duty.seq) == (clause, seq))


def assigned(text):
    """(clause, seq, the text before the parenthesis, the parenthesis) in the order of the document."""
    heads = [(found.start(), "chapter", found[1], found.end()) for found in CHAPTER.finditer(text)]
    heads += [(found.start(), "clause", found[1], found.end()) for found in HEADING.finditer(text)]
    heads.sort()
    chapter = ""
    for n, (_, kind, number, start) in enumerate(heads):
        if kind == "chapter":
            chapter = number
            continue
        end = heads[n + 1][0] if n + 1 < len(heads) else len(text)
        for seq, found in enumerate(PARENTHESIS.finditer(text, start, end), 1):
            yield f"{chapter}（{number}）", seq, text[start : found.start()], squash(found[1])
            start = found.end()  # noqa: PLW2901 - the next duty's text begins where this one ends.
        assert not text[start:end].strip(), "no text of a clause stands outside a duty"


def test_every_quote_is_in_the_document():
    assert errors(lint(PLAN, load_taxonomy(), load_directory(), source())) == []


def test_every_parenthesis_has_its_duty_and_every_duty_its_parenthesis():
    found = list(assigned(source()))
    assert len(found) == 55
    assert [(clause, seq) for clause, seq, _, _ in found] == [(duty.clause, duty.seq) for duty in PLAN.duties]
    for duty, (_, _, text, _) in zip(PLAN.duties, found, strict=True):
        assert squash(text).startswith(squash(duty.quote))
        assert duty.quote[-1] in "。，；、"
        assert len(duty.quote) <= 200
        assert squash(duty.quote) == squash(text) or len(duty.quote) > 120


def test_agencies_stand_as_written_in_order_and_the_words_make_the_mode():
    for duty, (_, _, _, words) in zip(PLAN.duties, assigned(source()), strict=True):
        assert "".join(re.split(r"、|等|按职责分工|分别|牵头负责|负责|牵头|，", words)) == "".join(duty.agencies)
        assert duty.agencies_full == duty.agencies
        if "牵头" in words:
            leads = words[: words.index("牵头")].removesuffix("按职责分工").split("、")
            assert duty.lead == tuple(leads)
            assert duty.mode is (Mode.LEAD if words.endswith("牵头负责") else Mode.LEAD_ASSIST)
            assert duty.co == duty.agencies[len(leads) :]
        elif "按职责分工" in words:
            assert (duty.mode, duty.lead, duty.co) == (Mode.BY_DUTY, (), ())
        else:
            assert (duty.mode, len(duty.agencies)) == (Mode.SOLE, 1)


@pytest.mark.parametrize(
    ("clause", "seq", "mode", "lead", "co"),
    [
        ("一（一）", 1, Mode.BY_DUTY, 0, 0),
        ("一（二）", 3, Mode.SOLE, 1, 0),
        ("二（四）", 5, Mode.BY_DUTY, 0, 0),
        ("二（七）", 1, Mode.LEAD, 1, 0),
        ("三（十一）", 1, Mode.LEAD_ASSIST, 1, 6),
        ("五（十七）", 1, Mode.LEAD_ASSIST, 2, 11),
        ("六（二十一）", 1, Mode.LEAD, 2, 0),
        ("六（二十一）", 2, Mode.BY_DUTY, 0, 0),
        ("六（二十二）", 1, Mode.LEAD, 2, 0),
        ("七（二十七）", 1, Mode.LEAD_ASSIST, 2, 3),
        ("八（二十八）", 2, Mode.LEAD, 4, 0),
        ("八（三十一）", 2, Mode.SOLE, 1, 0),
    ],
)
def test_modes_read_by_eye(clause, seq, mode, lead, co):
    duty = by_clause(clause, seq)
    assert (duty.mode, len(duty.lead), len(duty.co)) == (mode, lead, co)


def test_only_the_first_three_chapters_answer_complaints():
    assert {duty.clause[0] for duty in PLAN.duties if duty.complaint_relevant} == {"一", "二", "三"}
    assert all(duty.complaint_relevant or not duty.categories for duty in PLAN.duties)


def test_head_of_the_document():
    assert (PLAN.number, PLAN.issuer, PLAN.issued_on) == ("国办发〔2017〕46号", "国务院办公厅", date(2017, 5, 16))
    assert (PLAN.office.name, PLAN.office.seat) == ("全国打击侵权假冒工作领导小组办公室", "")
    assert (PLAN.hotlines, PLAN.phases, PLAN.reporting) == ((), (), ())
    text = squash(source())
    assert all(word in text for word in (*PLAN.key_goods, *PLAN.key_areas, *PLAN.key_fields))
    assert {item.topic for item in PLAN.provisions} == {"移送", "督办", "考核", "销毁", "宣传", "举报"}


def send(category, setting, text="", region=None):
    return route(
        plan=PLAN,
        directory=load_directory(),
        category=category,
        setting=setting,
        text=text,
        received_on=date(2026, 11, 20),
        region=region,
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['category']}-{row['setting']}-{row['cue'][:8]}")
def test_each_row_routes_as_the_table_says(row):
    assignment = send(row["category"], row["setting"], row["cue"])
    duty = assignment.duty
    assert (duty.clause, str(duty.seq)) == (row["clause"], row["seq"]) if duty else not row["clause"]
    assert (assignment.lead.name if assignment.lead else "") == row["lead"]
    assert "、".join(agency.name for agency in assignment.co) == row["co"]


def test_the_table_holds_the_whole_grid_and_says_why():
    taxonomy = load_taxonomy()
    grid = {(row["category"], row["setting"]) for row in ROWS if not row["cue"]}
    assert grid == {(category, setting) for category in taxonomy.categories for setting in taxonomy.settings}
    assert all(row["comment"] for row in ROWS)


def test_what_the_document_leaves_out_is_silent_but_for_the_courier():
    grid = coverage(PLAN)
    silent = {category for category, row in grid.items() if row["market"] is None}
    assert silent == {"trade_secret", "layout_design", "special_symbol", "tobacco", "price_fraud"}
    assert {row["delivery"] for row in grid.values()} == {"二（六）"}


def test_a_remit_narrowed_to_a_setting_or_to_goods_leads_where_it_fits():
    assert send("trademark", "import_export").lead.name == "海关总署"
    assert send("trademark", "exhibition").lead.name == "工商总局"
    assert send("plant_variety", "unknown", "侵犯油茶新品种权").lead.name == "国家林业局"
    forest = send("plant_variety", "unknown", "繁殖授权苗木")
    assert "林业" in next(step.detail for step in forest.trace if step.step == "牵头")
    assert [agency.name for agency in forest.co] == ["农业部"]
