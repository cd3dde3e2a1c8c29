from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.casework.legs import current_lead, facts_of, open_legs, times_extended
from hotline.casework.lifecycle import allowed
from hotline.casework.needs import NeedKind
from hotline.casework.state import evolve, replay
from hotline.errors import ConflictError, ForbiddenError, HotlineError, InvalidInputError, TransitionError
from hotline.records import Leg
from hotline.vocabulary import OPEN_CASE_STATES, OPEN_LEG_STATES, Action, CaseState, LegRole, LegState

ACTORS = ("operator", "supervisor", "clerk", "responsible", "co_clerk", "new_clerk")
SIDEWAYS = {
    Action.HAND_ON,
    Action.WITHDRAW,
    Action.ANSWER,
    Action.REASSIGN,
    Action.NOTE,
    Action.LOOK,
    Action.TELL,
    Action.ISSUE_CODE,
    Action.ASK_UNSEAL,
    Action.UNSEAL,
    Action.REFUSE_UNSEAL,
    Action.EVIDENCE,
    Action.REMIND,
}
BODIES = st.sampled_from(["samr", "police", "culture"])


def filled(draw, offer, now):
    """Values for an offer's needs, as a person would choose them."""
    values = {
        NeedKind.TEXT: lambda need: "二（一）1",
        NeedKind.CHOICE: lambda need: draw(st.sampled_from([code for code, _ in need.choices] or ["trademark"])),
        NeedKind.CHOICES: lambda need: tuple(code for code, _ in need.choices[:2]),
        NeedKind.BODY: lambda need: draw(BODIES),
        NeedKind.BODIES: lambda need: tuple(draw(st.sets(BODIES, max_size=2))),
        NeedKind.BOOL: lambda need: draw(st.booleans()),
        NeedKind.DATETIME: lambda need: now.isoformat(),
        NeedKind.NUMBER: lambda need: draw(st.integers(1, 10)),
        NeedKind.POLICY: lambda need: draw(st.sampled_from(["H-RESOLVE", "R-VERIFY", "C-ACCEPT"])),
    }
    return {need.name: values[need.kind](need) for need in offer.needs if need.name != "text"}


def one_step(draw, story, people):
    """Take one of the offered actions; what its data makes impossible is refused and changes nothing."""
    who = draw(st.sampled_from(ACTORS))
    offers = allowed(story.snapshot, people[who])
    if not offers:
        return
    forward = [offer for offer in offers if offer.transition.action not in SIDEWAYS]
    offer = draw(st.sampled_from(forward if forward and draw(st.integers(0, 9)) else offers))
    text = "说明" if any(need.name == "text" for need in offer.needs) else ""
    before = (story.snapshot, len(story.events))
    try:
        story.do(offer.transition.action, who, leg=offer.leg_id, text=text, **filled(draw, offer, story.now))
    except (InvalidInputError, TransitionError, ForbiddenError):
        assert (story.snapshot, len(story.events)) == before


def check(snapshot):
    """What holds in every case, whatever happened."""
    leads = [leg for leg in open_legs(snapshot) if leg.role is LegRole.LEAD]
    assert len(leads) == (1 if snapshot.state is CaseState.DISPATCHED else 0)
    assert (snapshot.closed_at is None) == (snapshot.state in OPEN_CASE_STATES)
    for leg in snapshot.legs:
        assert (leg.closed_at is None) == (leg.state in OPEN_LEG_STATES)
        assert not (leg.suspended and leg.closed_at)
    if snapshot.state not in {CaseState.DISPATCHED, CaseState.DISPUTED}:
        assert not open_legs(snapshot)
    running = {leg.id for leg in open_legs(snapshot)}
    assert {item.leg_id for item in snapshot.extensions} <= running
    assert len({leg.id for leg in snapshot.legs}) == len(snapshot.legs)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["dispute", "report", "inquiry"]), named=st.booleans())
def test_random_histories_replay_to_the_same_case_step_by_step(teller, people, data, kind, named):
    story = teller()
    story.begin(kind=kind, named=named, state=data.draw(st.sampled_from(["triage", "ready"])))
    for _ in range(data.draw(st.integers(0, 25))):
        one_step(data.draw, story, people)
        check(story.snapshot)
        assert replay(story.events) == story.snapshot
    stored = [replace(event, data=json.loads(json.dumps(dict(event.data)))) for event in story.events]
    assert replay(stored) == story.snapshot
    assert story.snapshot.seq == len(story.events)


def test_a_stream_begins_with_registration(story):
    story.begin().dispatch()
    with pytest.raises(TransitionError):
        replay([])
    with pytest.raises(TransitionError):
        replay(story.events[1:])
    with pytest.raises(TransitionError):
        evolve(story.snapshot, replace(story.events[0], seq=3))


@pytest.mark.parametrize("seq", [1, 2, 4, 9])
def test_the_sequence_has_no_gap_and_no_repeat(story, seq):
    story.begin().dispatch()
    with pytest.raises(ConflictError):
        evolve(story.snapshot, replace(story.events[1], action=Action.NOTE, seq=seq))


def test_an_unknown_code_is_a_named_error(story):
    with pytest.raises(InvalidInputError):
        story.begin(kind="complaint")


def test_the_lead_of_a_disputed_case_is_open(story):
    assert current_lead(story.begin().snapshot) is None
    assert current_lead(story.dispatch().snapshot).body_id == "samr"
    assert current_lead(story.returned().snapshot) is None


def test_a_leg_remembers_what_happened_on_it(story):
    story.begin().dispatch().lead("sign").lead("contact").lead("accept")
    assert facts_of(story.leg()) == {Action.CONTACT, Action.ACCEPT}
    story.lead("request_extend", policy="H-RESOLVE", amount=5, text="理由")
    story.lead("extend", "supervisor", request_id=story.snapshot.extensions[0].id)
    assert times_extended(story.leg(), "H-RESOLVE") == 1
    assert times_extended(story.leg(), "R-VERIFY") == 0


def test_a_plain_leg_has_no_memory(story):
    leg = Leg("l", "samr", LegRole.LEAD, LegState.SIGNED, story.now)
    assert facts_of(leg) == frozenset()
    assert times_extended(leg, "H-RESOLVE") == 0


def test_every_named_error_is_chinese(story):
    story.begin()
    with pytest.raises(HotlineError, match=r"[\u4e00-\u9fff]"):
        story.decide("review", "operator")
