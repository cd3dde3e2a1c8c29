from __future__ import annotations

import pytest

from hotline.casework.privacy import identity_fields, sees_identity, visible
from hotline.records import Actor
from hotline.vocabulary import Role

ALL = {"name", "phone", "id_number", "address"}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("operator", True),
        ("supervisor", True),
        ("clerk", True),
        ("responsible", True),
        ("co_clerk", True),
        ("system", True),
        ("stranger", False),
        ("elsewhere", False),
        ("administrator", False),
    ],
)
def test_who_sees_a_case(story, people, who, expected):
    story.begin().dispatch("police")
    assert visible(story.snapshot, people[who]) is expected


def test_an_undispatched_case_is_the_desks_alone(story, people):
    story.begin()
    assert [who for who in people if visible(story.snapshot, people[who])] == ["operator", "supervisor", "system"]


def test_an_account_without_a_body_sees_no_agency_case(story):
    story.begin().dispatch()
    assert not visible(story.snapshot, Actor("c", Role.CLERK, "xicheng"))


def test_an_operator_with_a_body_is_no_clerk(story, people):
    story.begin().dispatch()
    assert not visible(story.snapshot, Actor("op", Role.OPERATOR, "baodi", "samr"))


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (("dispute", "clerk", "lead"), {"name", "phone"}),
        (("dispute", "responsible", "lead"), {"name", "phone"}),
        (("dispute", "co_clerk", "co"), set()),
        (("dispute", "co_clerk", "lead"), set()),
        (("dispute", "operator", "lead"), ALL),
        (("dispute", "supervisor", "lead"), ALL),
        (("dispute", "elsewhere", "lead"), set()),
        (("dispute", "administrator", "lead"), set()),
        (("dispute", "system", "lead"), set()),
        (("report", "clerk", "lead"), set()),
        (("report", "responsible", "lead"), set()),
        (("report", "operator", "lead"), ALL),
        (("inquiry", "clerk", "lead"), set()),
    ],
)
def test_who_sees_the_caller(story, people, case, expected):
    kind, who, role = case
    story.begin(kind=kind).dispatch("police")
    assert identity_fields(story.snapshot, story.leg(role), people[who]) == expected
    assert sees_identity(story.snapshot, story.leg(role), people[who]) is bool(expected)


def test_sight_ends_with_the_leg(story, people):
    story.begin().dispatch()
    assert sees_identity(story.snapshot, story.leg(), people["clerk"])
    story.resolved()
    assert not sees_identity(story.snapshot, story.leg(), people["clerk"])
    assert visible(story.snapshot, people["clerk"])


def test_without_a_leg_only_the_desk_sees(story, people):
    story.begin()
    assert sees_identity(story.snapshot, None, people["operator"])
    assert not sees_identity(story.snapshot, None, people["clerk"])
