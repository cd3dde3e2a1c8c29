"""Every row of the lifecycle's table is walked: histories are made from the table itself, so that a new row is either
reached by them or fails here."""

from collections import Counter
from functools import cache
from random import Random

import pytest

from hotline.casework.lifecycle import allowed
from hotline.casework.needs import TEXT, NeedKind
from hotline.casework.transition_table import TRANSITIONS
from hotline.casework.transitions import Scope
from hotline.errors import ForbiddenError, HotlineError, InvalidInputError, TransitionError
from hotline.vocabulary import Action, CaseState, LegRole, LegState

WALKS, STEPS = 240, 30
BODIES = ("samr", "police", "culture")
ROWS = [row for row in TRANSITIONS if row.cases]
MOVED_BY_DATA = {
    Action.CLASSIFY: {CaseState.READY, CaseState.TRIAGE, CaseState.DISPUTED},
    Action.FOLLOW_UP: {CaseState.ARCHIVED, CaseState.DISPATCHED},
}
CLOSED_ON_THE_WAY = {CaseState.RESOLVED}
"""A case whose lead has resolved is resolved as soon as no other leg is open, whatever closed the last one."""


def name_of(row):
    kinds = "-".join(sorted(row.kinds)) if len(row.kinds) < 3 else "any"
    return f"{row.action.value}-{row.scope.value}-{kinds}"


def value(need, chance, story):
    if need.kind is NeedKind.CHOICE and need.choices:
        return chance.choice(need.choices)[0]
    made = {
        NeedKind.BODY: chance.choice(BODIES),
        NeedKind.BODIES: tuple(body for body in BODIES if chance.random() < 0.3),
        NeedKind.BOOL: chance.random() < 0.5,
        NeedKind.NUMBER: 1,
        NeedKind.POLICY: chance.choice(("H-RESOLVE", "R-VERIFY")),
        NeedKind.DATETIME: story.now.isoformat(),
        NeedKind.CHOICES: tuple(code for code, _ in need.choices[:1]),
    }
    return made.get(need.kind, {"category": "patent", "setting": "shop", "case": "case-2"}.get(need.name, "x1"))


def filled(needs, chance, story):
    data = {need.name: value(need, chance, story) for need in needs if need.name != TEXT}
    return data, "说明" if any(need.name == TEXT for need in needs) else ""


def check_step(row, leg_id, before, after):
    """What the row promises, and nothing else."""
    leg = after.leg(leg_id) if leg_id else None
    if isinstance(row.to, LegState):
        assert leg.state in {row.to, LegState.CLOSED}
    elif row.to is None and leg is not None:
        assert leg.state is before.leg(leg_id).state
    if isinstance(row.to, CaseState):
        assert after.state in {row.to} | CLOSED_ON_THE_WAY
    elif row.scope is Scope.CASE:
        assert after.state in MOVED_BY_DATA.get(row.action, {before.state})
    lead = leg is not None and leg.role is LegRole.LEAD
    if row.action is Action.RETURN:
        assert after.state is (CaseState.DISPUTED if lead else before.state) or after.state in CLOSED_ON_THE_WAY


def refused(story, people, offers, chance):
    """What is not offered is refused by name, and changes nothing."""
    seq = story.snapshot.seq
    for name, actor in people.items():
        mine = {(offer.transition.action, offer.leg_id) for offer in offers[name]}
        row = chance.choice(ROWS)
        leg_id = chance.choice(story.snapshot.legs).id if row.scope is Scope.LEG and story.snapshot.legs else None
        if (row.action, leg_id) in mine:
            continue
        data, text = filled(row.needs, chance, story)
        with pytest.raises((ForbiddenError, TransitionError, InvalidInputError)):
            story.decide(row.action, actor, leg=leg_id, text=text, **data)
    assert story.snapshot.seq == seq


@cache
def walked(teller, people):
    """How often each row was walked, with the states it began in."""
    chance, seen = Random(5), Counter()  # noqa: S311 - histories, no secret.
    for number in range(WALKS):
        kind = ("dispute", "report", "inquiry", "dispute")[number % 4]
        story = teller().begin(kind=kind, state=chance.choice(("ready", "triage")), named=chance.random() < 0.8)
        for _ in range(STEPS):
            offers = {name: allowed(story.snapshot, actor) for name, actor in people}
            refused(story, dict(people), offers, chance)
            every = [(name, offer) for name, mine in offers.items() for offer in mine]
            if not every:
                break
            chance.shuffle(every)
            name, offer = min(every, key=lambda each: seen[name_of(each[1].transition)])
            if chance.random() < 0.3:
                name, offer = every[0]
            data, text = filled(offer.needs, chance, story)
            before = story.snapshot
            try:
                story.do(offer.transition.action, name, leg=offer.leg_id, text=text, **data)
            except HotlineError:
                assert story.snapshot is before
                continue
            assert story.snapshot.seq > before.seq
            check_step(offer.transition, offer.leg_id, before, story.snapshot)
            seen[name_of(offer.transition)] += 1
    return seen


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_each_row_is_walked_and_keeps_its_promise(row, teller, people):
    assert walked(teller, tuple(people.items()))[name_of(row)] > 0


def test_two_rows_never_share_a_name():
    assert len({name_of(row) for row in ROWS}) == len(ROWS)
