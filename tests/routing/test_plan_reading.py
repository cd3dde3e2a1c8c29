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


def differences(plan, ours):
    """What an export says otherwise than the reading, parenthesis by parenthesis, and how many were compared."""
    found, compared = [], 0
    for key, row in reading(plan).items():
        if is_prose(plan, key[0]):
            continue
        compared += 1
        duty = ours[key]
        begin, quote = (re.sub(r"\s", "", text) for text in (row["quote_start"], duty["quote"]))
        same = quote.startswith(begin) and list(duty["agencies"]) == listed(row["agencies"])
        if (plan, *key) not in SETTLED:
            same = same and [list(duty["lead"]), list(duty["co"])] == [listed(row["lead"]), listed(row["co"])]
            same = same and duty["mode"] == row["mode"]
        if not same:
            found.append(key)
    return found, compared


@pytest.mark.parametrize("plan", PLANS)
def test_both_readings_agree_on_every_parenthesis(plan, exported):
    found, compared = differences(plan, exported[plan])
    assert found == []
    assert compared or plan == "beijing-2017", "Beijing's forwarding notice holds prose only"


@pytest.mark.parametrize(
    "planted",
    [
        {"agencies": ["区烟草专卖局"]},
        {"lead": ["区烟草专卖局"]},
        {"co": ["区烟草专卖局"]},
        {"mode": "none"},
        {"quote": "别的话"},
    ],
    ids=lambda planted: next(iter(planted)),
)
def test_the_comparison_sees_a_planted_fault(planted, exported):
    key = ("二（一）1", 1)
    changed = exported["xicheng-2011"] | {key: exported["xicheng-2011"][key] | planted}
    assert differences("xicheng-2011", changed)[0] == [key]
