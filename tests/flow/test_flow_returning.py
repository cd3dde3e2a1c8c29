"""退单 within its clock: until its very end, not a minute later; signing does not shorten it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hotline.casework.desk import act
from hotline.errors import TransitionError
from hotline.moments import SHANGHAI
from hotline.records import Command
from hotline.vocabulary import Action, CaseState, LegState, Urgency

# Registered on Wednesday 2026-11-18 at 9:30: two working days end on Friday at 24:00.
END = datetime(2026, 11, 21, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)
OWNER = "110102-whly"


@pytest.fixture
def dispatched(hotline):
    case_id = hotline.register(dispatch=False).case_id
    hotline.act(case_id, Action.DISPATCH, lead="110102-scjg")
    return case_id


def give_back(hotline, case_id, at=None):
    leg = hotline.snapshot(case_id).legs[-1]
    command = Command(Action.RETURN, leg.id, {"clause": "二（一）1", "owner": OWNER}, "不属本单位职责", at)
    services = hotline.services
    with services.write() as store:
        return act(store, case_id, command, desk=services.desk("xicheng"), actor=hotline.clerk(leg), now=services.now())


def sign(hotline, case_id):
    leg = hotline.snapshot(case_id).legs[-1]
    hotline.act(case_id, Action.SIGN, hotline.clerk(leg), leg=leg)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(("late", "open_"), [(-MINUTE, True), (timedelta(0), True), (MINUTE, False)])
def test_the_window_is_open_to_its_end(hotline, moment, dispatched, signed, late, open_):
    if signed:
        sign(hotline, dispatched)
    moment.now = END + late
    if open_:
        assert give_back(hotline, dispatched).state is CaseState.DISPUTED
        return
    with pytest.raises(TransitionError, match="2026-11-21 00:00 届满"):
        give_back(hotline, dispatched)
    assert hotline.snapshot(dispatched).legs[-1].state is (LegState.SIGNED if signed else LegState.QUEUED)


def test_what_was_returned_in_time_may_be_registered_later(hotline, moment, dispatched):
    moment.now = END + timedelta(days=3)
    assert give_back(hotline, dispatched, END - MINUTE).returns == 1


def test_a_new_dispatch_opens_a_new_window(hotline, moment, dispatched):
    moment.now = END + timedelta(days=3)
    hotline.act(dispatched, Action.REASSIGN, lead=OWNER, why="wrong_dispatch")
    moment.pass_by(hours=1)
    leg = hotline.snapshot(dispatched).legs[-1]
    hotline.act(
        dispatched, Action.RETURN, hotline.clerk(leg), leg=leg, text="不属", clause="二（一）1", owner="110102-scjg"
    )
    assert hotline.snapshot(dispatched).returns == 1


def test_an_urgent_one_has_hours(hotline, moment):
    case_id = hotline.register(dispatch=False, urgency=Urgency.CRITICAL).case_id
    hotline.act(case_id, Action.DISPATCH, lead="110102-scjg")
    moment.pass_by(hours=1, minutes=1)
    with pytest.raises(TransitionError, match="届满"):
        give_back(hotline, case_id)
