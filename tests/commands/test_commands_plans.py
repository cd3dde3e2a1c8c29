import shutil

import pytest

from hotline.routing.plans import SHIPPED

EXPORT = {
    "clause": str, "seq": int, "quote": str, "agencies": list, "agencies_full": list, "lead": list, "co": list,
    "mode": str, "subject": str, "complaint_relevant": bool,
}  # fmt: skip
MODES = {"sole", "lead", "lead+assist", "by-duty", "joint", "none"}


def test_export_prints_one_duty_a_line(separate):
    ran = separate("plans", "export", "xicheng-2011")
    assert ran.code == 0
    assert len(ran.lines) > 20
    for duty in ran.lines:
        for key, kind in EXPORT.items():
            assert isinstance(duty[key], kind), key
        assert duty["mode"] in MODES
        assert duty["seq"] >= 1
        assert len(duty["agencies"]) == len(duty["agencies_full"])
        assert set(duty["lead"]) | set(duty["co"]) <= set(duty["agencies"])


def test_list_and_show(hotline):
    listed = hotline("plans", "list").lines
    assert "xicheng-2011" in [plan["id"] for plan in listed]
    shown = hotline("plans", "show", "xicheng-2011").object
    assert shown["number"] == "西政办发〔2011〕2号"
    assert len(shown["entries"]) == shown["duties"] == len(hotline("plans", "export", "xicheng-2011").lines)


@pytest.mark.parametrize("command", ["show", "export", "coverage"])
def test_an_unknown_plan_is_exit_2(hotline, command):
    ran = hotline("plans", command, "nowhere-1999")
    assert (ran.code, ran.out) == (2, "")
    assert "xicheng-2011" in ran.err, "the message names the plans there are"


def test_coverage_has_every_cell(hotline):
    found = hotline("plans", "coverage", "xicheng-2011").object
    assert found["cells"] == sum(len(row) for row in found["grid"].values())
    assert found["covered"] == sum(1 for row in found["grid"].values() for clause in row.values() if clause)
    assert found["grid"]["copyright"]["street"] == "二（二）3"
    assert found["grid"]["tobacco"]["market"] is None


def test_a_plan_does_not_differ_from_itself(hotline):
    found = hotline("plans", "diff", "xicheng-2011", "xicheng-2011").object
    assert [found[key] for key in ("added", "removed", "changed", "cells")] == [[], [], {}, []]


@pytest.mark.parametrize("region", ["110102", "北京市西城区", "西城区"])
def test_resolve_by_adcode_or_name(hotline, region):
    found = hotline("plans", "resolve", region, "--on", "2026-11-20").object
    assert found["plan"] == "xicheng-2011"
    assert found["region"] == "110102"
    assert found["chain"][0] == "xicheng-2011"
    assert isinstance(found["office"], str)
    assert found["reason"]


def test_resolve_before_any_plan_was_issued(hotline):
    found = hotline("plans", "resolve", "110102", "--on", "2001-01-01").object
    assert (found["plan"], found["office"], found["chain"]) == (None, None, [])


@pytest.mark.parametrize(
    "arguments",
    [
        ("999999",),
        ("没有这个地方",),
        ("11010",),
        ("鼓楼区",),
        ("110102", "--on", "2026-02-30"),
        ("110102", "--on", "20261120"),
        (),
    ],
)
def test_resolve_refuses_what_it_cannot_place(hotline, arguments):
    ran = hotline("plans", "resolve", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.strip()


def test_namesakes_are_listed(hotline):
    assert "320106" in hotline("plans", "resolve", "鼓楼区").err


def test_the_shipped_plans_have_no_errors(hotline):
    ran = hotline("plans", "lint")
    assert ran.code == 0
    assert {finding["level"] for finding in ran.lines} <= {"note"}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('"区质监局"', '"区外星事务局"', "unknown_agency"),
        ("issued_on = ", "issued_on = 20", "format"),
        ("version = 1", 'version = "x"', "format"),
    ],
)
def test_lint_names_file_line_and_reason(hotline, place, old, new, rule):
    content = (SHIPPED / "xicheng-2011.toml").read_text("utf-8")
    assert old in content
    (place / "altered.toml").write_text(content.replace(old, new), "utf-8")
    ran = hotline("plans", "lint", "altered.toml")
    assert ran.code == 1
    found = [finding for finding in ran.lines if finding["level"] == "error"]
    assert rule in {finding["rule"] for finding in found}
    assert all(finding["file"] == "altered.toml" and finding["line"] >= 1 for finding in found)


def test_lint_proves_quotes_against_the_source(hotline, place):
    shutil.copy(SHIPPED / "xicheng-2011.toml", place / "plan.toml")
    (place / "xicheng-2011.txt").write_text("别的文件", "utf-8")
    ran = hotline("plans", "lint", "plan.toml", "--sources", place)
    assert ran.code == 1
    assert "quote" in ran.out


def test_lint_of_a_file_that_is_not_there(hotline):
    assert hotline("plans", "lint", "nothing.toml").code == 2
