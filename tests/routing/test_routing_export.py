import json
from dataclasses import replace

from hotline.routing.export import coverage, diff, export_plan, plan_object
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy

PLAN = load_plans()["xicheng-2011"]
LISTS = ("agencies", "agencies_full", "lead", "co")


def test_export_has_the_keys_of_the_contract_on_every_line():
    lines = [json.loads(json.dumps(line, ensure_ascii=False)) for line in export_plan(PLAN)]
    assert len(lines) == len(PLAN.duties)
    for line in lines:
        assert {"clause", "seq", "quote", "mode", "subject", "complaint_relevant", *LISTS} <= set(line)
        assert all(isinstance(line[key], list) for key in LISTS)
        assert len(line["agencies"]) == len(line["agencies_full"])
        assert set(line["lead"]) | set(line["co"]) <= set(line["agencies"])
        assert line["seq"] >= 1
        assert line["subject"]
        assert isinstance(line["complaint_relevant"], bool)


def test_one_line_as_an_expert_expects_it():
    line = next(line for line in export_plan(PLAN) if line["clause"] == "二（二）7")
    assert line["agencies"] == ("西城药监分局", "区国资委")
    assert (line["lead"], line["co"], line["mode"], line["seq"]) == ((), (), "joint", 1)


def test_coverage_shows_the_gaps():
    grid = coverage(PLAN)
    taxonomy = load_taxonomy()
    assert set(grid) == set(taxonomy.categories) - {"other"}
    assert all(set(row) == set(taxonomy.settings) for row in grid.values())
    assert grid["copyright"]["street"] == "二（二）3"
    assert grid["tobacco"]["market"] is None
    assert grid["food"]["delivery"] is None


def test_plan_object_is_json():
    shown = json.loads(json.dumps(plan_object(PLAN), ensure_ascii=False))
    assert shown["office"]["seat"] == "区科委"
    assert shown["extends"] is None
    assert shown["period"] == [None, None]


def test_diff_of_a_plan_with_itself_is_empty_and_names_what_moves():
    same = diff(PLAN, PLAN)
    assert not any(same[key] for key in ("head", "added", "removed", "changed", "cells"))
    food = next(duty for duty in PLAN.duties if duty.clause == "二（二）8")
    kept = tuple(duty for duty in PLAN.duties if duty.clause != "二（二）4")
    changed = tuple(replace(duty, subject="食品") if duty is food else duty for duty in kept)
    found = diff(PLAN, replace(PLAN, version=2, duties=changed))
    assert found["to"] == "xicheng-2011@2"
    assert found["head"] == ("version",)
    assert found["removed"] == ("二（二）4/1",)
    assert found["changed"] == {"二（二）8/1": {"subject": ("流通领域假劣食品", "食品")}}
    moved = {"category": "patent", "setting": "market", "from": "二（二）4", "to": "二（三）1"}
    assert moved in found["cells"]
