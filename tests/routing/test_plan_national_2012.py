"""2012年全国工作要点: every clause, none with agencies; the list is in force for its focuses and never routes."""

import re
from datetime import date
from pathlib import Path

import pytest

from hotline.errors import PlanError
from hotline.routing.directory_file import load_directory
from hotline.routing.export import export_plan, plan_object
from hotline.routing.places import plan_for
from hotline.routing.plan_format import parse_plan
from hotline.routing.plan_lint import lint, squash
from hotline.routing.plans import SHIPPED, load_plans
from hotline.routing.taxonomy import load_taxonomy
from hotline.vocabulary import Mode

SEED = Path(__file__).parents[3] / "shared" / "seeds" / "national-2012.txt"
PLAN = load_plans()["national-2012"]
CLAUSES = [
    *(f"一（{number}）" for number in ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一")),
    "一（末段）",
    *(f"二（{number}）" for number in "一二"),
    *(f"三（{number}）" for number in "一二三四五"),
    *(f"四（{number}）" for number in "一二三四"),
    *(f"五（{number}）" for number in "一二三"),
]


def source():
    if not SEED.exists():
        pytest.skip("the seed documents are not beside this repository")
    return SEED.read_text(encoding="utf-8")


def test_every_quote_is_in_the_document():
    assert lint(PLAN, load_taxonomy(), load_directory(), source()) == []


def test_every_clause_is_there_and_begins_as_in_the_document():
    assert [duty.clause for duty in PLAN.duties] == CLAUSES
    lines = [line.strip() for line in source().splitlines()]
    numbered = [line for line in lines if re.match(r"（[一二三四五六七八九十]+）", line)]
    last = next(line for line in lines if line.startswith("同时，"))
    texts = [line.partition("。")[2] for line in numbered]
    texts.insert(11, last)
    for duty, text in zip(PLAN.duties, texts, strict=True):
        assert squash(text).startswith(squash(duty.quote))
        assert duty.quote == text or len(duty.quote) > 120


def test_no_clause_names_an_agency():
    assert "负责" not in source()
    for line in export_plan(PLAN):
        assert (line["mode"], line["agencies"], line["lead"], line["co"]) == ("none", (), (), ())
    assert {duty.mode for duty in PLAN.duties} == {Mode.NONE}


def test_a_clause_is_relevant_to_complaints_where_it_sets_a_focus():
    relevant = {duty.clause for duty in PLAN.duties if duty.complaint_relevant}
    assert relevant == {focus.clause for focus in PLAN.focuses} == {*CLAUSES[:12], "二（一）"}


def test_what_the_document_does_not_state_stays_empty():
    assert (PLAN.number, PLAN.issuer, PLAN.issued_on, PLAN.office) == ("", "", None, None)
    assert (PLAN.hotlines, PLAN.phases, PLAN.reporting) == ((), (), ())
    assert plan_object(PLAN)["issued_on"] is None
    text = squash(source())
    assert all(word in text for word in (*PLAN.key_goods, *PLAN.key_areas, *PLAN.key_fields))


def test_it_is_in_force_from_its_year_on_and_never_chosen_to_route():
    assert not PLAN.in_force(date(2011, 12, 31))
    assert PLAN.in_force(date(2012, 1, 1))
    assert PLAN.in_force(date(2026, 11, 21)), "the printed period ends nothing"
    only = {"national-2012": PLAN}
    assert plan_for("440300", date(2026, 11, 21), only).plan is None


def test_a_file_that_states_no_beginning_at_all_is_refused():
    content = (SHIPPED / "national-2012.toml").read_text(encoding="utf-8")
    with pytest.raises(PlanError, match="issued_on"):
        parse_plan(re.sub(r"(?m)^period_start = .*$", "", content), "national-2012.toml")
