"""A case told step by step: the fixture `story` gives the teller, tests say what happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from hotline.casework.lifecycle import decide
from hotline.casework.state import evolve
from hotline.casework.transitions import ExtensionRule
from hotline.records import Actor, CaseEvent, Command
from hotline.vocabulary import Action, LegRole, Role, Unit

RECEIVED = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
RULES = {"H-RESOLVE": ExtensionRule(10, Unit.WORKDAY, 1), "R-VERIFY": ExtensionRule(15, Unit.WORKDAY, 1)}
PEOPLE = {
    "operator": Actor("op", Role.OPERATOR, "xicheng"),
    "supervisor": Actor("sup", Role.SUPERVISOR, "xicheng"),
    "clerk": Actor("c1", Role.CLERK, "xicheng", "samr"),
    "responsible": Actor("r1", Role.RESPONSIBLE, "xicheng", "samr"),
    "co_clerk": Actor("c2", Role.CLERK, "xicheng", "police"),
    "new_clerk": Actor("c3", Role.CLERK, "xicheng", "culture"),
    "stranger": Actor("c9", Role.CLERK, "xicheng", "customs"),
    "elsewhere": Actor("op9", Role.OPERATOR, "baodi"),
    "administrator": Actor("adm", Role.ADMINISTRATOR, "xicheng"),
    "system": Actor("sys", Role.SYSTEM, "xicheng"),
}


@dataclass
class Story:
    """One case: `do` decides and applies, each step a minute after the one before."""

    now: datetime = RECEIVED
    events: list[CaseEvent] = field(default_factory=list)
    snapshot: object = None

    def __post_init__(self):
        self.ids = (f"id{number}" for number in count(1))

    def begin(self, *, kind="dispute", state="ready", **more):
        data = {
            "office_id": "xicheng",
            "complaint_id": "complaint-1",
            "kind": kind,
            "urgency": "一般",
            "channel": "12315",
            "received_at": RECEIVED.isoformat(),
            "named": True,
            "category": "trademark",
            "setting": "shop",
            "state": state,
            "region": "110102",
        } | more
        return self.append(Action.REGISTER, PEOPLE["operator"], data, self.now)

    def append(self, action, actor, data, at):
        seq = len(self.events) + 1
        event = CaseEvent(f"e{seq}", "case-1", seq, action, actor.account_id, actor.role, at, self.now, data)
        self.events.append(event)
        self.snapshot = evolve(self.snapshot, event)
        return self

    def decide(self, action, who="clerk", *, leg=None, text="", at=None, expected_seq=None, **data):
        self.now += timedelta(minutes=1)
        actor = PEOPLE[who] if isinstance(who, str) else who
        command = Command(Action(action), leg, data, text, at, expected_seq)
        return decide(
            self.snapshot,
            command,
            actor,
            now=self.now,
            new_id=lambda: next(self.ids),
            extension_rule=RULES.get,
        )

    def do(self, action, who="clerk", **details):
        actor = PEOPLE[who] if isinstance(who, str) else who
        for new in self.decide(action, who, **details):
            self.append(new.action, actor, new.data, details.get("at") or self.now)
        return self

    def dispatch(self, *co):
        return self.do("dispatch", "operator", lead="samr", co=co, plan="xicheng-2011", clause="二（一）1")

    def leg(self, role="lead"):
        return [leg for leg in self.snapshot.legs if leg.role == LegRole(role)][-1]

    def lead(self, action, who="clerk", **details):
        return self.do(action, who, leg=self.leg().id, **details)

    def co(self, action, who="co_clerk", **details):
        return self.do(action, who, leg=self.leg("co").id, **details)

    def returned(self, who="clerk"):
        return self.lead("return", who, clause="二（一）1", owner="customs", text="不属我局职责")

    def resolved(self):
        return self.lead("sign").lead("resolve", outcome="settled", text="双方已和解")


@pytest.fixture
def story():
    return Story()


@pytest.fixture(scope="session")
def teller():
    return Story


@pytest.fixture(scope="session")
def people():
    return PEOPLE
