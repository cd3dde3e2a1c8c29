"""GA-FORWARD: the police who find that a case is not theirs pass it on within 24 hours (公安程序规定第175条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from hotline.casework.calendars import load_calendar
from hotline.casework.clocks import derive
from hotline.casework.matter_decisions import decide_matter
from hotline.casework.matter_words import MatterState, Step
from hotline.casework.matters import matters_of
from hotline.casework.policy_file import load_policies
from hotline.errors import InvalidInputError, TransitionError
from hotline.records import Actor, Command
from hotline.vocabulary import Action, Holder, Role

POLICE = Actor("p1", Role.CLERK, "xicheng", "police")
MINUTE = timedelta(minutes=1)
DAY = timedelta(hours=24)
DATA = {
    Step.PROPOSE: {"body": "police", "crime": "C214"},
    Step.HAND: {"documents": ("letter", "report", "list")},
    Step.FORWARD: {"body": "police2"},
}


@dataclass
class Transfer:
    """A case that was handed to the police; `do` takes a step at a moment."""

    story: object
    people: dict

    def do(self, step, at, who="clerk", text="属实"):
        self.story.now = max(self.story.now, at) + MINUTE
        data = {"step": step.value, **DATA.get(step, {})}
        if step is not Step.PROPOSE:
            data["matter_id"] = self.matter.id
        actor = self.people[who] if isinstance(who, str) else who
        for new in decide_matter(
            self.story.snapshot,
            Command(Action.TRANSFER, None, data, text, at),
            actor,
            now=self.story.now,
            new_id=lambda: "m1",
            extension_rule=lambda _policy: None,
        ):
            self.story.append(new.action, actor, new.data, at)
        return self

    @property
    def matter(self):
        return matters_of(self.story.snapshot)[-1]

    def clocks(self, policy="GA-FORWARD"):
        found = derive(
            self.story.events, policies=load_policies(), calendar=load_calendar(), body_types={}, region="110102"
        )
        return [clock for clock in found if clock.holder is Holder.MATTER and clock.policy == policy]


@pytest.fixture
def handed(story, people):
    story.begin().dispatch().lead("sign")
    at = story.now
    told = Transfer(story, people).do(Step.PROPOSE, at).do(Step.APPROVE, at + MINUTE, "responsible")
    return told.do(Step.HAND, at + 2 * MINUTE).do(Step.ACKNOWLEDGE, at + 3 * MINUTE, POLICE)


# 2026-11-06 is a Friday: hours run on through the weekend.
FOUND = datetime(2026, 11, 6, 9, 30, tzinfo=UTC)


def test_it_starts_when_the_police_find_it_and_not_before(handed):
    assert handed.clocks() == []
    handed.do(Step.FIND_ELSEWHERE, FOUND, POLICE)
    (clock,) = handed.clocks()
    assert (clock.started_at, clock.due.due_at, clock.due.breach_at) == (FOUND, FOUND + DAY, FOUND + DAY)
    assert (clock.body_id, clock.statutory, clock.running()) == ("police", True, True)
    assert "第175条" in clock.article
    assert handed.matter.state is MatterState.ELSEWHERE


@pytest.mark.parametrize(
    ("late_by", "in_time"), [(-MINUTE, True), (timedelta(0), True), (timedelta(seconds=1), False), (MINUTE, False)]
)
def test_passing_it_on_stops_it_at_the_edge(handed, late_by, in_time):
    handed.do(Step.FIND_ELSEWHERE, FOUND, POLICE).do(Step.FORWARD, FOUND + DAY + late_by, POLICE)
    (clock,) = handed.clocks()
    assert clock.stopped_at == FOUND + DAY + late_by
    assert (clock.stopped_at <= clock.due.breach_at) is in_time
    fresh = [each for each in handed.clocks("X310-FORWARD") if each.running()]
    assert [each.body_id for each in fresh] == ["police2"]


@pytest.mark.parametrize("step", [Step.POLICE_FILE, Step.POLICE_NOT_FILE])
def test_a_decision_after_all_ends_it(handed, step):
    handed.do(Step.FIND_ELSEWHERE, FOUND, POLICE).do(step, FOUND + MINUTE, POLICE)
    assert not handed.clocks()[0].running()


def test_passing_on_at_once_needs_no_finding(handed):
    handed.do(Step.FORWARD, FOUND, POLICE)
    assert handed.clocks() == []


def test_each_body_that_finds_it_elsewhere_has_its_own_clock(handed):
    second = Actor("p2", Role.CLERK, "xicheng", "police2")
    handed.do(Step.FIND_ELSEWHERE, FOUND, POLICE).do(Step.FORWARD, FOUND + MINUTE, POLICE)
    handed.do(Step.FIND_ELSEWHERE, FOUND + 2 * MINUTE, second)
    assert [(clock.body_id, clock.running()) for clock in handed.clocks()] == [("police", False), ("police2", True)]


def test_found_twice_or_before_it_was_handed_is_refused(handed):
    with pytest.raises(InvalidInputError):
        handed.do(Step.FIND_ELSEWHERE, handed.matter.opened_at - MINUTE, POLICE)
    handed.do(Step.FIND_ELSEWHERE, FOUND, POLICE)
    with pytest.raises(TransitionError):
        handed.do(Step.FIND_ELSEWHERE, FOUND + MINUTE, POLICE)


def test_there_is_none_before_the_rule_was_in_force():
    (policy,) = [each for each in load_policies() if each.id == "GA-FORWARD"]
    days = [datetime(2020, 8, 31, tzinfo=UTC).date(), datetime(2020, 9, 1, tzinfo=UTC).date()]
    assert [any(scope.covers(day) for scope in policy.scopes) for day in days] == [False, True]
