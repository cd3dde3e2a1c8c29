"""Once a 举报, protected: by the events alone, whatever it is called in between, until a second person lifts it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotline.casework.state import replay
from hotline.casework.unsealing import guarded, may_lift, may_reissue, openers
from hotline.records import Actor, CaseEvent
from hotline.vocabulary import Action, Kind, Role

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
FIRST = {
    "office_id": "o",
    "complaint_id": "c",
    "urgency": "一般",
    "channel": "12315",
    "received_at": AT.isoformat(),
    "named": True,
    "category": "trademark",
    "setting": "market",
    "state": "ready",
}
TURN = {"category": "trademark", "setting": "market", "urgency": "一般", "state": "ready"}


def case(*steps):
    """The case of these steps: a kind calls it that, an action does it; each by the account behind it."""
    events = []
    for seq, (step, who) in enumerate(steps, start=1):
        if isinstance(step, Kind):
            action = Action.CLASSIFY if events else Action.REGISTER
            data = (TURN if events else FIRST) | {"kind": step.value}
        else:
            action, data = step, {}
            if step is Action.LINK:
                data = {"case": "x", "number": "1", "relation": "split", "out_of_report": True}
        role = Role.SUPERVISOR if who.startswith("s") else Role.OPERATOR
        at = AT + timedelta(minutes=seq)
        events.append(CaseEvent(f"e{seq}", "case", seq, action, who, role, at, at, data))
    return replay(events)


REPORT, DISPUTE, LIFT = Kind.REPORT, Kind.DISPUTE, Action.LIFT


@pytest.mark.parametrize(
    ("steps", "protected"),
    [
        ([REPORT], True),
        ([DISPUTE], False),
        ([Kind.INQUIRY], False),
        ([REPORT, DISPUTE], True),
        ([DISPUTE, REPORT, DISPUTE], True),
        ([DISPUTE, REPORT, Kind.INQUIRY, DISPUTE], True),
        ([DISPUTE, DISPUTE], False),
        ([DISPUTE, Action.LINK], True),
        ([REPORT, DISPUTE, LIFT], False),
        ([DISPUTE, Action.LINK, LIFT], False),
        ([REPORT, LIFT], True),
        ([REPORT, DISPUTE, LIFT, REPORT, DISPUTE], True),
        ([REPORT, DISPUTE, LIFT, DISPUTE], False),
    ],
)
def test_a_case_is_protected_by_what_it_ever_was(steps, protected):
    found = case(*((step, "s2" if step is LIFT else "o1") for step in steps))
    assert guarded(found) is protected
    waits = protected and found.kind is not REPORT
    assert openers(found) == ({"o1"} if waits else frozenset()), "who may not lift it; nobody where nothing waits"


def actor(account_id, role=Role.SUPERVISOR):
    return Actor(account_id, role, "o")


def test_who_changed_it_does_not_lift_it():
    changed = case((REPORT, "o1"), (DISPUTE, "s1"))
    assert not may_lift(changed, actor("s1"))
    assert may_lift(changed, actor("s2"))


def test_a_reports_code_is_the_registrars_and_the_supervisors():
    for steps in ([(REPORT, "o1")], [(DISPUTE, "o1"), (REPORT, "o2")], [(REPORT, "o1"), (DISPUTE, "o2")]):
        report = case(*steps)
        assert may_reissue(report, actor("o1", Role.OPERATOR))
        assert may_reissue(report, actor("s1"))
        assert not may_reissue(report, actor("o2", Role.OPERATOR))
    assert may_reissue(case((DISPUTE, "o1")), actor("o2", Role.OPERATOR))
