"""What is read off a clock: its limit, its warning, the time left, and the explanation of each day."""

from dataclasses import replace

import pytest

from hotline.casework.clocks import derive, explain, remaining_minutes, window_open, working_minutes
from hotline.casework.policy_overrides import with_overrides
from hotline.errors import TransitionError
from hotline.records import ClockOverride
from hotline.vocabulary import Action, Unit, Urgency
from tests.casework.clock_world import (
    ACCEPT,
    BODIES,
    CALENDAR,
    POLICIES,
    RESOLVE,
    SIGN,
    TOLD,
    WAIVE,
    at,
    clocks,
    dispatch,
    one,
    step,
)


def test_classifying_again_stops_nothing_but_changes_the_urgency():
    data = {"category": "food", "setting": "market", "kind": "dispute", "urgency": "特急", "state": "ready"}
    clock = one(clocks(("2026-11-20T10:20", Action.CLASSIFY, data)), "H-DISPATCH")
    assert clock.running()
    assert (clock.duration, clock.due.due_at) == (1, at("2026-11-20T11:00"))


def test_signing_late_moves_nothing():
    late = step("2026-11-30T09:00", Action.SIGN)
    assert one(clocks(dispatch(), late), "C-ACCEPT").due == one(clocks(dispatch()), "C-ACCEPT").due
    sign = one(clocks(dispatch(), late), "H-SIGN", "L1")
    assert sign.overdue(at("2026-12-30T09:00"))
    assert sign.stopped_at == at("2026-11-30T09:00")


def test_an_approved_extension_lengthens_its_own_clock():
    extend = step("2026-12-01T10:00", Action.EXTEND, request_id="Q", policy="R-VERIFY", amount=15)
    ask = step("2026-11-30T10:00", Action.REQUEST_EXTEND, request_id="Q", policy="R-VERIFY", amount=15)
    clock = one(clocks(dispatch(), SIGN, ask, extend, kind="report"), "R-VERIFY")
    assert (clock.extended, clock.due.due.isoformat(), clock.due.provisional) == (15, "2027-01-04", True)
    case = step("2026-11-24T10:00", Action.EXTEND, request_id="Q", policy="H-RESOLVE", amount=10)
    assert one(clocks(dispatch(), SIGN, case), "H-RESOLVE").due.due.isoformat() == "2026-12-11"


def test_the_return_window_ends_by_itself_and_is_no_breach():
    window = one(clocks(dispatch()), "H-RETURN", "L1")
    assert window.stopped_at == window.due.due_at == at("2026-11-25T00:00")
    assert window_open(window, at("2026-11-24T23:59"))
    assert not window_open(window, at("2026-11-25T00:00"))
    assert not window.overdue(at("2027-01-01T00:00"))
    signed = one(clocks(dispatch(), SIGN), "H-RETURN", "L1")
    assert signed.stopped_at == at("2026-11-20T14:00")


@pytest.mark.parametrize(
    ("urgency", "policy", "warn"),
    [
        ("特急", "H-DISPATCH", "2026-11-20T10:30"),  # Half of one hour.
        ("紧急", "H-DISPATCH", "2026-11-20T11:24"),  # 30 % of two hours.
        ("一般", "H-DISPATCH", "2026-11-21T05:12"),  # 20 % of a day.
        ("一般", "H-RESOLVE", "2026-11-26T11:48"),  # 20 % of 6 days 13 hours is more than a working day.
        ("一般", "C-ACCEPT", "2026-11-29T16:36"),  # 20 % of 10 days 13 hours.
    ],
)
def test_warnings_by_share_of_time_left(urgency, policy, warn):
    assert one(clocks(dispatch(), urgency=urgency), policy).warn_at == at(warn)


def test_a_short_clock_in_days_warns_a_working_day_before():
    # Due Friday 24:00 after three working days: 20 % would be Friday 07:12 or later, the working day begins at 00:00.
    clock = one(clocks(dispatch(), SIGN, WAIVE, RESOLVE), "H-FOLLOWUP")
    assert clock.warn_at == at("2026-11-27T00:00")


def test_overdue_is_derived():
    clock = one(clocks(dispatch()), "H-RESOLVE")
    assert not clock.overdue(at("2026-11-28T00:00"))
    assert clock.overdue(at("2026-11-28T00:01"))


