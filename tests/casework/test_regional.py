"""§2.4: which written limits of regions can be adopted, with which terms, and a reason for every other row."""

from __future__ import annotations

from datetime import date

import pytest

from hotline.casework.policy_change import NewTerms, PolicyChange
from hotline.casework.policy_file import load_policies
from hotline.casework.regional import adopted_as, of_place, regional_limits, serves, wider_regions
from hotline.vocabulary import Unit, Urgency

POLICIES = load_policies()
ROWS = {row.policy.id: row for row in regional_limits(POLICIES, POLICIES)}
ADOPTABLE = {
    "BJ-DISPATCH-URGENT": (1, Unit.HOUR, Urgency.CRITICAL, date(2023, 1, 1)),
    "BJ-DISPATCH-UTILITY": (2, Unit.HOUR, Urgency.URGENT, date(2023, 1, 1)),
    "BJ-DISPATCH-NORMAL": (24, Unit.HOUR, Urgency.NORMAL, date(2023, 1, 1)),
    "JN-RESOLVE": (5, Unit.WORKDAY, Urgency.NORMAL, date(2018, 9, 1)),
    "WF-RESOLVE": (5, Unit.WORKDAY, Urgency.NORMAL, date(2021, 12, 15)),
}


def test_what_is_read_with_confidence_and_a_day_can_be_adopted():
    found = {
        name: (row.terms.duration, row.terms.unit, row.terms.urgency, row.since)
        for name, row in ROWS.items()
        if row.terms
    }
    assert found == ADOPTABLE
    assert {row.policy.confidence for row in ROWS.values() if row.terms} == {"A", "B"}


def test_every_other_row_says_why_not_and_every_row_where_it_is_written():
    for name, row in ROWS.items():
        assert bool(row.why_not) is (name not in ADOPTABLE)
        assert row.source != name
    assert "征求意见稿" in ROWS["BJ-REPLY-NORMAL"].why_not
    assert "复杂疑难" in ROWS["BJ-REPLY-COMPLEX"].why_not
    assert "没有月日" in ROWS["SD-RESOLVE"].why_not
    assert "省级单位" in ROWS["SDZW-RESOLVE"].why_not
    assert "地名" in ROWS["CITYA-CASE"].why_not


def test_no_row_is_left_out_and_none_runs():
    assert set(ROWS) == {policy.id for policy in POLICIES if policy.node}
    assert not any(row.policy.enabled for row in ROWS.values())


def test_extension_and_warning_stay_as_they_are():
    now = next(policy for policy in POLICIES if policy.id == "H-RESOLVE").at(Urgency.NORMAL)
    assert (ROWS["JN-RESOLVE"].terms.extension, ROWS["JN-RESOLVE"].terms.warn) == (now.extension, now.warn)
    assert now.extension is not None


@pytest.mark.parametrize(
    ("region", "place", "ours"),
    [
        ("110000", "110102", True),
        ("110000", "120115", False),
        ("370100", "370102", True),
        ("370100", "370702", False),
        ("100000", "440305", True),
        ("", "110102", False),
    ],
)
def test_a_region_serves_the_places_within_it(region, place, ours):
    assert serves(region, place) is ours


def test_each_place_has_its_own_rows():
    here = [row.policy.id for row in of_place(ROWS.values(), "370102") if row.terms]
    assert here == ["JN-RESOLVE"]
    assert wider_regions("110102") == ("110102", "110100", "110000")
    assert wider_regions("110000") == ("110000",)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, True),
        ({"terms": NewTerms(6, Unit.WORKDAY, Urgency.NORMAL)}, False),
        ({"terms": NewTerms(5, Unit.WORKDAY)}, True),
        ({"terms": NewTerms(5, Unit.WORKDAY, Urgency.URGENT)}, False),
        ({"region": "370000"}, False),
        ({"office_id": "jinan"}, False),
        ({"policy": "H-SIGN"}, False),
    ],
)
def test_a_row_is_known_as_adopted_by_its_terms_and_place(change, found):
    plain = {
        "version": 1,
        "policy": "H-RESOLVE",
        "effective_from": date(2026, 11, 1),
        "terms": NewTerms(5, Unit.WORKDAY, Urgency.NORMAL),
        "region": "370100",
    }
    one = PolicyChange(**(plain | change))
    assert (adopted_as(ROWS["JN-RESOLVE"], [one]) is one) is found


def test_a_later_change_of_the_region_takes_the_adopted_one_away():
    five, six = (
        PolicyChange(number, "H-RESOLVE", date(2026, 11, number), NewTerms(days, Unit.WORKDAY), region="370100")
        for number, days in ((1, 5), (2, 6))
    )
    assert adopted_as(ROWS["JN-RESOLVE"], [six, five]) is None
