"""A step told later, with its own time: never before the step that it follows on its leg."""

from __future__ import annotations

import pytest

from hotline.casework.ordering import check_order
from hotline.errors import InvalidInputError
from hotline.records import Command
from hotline.vocabulary import Action
from tests.casework.clock_world import SIGN, at, dispatch, history, step

DAY = "2026-11-24T10:00"
EARLIER, LATER = at("2026-11-24T09:59"), at("2026-11-24T10:01")
EDGES = [
    (Action.SUSPEND, Action.RESUME, {}),
    (Action.ACCEPT, Action.TERMINATE, {}),
    (Action.FILE, Action.DECIDE, {}),
    (Action.CLUE, Action.FILE, {}),
    (Action.CLUE, Action.NOT_FILE, {}),
    (Action.ACCEPT, Action.NOTIFY, {"subject": "acceptance"}),
    (Action.DECLINE, Action.NOTIFY, {"subject": "acceptance"}),
    (Action.TERMINATE, Action.NOTIFY, {"subject": "termination"}),
    (Action.FILE, Action.NOTIFY, {"subject": "filing"}),
    (Action.NOT_FILE, Action.NOTIFY, {"subject": "filing"}),
]


def command(action, when, leg="L1", **data):
    return Command(action, leg, data, at=when)


@pytest.mark.parametrize(
    ("first", "then", "data"), EDGES, ids=lambda each: str(each) if isinstance(each, Action) else ""
)
def test_what_follows_is_not_dated_before(first, then, data):
    events = history(dispatch(), SIGN, step(DAY, first))
    with pytest.raises(
        InvalidInputError, match=f"“{then.label}”的时间早于“{first.label}”的时间（2026-11-24 10:00）"
    ) as caught:
        check_order(events, command(then, EARLIER, **data))
    assert list(caught.value.fields) == ["at"]
    for when in (at(DAY), LATER, None):
        check_order(events, command(then, when, **data))


def test_the_same_minute_is_no_contradiction_and_other_legs_and_steps_do_not_count():
    events = history(dispatch(), SIGN, step("2026-11-24T10:00:42", Action.SUSPEND, reason="appraisal"))
    check_order(events, command(Action.RESUME, at(DAY)))
    check_order(events, command(Action.RESUME, EARLIER, leg="L2"))
    check_order(events, command(Action.CONTACT, EARLIER))
    check_order(events, command(Action.NOTIFY, EARLIER, subject="result"))


def test_the_last_of_several_counts():
    again = step("2026-11-25T10:00", Action.SUSPEND, reason="appraisal")
    events = history(dispatch(), SIGN, step(DAY, Action.SUSPEND), step("2026-11-24T12:00", Action.RESUME), again)
    with pytest.raises(InvalidInputError, match="11-25 10:00"):
        check_order(events, command(Action.RESUME, at("2026-11-24T18:00")))
