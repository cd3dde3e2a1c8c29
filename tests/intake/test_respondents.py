"""Is it the same respondent? The golden pairs were written by hand, from how callers name shops."""

import csv
from pathlib import Path

import pytest

from hotline.intake.respondents import respondent_keys, same_respondent
from hotline.records import Respondent

FIELDS = ("name", "address", "phone", "platform", "url")
GOLDEN = Path(__file__).parents[1] / "golden" / "respondents.csv"
LEAST_PRECISION, LEAST_RECALL = 0.95, 0.9


def pairs():
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one, other = (Respondent(*(row[f"{field}_{side}"] for field in FIELDS)) for side in "ab")
            yield row["same"] == "1", one, other


def test_precision_and_recall_on_the_golden_pairs():
    judged = [(same, bool(same_respondent(one, other)), one.name, other.name) for same, one, other in pairs()]
    found = [each for each in judged if each[1]]
    right = [each for each in found if each[0]]
    wanted = [each for each in judged if each[0]]
    assert len(right) >= LEAST_PRECISION * len(found), [each for each in found if not each[0]]
    assert len(right) >= LEAST_RECALL * len(wanted), [each for each in wanted if not each[1]]


def test_the_same_both_ways():
    for _, one, other in pairs():
        assert bool(same_respondent(one, other)) == bool(same_respondent(other, one))


def test_what_is_the_same_is_found_through_a_key():
    for _, one, other in pairs():
        if same_respondent(one, other):
            assert set(respondent_keys(one)) & set(respondent_keys(other)), (one, other)


def test_the_evidence_names_field_and_words():
    one = Respondent("瑞隆烟酒超市", "西城区广安门外大街甲398号", "010-00001187")
    other = Respondent("瑞隆超市", "广安门外大街甲398号", "01000001187")
    evidence = {each.field: each for each in same_respondent(one, other)}
    assert set(evidence) == {"name", "phone", "address"}
    assert evidence["name"].words == "瑞隆"
    assert evidence["phone"].words == "01000001187"


@pytest.mark.parametrize(
    "respondent",
    [
        Respondent(),
        Respondent("不详"),
        Respondent("店"),
        Respondent("。。。", "，", "-", " ", "http://"),
        Respondent("无名早餐车", "某街", "1", "微信", "http://[::1"),
    ],
)
def test_who_names_nobody_has_no_key(respondent):
    assert respondent_keys(respondent) == ()
    assert same_respondent(respondent, respondent) == ()