def test_an_office_s_own_minutes():
    policies = with_overrides(POLICIES, [ClockOverride("H-SIGN", 2, Unit.MINUTE, Urgency.NORMAL)])
    assert one(clocks(dispatch(), policies=policies), "H-SIGN", "L1").due.due_at == at("2026-11-20T11:02")


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-20T10:00", "2026-11-20T11:00", 60),
        ("2026-11-20T11:30", "2026-11-20T14:00", 60),  # Over the lunch break.
        ("2026-11-20T17:00", "2026-11-23T09:30", 60),  # Over the weekend.
        ("2026-11-20T00:00", "2026-11-21T00:00", 420),
        ("2026-11-21T00:00", "2026-11-23T00:00", 0),
        ("2026-10-10T09:00", "2026-10-10T12:00", 180),  # A make-up Saturday.
        ("2026-10-01T00:00", "2026-10-08T00:00", 0),
    ],
)
def test_working_minutes(start, end, minutes):
    assert working_minutes(at(start), at(end), CALENDAR) == minutes


def test_remaining_time_orders_a_queue():
    clock = one(clocks(dispatch()), "H-SIGN", "L1")  # Due Monday 24:00.
    assert remaining_minutes(clock, at("2026-11-20T16:30"), CALENDAR) == 60 + 420
    assert remaining_minutes(clock, at("2026-11-24T10:00"), CALENDAR) == -60
    paused = replace(clock, paused_since=at("2026-11-23T13:30"))
    assert remaining_minutes(paused, at("2027-06-01T10:00"), CALENDAR) == 240


def test_the_explanation_tells_each_day():
    lines = explain(one(clocks(dispatch()), "C-ACCEPT"))
    assert lines[0].startswith("投诉受理决定并告知（C-ACCEPT）：")
    assert "121号令第15条" in lines[0]
    assert "起算：有处理权限的部门收到投诉，2026-11-20（周五）11:00" in lines
    assert "2026-11-21（周六）：周六休息，不计入 1 天" in lines
    assert "2026-11-23（周一）至 2026-11-27（周五）：工作日，计入 5 天" in lines
    assert "截止：2026-12-01（周二）24:00" in lines
    assert "停止条件：告知是否受理" in lines


def test_the_explanation_names_pause_extension_doubt_and_end():
    suspended = step("2026-11-30T09:00", Action.SUSPEND, reason="appraisal")
    text = "\n".join(explain(one(clocks(dispatch(), SIGN, ACCEPT, suspended), "C-MEDIATE")))
    assert "中止计时：自 2026-11-30（周一）09:00 起" in text
    assert "暂定：" in text
    extend = step("2026-12-01T10:00", Action.EXTEND, request_id="Q", policy="R-VERIFY", amount=15)
    assert "另批准延长 15" in "\n".join(explain(one(clocks(dispatch(), SIGN, extend, kind="report"), "R-VERIFY")))
    assert "停止：2026-11-20（周五）14:00" in "\n".join(explain(one(clocks(dispatch(), SIGN), "H-SIGN", "L1")))
    weekend = step("2026-11-24T10:00", Action.FILE)
    legs = ({"leg_id": "L1", "body_id": "bqj", "role": "lead"},)
    text = "\n".join(explain(one(clocks(dispatch(legs=legs), SIGN, weekend, kind="report"), "BQ6-ACCEPT")))
    assert "截止：2026-12-05（周六）24:00；如周末顺延，为 2026-12-07（周一）24:00" in text
    assert explain(one(clocks(), "H-DISPATCH"))[-2] == "截止：2026-11-21（周六）10:00"


def test_the_same_events_give_the_same_clocks_and_ids_are_stable():
    steps = [dispatch(), SIGN, ACCEPT, TOLD, WAIVE, RESOLVE]
    full = clocks(*steps)
    assert full == clocks(*steps)
    assert len({clock.id for clock in full}) == len(full)
    earlier = {clock.id for clock in clocks(*steps[:3])}
    assert earlier <= {clock.id for clock in full}


def test_a_case_without_events_is_an_error():
    with pytest.raises(TransitionError):
        derive([], policies=POLICIES, calendar=CALENDAR, body_types=BODIES, region=None)
