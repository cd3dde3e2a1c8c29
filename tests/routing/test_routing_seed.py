"""The Xicheng plan against the document itself: every quote, every parenthesis, in order."""

import re
from datetime import date
from pathlib import Path

import pytest

from hotline.routing.directory_file import load_directory
from hotline.routing.plan_lint import errors, lint, squash
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy

SEED = Path(__file__).parents[3] / "shared" / "seeds" / "xicheng-2011.txt"
PLAN = load_plans()["xicheng-2011"]
PARENTHESIS = re.compile(r"（([^（）]*)负责）")
CLAUSES = [
    "二（一）1",
    "二（一）2",
    "二（一）3",
    "二（一）4",
    "二（二）1",
    "二（二）2",
    "二（二）3",
    "二（二）4",
    "二（二）5",
    "二（二）6",
    "二（二）7",
    "二（二）8",
    "二（三）1",
    "二（三）2",
    "二（四）",
]


def source():
    if not SEED.exists():
        pytest.skip("the seed documents are not beside this repository")
    return SEED.read_text(encoding="utf-8")


def test_every_quote_is_in_the_document():
    assert errors(lint(PLAN, load_taxonomy(), load_directory(), source())) == []


def test_every_parenthesis_has_its_duty_with_its_agencies_and_all_its_text():
    text = squash(source())
    start = text.index("二、工作任务和分工")
    found = [(match.start(), match[1]) for match in PARENTHESIS.finditer(text)]
    duties = [duty for duty in PLAN.duties if duty.clause in CLAUSES]
    assert [duty.clause for duty in duties] == CLAUSES
    assert [tuple(names.split("、")) for _, names in found] == [duty.agencies for duty in duties]
    for duty, (end, _) in zip(duties, found, strict=True):
        before = text[start:end]
        assert before.endswith(squash(duty.quote))
        assert re.search(r"(\d[.．]|。|负责）)$", before.removesuffix(squash(duty.quote)))
        start = end


def test_modes_follow_the_number_of_agencies_and_the_plan_names_no_lead_of_several():
    for duty in PLAN.duties:
        if duty.clause in CLAUSES:
            assert duty.mode.value == ("sole" if len(duty.agencies) == 1 else "joint")
            assert duty.lead == (duty.agencies if len(duty.agencies) == 1 else ())
            assert duty.co == ()


def test_the_requirements_are_there_and_answer_no_complaint():
    rest = [duty for duty in PLAN.duties if duty.clause not in CLAUSES]
    assert {duty.clause for duty in rest} == {"三（一）", "三（二）", "三（三）", "三（四）", "三（五）"}
    assert not any(duty.complaint_relevant or duty.categories for duty in rest)


def test_head_of_the_document():
    assert (PLAN.number, PLAN.issued_on, PLAN.region) == ("西政办发〔2011〕2号", date(2011, 1, 10), "110102")
    assert (PLAN.office.name, PLAN.office.seat) == ("区专项行动领导小组办公室", "区科委")
    assert PLAN.hotlines == ("12330", "12315", "12390", "12365")
    assert [(phase.start, phase.end) for phase in PLAN.phases] == [
        (date(2010, 11, 1), date(2010, 11, 30)),
        (date(2010, 12, 1), date(2011, 2, 28)),
        (date(2011, 3, 1), date(2011, 3, 31)),
    ]
    weekly = PLAN.reporting[0]
    assert (len(weekly.who), weekly.weekday, weekly.time) == (6, 5, "12:00")
    assert weekly.who == next(duty for duty in PLAN.duties if duty.subject == "每周报告").agencies
    assert all(word in squash(source()) for word in (*PLAN.key_goods, *PLAN.key_areas, *PLAN.key_fields))
