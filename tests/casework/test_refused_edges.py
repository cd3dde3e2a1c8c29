"""Every edge that the tables do not have is refused by name: each action in each state, kind and role of leg."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from hotline.casework.joint_moves import MATTER_MOVES
from hotline.casework.matter_decisions import decide_matter
from hotline.casework.matter_words import MatterState, Side
from hotline.casework.matters import matters_of
from hotline.casework.transition_table import TRANSITIONS
from hotline.casework.transitions import Scope
from hotline.errors import TransitionError
from hotline.records import Actor, Command
from hotline.vocabulary import Action, CaseState, Kind, LegRole, LegState, Role

ROWS = [row for row in TRANSITIONS if row.cases]
ACTIONS = sorted({(row.action, row.scope) for row in ROWS}, key=str)
WHO = {
    Role.OPERATOR: "operator",
    Role.SUPERVISOR: "supervisor",
    Role.CLERK: "clerk",
    Role.RESPONSIBLE: "responsible",
    Role.SYSTEM: "system",
}
STEPS = [row for row in MATTER_MOVES if row.states]


def places(scope):
    """Every place that a case (and its leg) can stand in."""
    legs = [(None, None)] if scope is Scope.CASE else itertools.product(LegState, LegRole)
    return itertools.product(CaseState, Kind, list(legs))


def put(snapshot, state, kind, leg_state, role):
    if leg_state is None:
        return replace(snapshot, state=state, kind=kind)
    leg = replace(snapshot.legs[0], state=leg_state, role=role)
    return replace(snapshot, state=state, kind=kind, legs=(leg,))


def begins(row, snapshot, role):
    """Whether a row of the table begins here for this role."""
    here = role in row.roles and snapshot.state in row.cases and snapshot.kind in row.kinds
    if row.scope is Scope.CASE:
        return here
    return here and snapshot.legs[0].state in row.legs and snapshot.legs[0].role in row.leg_roles


@pytest.mark.parametrize(("action", "scope"), ACTIONS, ids=str)
def test_what_the_table_does_not_have_is_refused(story, action, scope):
    story.begin().dispatch().lead("sign")
    known, rows = story.snapshot, [row for row in ROWS if (row.action, row.scope) == (action, scope)]
    refused = 0
    for state, kind, (leg_state, leg_role) in places(scope):
        story.snapshot = put(known, state, kind, leg_state, leg_role)
        leg = story.snapshot.legs[0].id if scope is Scope.LEG else None
        for role in {role for row in rows for role in row.roles}:
            if any(begins(row, story.snapshot, role) for row in rows):
                continue
            refused += 1
            with pytest.raises(TransitionError, match=action.label):
                story.decide(action, WHO[role], leg=leg)
    everywhere = all(row.cases == frozenset(CaseState) and row.kinds == frozenset(Kind) for row in rows)
    assert bool(refused) is not (everywhere and scope is Scope.CASE)


def asker_of(row):
    """Somebody who may take the step, were the matter where the row begins."""
    if Side.OTHER in row.sides and row.kind is not Action.COOPERATE:
        return Actor("p1", Role.CLERK, "xicheng", "police")
    return Actor("r9", Role.RESPONSIBLE if Side.HEAD in row.sides else Role.CLERK, "xicheng", "samr")


@pytest.mark.parametrize("row", STEPS, ids=lambda row: f"{row.kind}-{row.step}")
def test_each_step_of_a_matter_is_refused_in_every_other_state(story, people, row):
    story.begin().dispatch().lead("sign")
    named = {"bodies": ("police",)} if row.kind is Action.JOINT else {"body": "police"}
    first = "propose" if row.kind is Action.TRANSFER else "ask"
    data = {"matter_id": "m1", "step": first, "asker": "samr", "crime": "C214", **named}
    story.append(row.kind, people["clerk"], data, story.now)
    if row.kind is Action.TRANSFER:
        story.append(row.kind, people["clerk"], {"matter_id": "m1", "step": "approve"}, story.now)
        story.append(row.kind, people["clerk"], {"matter_id": "m1", "step": "hand"}, story.now)
    known = story.snapshot
    for state in set(MatterState) - row.states:
        matter = replace(matters_of(known)[0], state=state)
        command = Command(row.kind, None, {"matter_id": "m1", "step": row.step.value}, "说明")
        with pytest.raises(TransitionError, match=row.step.label):
            decide_matter(
                replace(known, matters=(matter,)),
                command,
                asker_of(row),
                now=story.now,
                new_id=lambda: "m2",
                extension_rule=lambda _policy: None,
            )
