"""Whose working minutes: every minute in exactly one share, whatever the history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.casework.blaming import cause_of
from hotline.casework.calendars import load_calendar
from hotline.casework.clocks import working_minutes
from hotline.casework.holding import Part
from hotline.casework.legs import TracedLeg
from hotline.casework.stretches import cut
from hotline.casework.timeshare import shares, taken
from hotline.casework.worked_minutes import worked_between
from hotline.records import CaseSnapshot
from hotline.vocabulary import Action, CaseState, Kind, LegRole, LegState, Urgency

CALENDAR = load_calendar()
START = datetime(2026, 11, 16, 1, tzinfo=UTC)
"""Monday 9:00 in Beijing."""
HOUR = timedelta(hours=1)


def leg(name="l1", body="b1", role=LegRole.LEAD, state=LegState.QUEUED, **more):
    return TracedLeg(name, body, role, state, START, **more)


def case(state=CaseState.DISPATCHED, *legs, kind=Kind.REPORT, named=True):
    return CaseSnapshot(
        case_id="c", office_id="o", complaint_id="k", state=state, seq=1, kind=kind, urgency=Urgency.NORMAL,
        channel="12330", received_at=START, named=named, category="drug", setting="street", legs=legs,
    )  # fmt: skip


SIGNED = leg(state=LegState.SIGNED)
CO = leg("l2", "b2", LegRole.CO, LegState.SIGNED)
LOOKS = {
    "ready": (case(CaseState.READY), (Part.DESK, None)),
    "review": (case(CaseState.RESOLVED, leg(state=LegState.RESOLVED)), (Part.DESK, None)),
    "queued": (case(CaseState.DISPATCHED, leg()), (Part.SIGNING, "b1")),
    "signed": (case(CaseState.DISPATCHED, SIGNED, CO), (Part.HANDLING, "b1")),
    "paused": (case(CaseState.DISPATCHED, replace(SIGNED, suspended=True)), (Part.PAUSED, "b1")),
    "nameless": (case(CaseState.DISPATCHED, SIGNED, kind=Kind.DISPUTE, named=False), (Part.CALLER, "b1")),
    "decided": (
        case(CaseState.DISPATCHED, replace(SIGNED, facts=frozenset({Action.DECIDE})), CO),
        (Part.CO, "b2"),
    ),
    "disputed": (case(CaseState.DISPUTED, leg(state=LegState.RETURNED)), (Part.RETURNING, None)),
}


@pytest.mark.parametrize("name", LOOKS)
def test_each_state_is_in_one_holders_hands(name):
    snapshot, expected = LOOKS[name]
    (only,) = cut([(START, snapshot)])
    assert (only.part, only.body_id, only.start, only.end) == (*expected, START, None)


def test_the_time_of_a_leg_that_was_returned_is_the_return_loops():
    back = case(CaseState.DISPUTED, leg(state=LegState.RETURNED))
    seen = [
        (START, case(CaseState.READY)),
        (START + HOUR, case(CaseState.DISPATCHED, leg())),
        (START + 2 * HOUR, back),
        (START + 3 * HOUR, case(CaseState.DISPATCHED, leg(state=LegState.RETURNED), leg("l3", "b3"))),
    ]
    parts = [(each.part, each.body_id) for each in cut(seen)]
    assert parts == [(Part.DESK, None), (Part.RETURNING, "b1"), (Part.RETURNING, None), (Part.SIGNING, "b3")]


@given(
    st.lists(st.tuples(st.sampled_from(sorted(LOOKS)), st.integers(0, 9_000)), min_size=1, max_size=12),
    st.integers(0, 20_000),
)
def test_shares_add_up_to_the_cases_time(history, rest):
    at, seen = START, []
    for name, minutes in history:
        seen.append((at, LOOKS[name][0]))
        at += timedelta(minutes=minutes, seconds=minutes % 60)
    until = at + timedelta(minutes=rest)
    cuts = cut(seen)
    found = shares(cuts, CALENDAR, until)
    assert sum(each.minutes for each in found) == worked_between(CALENDAR, START, until)
    assert sum(each.elapsed for each in found) == int(until.timestamp() // 60) - int(START.timestamp() // 60)
    assert all(first.end == second.start for first, second in pairwise(cuts))
    middle = START + (until - START) / 2
    halves = taken(cuts, CALENDAR, None, middle), taken(cuts, CALENDAR, middle, until)
    assert sum(each.minutes for half in halves for each in half) == sum(each.minutes for each in found)


@given(st.integers(0, 500_000), st.integers(0, 100_000))
def test_working_minutes_are_those_of_the_clocks(offset, length):
    begin = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=offset)
    end = begin + timedelta(minutes=length)
    assert worked_between(CALENDAR, begin, end) == working_minutes(begin, end, CALENDAR)


def test_the_cause_is_where_most_working_minutes_went_and_at_night_most_minutes():
    seen = [
        (START, case(CaseState.READY)),
        (START + 2 * HOUR, LOOKS["queued"][0]),
        (START + 24 * HOUR, LOOKS["signed"][0]),
    ]
    cuts = cut(seen)
    assert cause_of(cuts, CALENDAR, START, START + 25 * HOUR) == Part.SIGNING
    assert cause_of(cuts, CALENDAR, START, START + 2 * HOUR + timedelta(minutes=1)) == Part.DESK
    night = START + 10 * HOUR
    assert cause_of(cuts, CALENDAR, night, night + HOUR) == Part.SIGNING
    assert cause_of(cuts, CALENDAR, START, None) == Part.HANDLING
