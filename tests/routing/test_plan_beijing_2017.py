"""京打假办字〔2017〕10号: three sections of its own, its annex, its office, and who acts today."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from hotline.routing.directory_file import load_directory
from hotline.routing.matrix import route
from hotline.routing.plan_lint import lint, squash
from hotline.routing.plans import load_plans, with_annex
from hotline.routing.taxonomy import load_taxonomy
from hotline.vocabulary import Mode

SEED = Path(__file__).parents[3] / "shared" / "seeds" / "beijing-2017-and-national-2017.txt"
PLAN = load_plans()["beijing-2017"]
NATION = load_plans()["national-2017"]
JOINED = with_annex(PLAN, load_plans())
TABLE = Path(__file__).parents[1] / "golden" / "beijing-2017-routing.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


def send(category, setting, text="", region=None, plan=JOINED):
    return route(
        plan=plan,
        directory=load_directory(),
        category=category,
        setting=setting,
        text=text,
        received_on=date(2026, 11, 20),
        region=region,
    )


def test_its_sections_stand_as_in_the_document_and_assign_nobody():
    if not SEED.exists():
        pytest.skip("the seed documents are not beside this repository")
    text = SEED.read_text(encoding="utf-8")
    assert lint(PLAN, load_taxonomy(), load_directory(), text) == []
    letter = text[: text.index("特此通知")]
    assert not re.search(r"负责[）)]|牵头", letter), "the letter itself assigns nothing"
    sections = re.split(r"(?m)^[一二三]、.*$", letter)[1:]
    assert [(duty.clause, duty.seq) for duty in PLAN.duties] == [("一", 1), ("二", 1), ("三", 1)]
    for duty, section in zip(PLAN.duties, sections, strict=True):
        assert squash(section).startswith(squash(duty.quote))
        assert (duty.mode, duty.agencies, duty.lead, duty.co) == (Mode.NONE, (), (), ())


def test_head_of_the_document():
    assert (PLAN.number, PLAN.issued_on, PLAN.region) == ("京打假办字〔2017〕10号", date(2017, 6, 7), "110000")
    assert PLAN.extends == "national-2017"
    assert (PLAN.office.name, PLAN.office.seat) == ("北京市打击侵权假冒工作领导小组办公室", "")
    assert [(item.who, item.to) for item in PLAN.reporting] == [(("各部门", "各区"), ("市领导小组办公室",))]
    assert PLAN.hotlines == ()


def test_the_annex_s_duties_serve_under_beijing_s_office():
    assert JOINED.duties == (*PLAN.duties, *NATION.duties)
    assert JOINED.office is PLAN.office
    taxonomy = load_taxonomy()
    for category in taxonomy.categories:
        for setting in taxonomy.settings:
            ours, annex = send(category, setting), send(category, setting, plan=NATION)
            assert ours.duty == annex.duty
            assert ours.silent == annex.silent
            assert ours.lead == annex.lead or (ours.silent and ours.lead.name == PLAN.office.name)
            assert ours.plan == "beijing-2017"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['category']}-{row['setting']}-{row['region']}")
def test_the_body_of_the_same_system_at_the_place_acts(row):
    assignment = send(row["category"], row["setting"], row["cue"], row["region"] or None)
    assert (assignment.duty.clause if assignment.duty else "") == row["clause"]
    assert (assignment.lead.name if assignment.lead else "") == row["lead"]
    assert ((assignment.lead.today or "") if assignment.lead else "") == row["lead_today"]


def test_before_the_reform_the_national_body_itself_is_named():
    assignment = route(
        plan=JOINED,
        directory=load_directory(),
        category="trademark",
        setting="market",
        text="",
        received_on=date(2017, 8, 1),
        region="110105",
    )
    assert assignment.lead.today == "国家工商行政管理总局"
