"""The plan files against a second reading, made from the documents alone (`tests/golden/reading-*.csv`).

Every parenthesis and every 由X牵头 sentence must agree in clause, number, agencies, lead, co and mode. Paragraphs of
prose, whose cutting into duties the documents do not print, are compared where both readings cut alike.
"""

import csv
import re
from pathlib import Path

import pytest

from hotline.routing.export import export_plan
from hotline.routing.plans import load_plans

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
PLANS = ["xicheng-2011", "baodi-2010", "zhumadian-2015", "beijing-2017", "national-2017", "national-2012"]
PROSE = {
    "xicheng-2011": ("一", "三", "四"),
    "baodi-2010": ("一", "二", "三（一）", "三（五）五是", "四"),
    "beijing-2017": ("一", "二", "三"),
}
SETTLED = {
    # One collective in the parenthesis is one name that is responsible, hence `sole`; the reading had `joint`.
    ("zhumadian-2015", "一（二）", 4),
    ("national-2017", "八（三十一）", 2),
}


def reading(plan):
    with (GOLDEN / f"reading-{plan}.csv").open(encoding="utf-8-sig", newline="") as file:
        return {(row["clause"], int(row["seq"])): row for row in csv.DictReader(file)}


def is_prose(plan, clause):
    return clause.startswith(PROSE.get(plan, ("\0",)))


def listed(cell):
    return [name for name in cell.split("|") if name]


@pytest.fixture(scope="module")
def exported():
    return {plan.id: {(row["clause"], row["seq"]): row for row in export_plan(plan)} for plan in load_plans().values()}


@pytest.mark.parametrize("plan", PLANS)
def test_both_readings_find_the_same_duties(plan, exported):
    ours = {key for key in exported[plan] if not is_prose(plan, key[0])}
    theirs = {key for key in reading(plan) if not is_prose(plan, key[0])}
    assert ours == theirs


@pytest.mark.parametrize("plan", PLANS)
def test_both_readings_agree_on_every_parenthesis(plan, exported):
    compared = 0
    for key, row in reading(plan).items():
        if is_prose(plan, key[0]):
            continue
        ours = exported[plan][key]
        begin = re.sub(r"\s", "", row["quote_start"])
        assert re.sub(r"\s", "", ours["quote"]).startswith(begin), key
        assert list(ours["agencies"]) == listed(row["agencies"]), key
        if (plan, *key) not in SETTLED:
            assert (list(ours["lead"]), list(ours["co"])) == (listed(row["lead"]), listed(row["co"])), key
            assert ours["mode"] == row["mode"], key
        compared += 1
    assert compared or plan == "beijing-2017", "Beijing's forwarding notice holds prose only"


def test_the_comparison_sees_a_changed_agency(exported):
    key = next(key for key in reading("xicheng-2011") if not is_prose("xicheng-2011", key[0]))
    changed = {**exported["xicheng-2011"][key], "agencies": ["区烟草专卖局"]}
    assert list(changed["agencies"]) != listed(reading("xicheng-2011")[key]["agencies"])
