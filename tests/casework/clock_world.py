"""What the tests of the clocks need: histories of one case, told in its steps, and the clocks they give."""

from __future__ import annotations

from datetime import UTC, datetime

from hotline.casework.clocks import derive
from hotline.casework.policy_file import load_policies
from hotline.casework.workdays import load_calendar
from hotline.records import CaseEvent
from hotline.vocabulary import Action, AgencyType, Role

CALENDAR = load_calendar()
POLICIES = load_policies()
BODIES = {
    "scjg": AgencyType.MARKET_REGULATION,
    "bqj": AgencyType.COPYRIGHT,
    "zscq": AgencyType.PATENT,
    "gaj": AgencyType.POLICE,
}
FRIDAY = "2026-11-20T10:00"
LEGS = ({"leg_id": "L1", "body_id": "scjg", "role": "lead"}, {"leg_id": "L2", "body_id": "gaj", "role": "co"})


def at(text):
    return datetime.fromisoformat(f"{text}+08:00")


def history(*steps, received=FRIDAY, **facts):
    """Events from (time, action, data): the registration comes first."""
    registration = {
        "office_id": "xicheng",
        "complaint_id": "P",
        "kind": "dispute",
        "urgency": "一般",
        "channel": "12315",
        "received_at": at(received).astimezone(UTC).isoformat(),
        "named": True,
        "category": "trademark",
        "setting": "market",
        "state": "ready",
        "region": "110102",
        **facts,
    }
    rows = [(received, Action.REGISTER, registration), *steps]
    return [
        CaseEvent(f"E{seq}", "K", seq, action, "someone", Role.OPERATOR, at(when), at(when), data)
        for seq, (when, action, data) in enumerate(rows, start=1)
    ]


def clocks(*steps, policies=POLICIES, **facts):
    return derive(history(*steps, **facts), policies=policies, calendar=CALENDAR, body_types=BODIES, region="110102")


def one(found, policy, leg=None):
    matches = [clock for clock in found if clock.policy == policy and leg in {None, clock.leg_id}]
    assert len(matches) == 1, [clock.id for clock in found]
    return matches[0]


def running(found):
    return {clock.policy for clock in found if clock.running()}


def dispatch(when="2026-11-20T11:00", legs=LEGS):
    return (when, Action.DISPATCH, {"legs": legs, "plan": "xicheng-2011", "clause": "二（一）"})


def step(when, action, leg="L1", **data):
    return (when, action, {"leg_id": leg, **data})


SIGN = step("2026-11-20T14:00", Action.SIGN)
ACCEPT = step("2026-11-23T10:00", Action.ACCEPT)
TOLD = step("2026-11-23T10:00", Action.NOTIFY, subject="acceptance")
WAIVE = step("2026-11-23T11:00", Action.WAIVE, "L2")
RESOLVE = step("2026-11-24T10:00", Action.RESOLVE, outcome="settled")
