"""`hotline rules …`: good input is tried and adopted, bad input is named with exit code 2 and nothing is kept."""

from __future__ import annotations

import pytest
import time_machine

from hotline.casework.calendar_legal import legal_days
from hotline.casework.policy_file import DATA

OFF = {
    year: [f"{day},放假,{name}" for day, name in {day: name for name in legal for day in legal[name]}.items()]
    for year, legal in {year: legal_days(year) for year in (2027, 2028)}.items()
}
NOTICE = "\n".join(["date,type,name", *OFF[2027], "2027-01-03,补班,元旦", ""])
LATER = "\n".join(["date,type,name", *OFF[2028]])
OFFICE = ("users", "office", "xicheng", "--name", "西城区办公室", "--region", "110102", "--plan", "xicheng-2011")
LIMIT = ("limit", "H-SIGN", "--duration", "2", "--unit", "工作日", "--effective", "2026-12-01")


@pytest.fixture
def rules(hotline):
    """`hotline rules …` in an installation, on 21 November 2026."""
    with time_machine.travel("2026-11-21T04:00:00Z", tick=False):
        assert hotline("migrate").code == 0
        assert hotline(*OFFICE, "--prefix", "1").code == 0
        yield lambda *arguments, stdin="": hotline("rules", *arguments, "--reason", "通知", stdin=stdin)


@pytest.mark.parametrize(
    ("arguments", "stdin", "subject"),
    [
        (("calendar", "2027", "-"), NOTICE, "2027"),
        (("bands", "9:00-12:00 13:30-17:30", "--region", "110102"), "", "bands"),
        ((*LIMIT, "--extension", "2", "工作日", "1", "--warn", "30", "--office-only"), "", "H-SIGN"),
        (("adopt-file", "-", "--effective", "2026-12-01"), DATA.read_text("utf-8"), "file"),
    ],
)
def test_each_is_tried_then_adopted(rules, arguments, stdin, subject):
    tried = rules(*arguments, "--dry-run", stdin=stdin)
    assert (tried.code, tried.object["version"]) == (0, None), tried.err
    ran = rules(*arguments, stdin=stdin)
    assert (ran.code, ran.object["version"], ran.object["subject"]) == (0, 1, subject)
    assert "将改变 0 个到期日" in ran.err
    again = rules(*arguments, stdin=stdin)
    assert again.code == 2
    assert "没有改动" in again.err


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (("calendar", "2028", "-"), LATER, "2027 年"),
        (("calendar", "2027", "-"), "date,type,name\n2027-01-01,放假,元旦\n", "春节"),
        (("calendar", "2027", "-"), "", "空"),
        (("calendar", "1", "-"), NOTICE, "1"),
        (("bands", "整天"), "", "整天"),
        (("bands", "9:00-12:00", "--region", "西城"), "", "六位"),
        (("limit", "H-SIGN", "--duration", "-3", "--unit", "工作日", "--effective", "2026-12-01"), "", "-3"),
        (("limit", "C-ACCEPT", *LIMIT[2:]), "", "法定时限"),
        (("limit", "H-NONE", *LIMIT[2:]), "", "H-NONE"),
        ((*LIMIT[:-1], "soon"), "", "日期"),
        ((*LIMIT, "--office", "nowhere"), "", "nowhere"),
        (("adopt-file", "-", "--effective", "2026-12-01"), 'version = "x"\npolicy = []', "少了"),
        (("adopt-file", "-", "--effective", "2026-12-01"), b"\xff\xfe", "UTF-8"),
        (("take-back", "4"), "", "第 4 版"),
    ],
)
def test_bad_input_is_named_and_nothing_is_kept(rules, hotline, arguments, stdin, said):
    before = hotline("audit", "verify").object["events"]
    ran = rules(*arguments, stdin=stdin)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert hotline("audit", "verify").object["events"] == before


def test_a_year_is_taken_back_after_a_dry_run(rules, hotline):
    assert rules("calendar", "2027", "-", stdin=NOTICE).code == 0
    tried = rules("take-back", "1", "--dry-run")
    assert (tried.code, tried.object["taken_back"]) == (0, False)
    assert rules("take-back", "1").object["taken_back"] is True
    assert rules("take-back", "1").code == 2
    assert rules("calendar", "2027", "-", stdin=NOTICE).object["version"] == 2


def test_recompute_says_what_it_looked_at(rules, hotline):
    ran = hotline("rules", "recompute", "--all")
    assert ran.code == 0
    assert ran.lines == [{"behind": name, "cases": 0, "changed": 0, "failed": []} for name in ("rules", "events")]
    assert hotline("rules", "recompute", "--some").code == 2
