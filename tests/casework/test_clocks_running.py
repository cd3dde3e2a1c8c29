"""Which clocks a case has: what starts, stops, pauses and revives them."""

from datetime import timedelta

import pytest

from hotline.casework.clocks import explain
from hotline.casework.leg_clock_starts import PHONE_TOLD
from hotline.vocabulary import Action, Holder
from tests.casework.clock_world import (
    ACCEPT,
    FRIDAY,
    LEGS,
    RESOLVE,
    SIGN,
    TOLD,
    WAIVE,
    at,
    clocks,
    dispatch,
    one,
    running,
    step,
)


def test_registration_starts_the_dispatch_clock_at_the_receipt():
    found = clocks()
    clock = one(found, "H-DISPATCH")
    assert running(found) == {"H-DISPATCH"}
    assert (clock.id, clock.holder, clock.leg_id, clock.body_id) == ("K:H-DISPATCH:1", Holder.CASE, None, None)
    assert (clock.started_at, clock.due.due_at) == (at(FRIDAY), at("2026-11-21T10:00"))
    assert (clock.statutory, clock.article) == (False, "")


@pytest.mark.parametrize(
    ("action", "data"),
    [
        (Action.HAND_ON, {"to": "12345", "where": "12345"}),
        (Action.ANSWER, {}),
        (Action.WITHDRAW, {}),
        (Action.DISPATCH, {"legs": LEGS}),
    ],
)
def test_what_stops_the_dispatch_clock(action, data):
    found = clocks(("2026-11-20T10:30", action, data))
    assert one(found, "H-DISPATCH").stopped_at == at("2026-11-20T10:30")


def test_dispatch_starts_the_clocks_of_case_and_legs():
    found = clocks(dispatch())
    assert {(clock.policy, clock.leg_id) for clock in found if clock.running()} == {
        ("C-ACCEPT", "L1"),
        ("H-SIGN", "L1"),
        ("H-SIGN", "L2"),
        ("H-FIRST-CONTACT", "L1"),
        ("H-RESOLVE", None),
    }
    accept = one(found, "C-ACCEPT")
    assert (accept.id, accept.holder, accept.body_id) == ("P:C-ACCEPT:2", Holder.COMPLAINT, "scjg")
    assert accept.due.due.isoformat() == "2026-12-01"
    assert one(found, "H-SIGN", "L2").id == "L2:H-SIGN:2"
    assert one(found, "H-RESOLVE").body_id == "scjg"


def test_nobody_is_charged_for_not_calling_who_left_no_phone():
    facts = {"kind": "report", "named": False}
    assert "H-FIRST-CONTACT" not in running(clocks(dispatch(), lacking=["name", "phone", "address"], **facts))
    assert "H-FIRST-CONTACT" in running(clocks(dispatch(), lacking=["name", "address"], **facts))


LATER = "2026-11-23T15:00"
NO_PHONE = {"lacking": ["phone", "address"]}
PHONE = (LATER, Action.SUPPLEMENT, {"fields": ["phone"], "named": True, "lacking": ["address"]})


def test_first_contact_starts_when_the_phone_is_told_and_says_so():
    assert "H-FIRST-CONTACT" not in {clock.policy for clock in clocks(dispatch(), SIGN, **NO_PHONE)}
    clock = one(clocks(dispatch(), SIGN, PHONE, **NO_PHONE), "H-FIRST-CONTACT")
    assert (clock.id, clock.leg_id, clock.running()) == ("L1:H-FIRST-CONTACT:4", "L1", True)
    assert (clock.started_at, clock.due.due_at) == (at(LATER), at("2026-11-25T00:00"))
    assert explain(clock)[1] == f"起算：{PHONE_TOLD}，2026-11-23（周一）15:00"
    # Replayed from what is kept, the same clock again; and who had a phone from the start reads 派单.
    assert one(clocks(dispatch(), SIGN, PHONE, **NO_PHONE), "H-FIRST-CONTACT") == clock
    assert explain(one(clocks(dispatch()), "H-FIRST-CONTACT"))[1].startswith("起算：派单，")


def test_another_item_told_starts_no_first_contact_nor_does_a_second_phone_start_it_twice():
    other = (LATER, Action.SUPPLEMENT, {"fields": ["address"], "named": True, "lacking": ["phone"]})
    assert "H-FIRST-CONTACT" not in {clock.policy for clock in clocks(dispatch(), other, **NO_PHONE)}
    assert one(clocks(dispatch(), PHONE, PHONE, **NO_PHONE), "H-FIRST-CONTACT").started_at == at(LATER)
    assert one(clocks(dispatch(), PHONE, lacking=["address"]), "H-FIRST-CONTACT").started_at == at("2026-11-20T11:00")
    lost = (LATER, Action.SUPPLEMENT, {"fields": ["address"], "named": True, "lacking": ["phone"]})
    assert one(clocks(dispatch(), lost, PHONE, lacking=[]), "H-FIRST-CONTACT").started_at == at("2026-11-20T11:00")


@pytest.mark.parametrize(
    "done",
    [
        step("2026-11-23T10:00", Action.CONTACT),
        step("2026-11-23T10:00", Action.ACCEPT),
        step("2026-11-23T10:00", Action.NOTIFY, subject="result"),
    ],
)
def test_a_phone_told_after_the_caller_was_met_starts_no_first_contact(done):
    found = clocks(dispatch(), SIGN, done, PHONE, **NO_PHONE)
    assert "H-FIRST-CONTACT" not in {clock.policy for clock in found}


def test_a_phone_told_starts_nothing_but_what_waited_for_it():
    ruled = ("2026-11-20T11:00", Action.RULE, {"legs": LEGS, "final": True})
    before, after = clocks(ruled, **NO_PHONE), clocks(ruled, PHONE, **NO_PHONE)
    assert {clock.id for clock in after} - {clock.id for clock in before} == {"L1:H-FIRST-CONTACT:3"}


def test_a_phone_told_before_dispatch_or_after_the_work_starts_nothing_of_its_own():
    told = ("2026-11-20T10:30", *PHONE[1:])
    before = one(clocks(told, dispatch(), **NO_PHONE), "H-FIRST-CONTACT")
    assert (before.started_at, before.trigger) == (at("2026-11-20T11:00"), "派单")
    over = clocks(dispatch(), SIGN, WAIVE, RESOLVE, ("2026-11-25T09:00", *PHONE[1:]), **NO_PHONE)
    assert "H-FIRST-CONTACT" not in {clock.policy for clock in over}
    back = ("2026-11-26T09:00", Action.SEND_BACK, {})
    over = clocks(dispatch(), SIGN, WAIVE, RESOLVE, back, ("2026-11-26T10:00", *PHONE[1:]), **NO_PHONE)
    assert "H-FIRST-CONTACT" not in {clock.policy for clock in over}


def test_statutory_clocks_run_only_where_the_table_names_the_body():
    legs = ({"leg_id": "L1", "body_id": "bqj", "role": "lead"}, {"leg_id": "L2", "body_id": "scjg", "role": "co"})
    assert {clock.policy for clock in clocks(dispatch(legs=legs), kind="report") if clock.statutory} == {"BQ6-ACCEPT"}
    assert {clock.policy for clock in clocks(dispatch(legs=legs)) if clock.statutory} == {"CPL-46"}
    assert not any(clock.statutory for clock in clocks(dispatch(legs=legs), kind="inquiry"))


def test_the_day_of_receipt_chooses_the_regulation():
    found = clocks(dispatch("2026-05-06T11:00"), received="2026-04-14T10:00")
    assert {clock.policy for clock in found if clock.statutory} == {"C20-ACCEPT"}
    # It starts when the case reaches the agency's queue.
    assert one(found, "C20-ACCEPT").started_at == at("2026-05-06T11:00")


@pytest.mark.parametrize(
    ("stop", "policy"),
    [
        (SIGN, "H-SIGN"),
        (step("2026-11-20T14:00", Action.RETURN, clause="二（一）", owner="bqj"), "H-SIGN"),
        (step("2026-11-20T14:00", Action.CONTACT), "H-FIRST-CONTACT"),
        (step("2026-11-20T14:00", Action.ACCEPT), "H-FIRST-CONTACT"),
        (step("2026-11-20T14:00", Action.NOTIFY, subject="result"), "H-FIRST-CONTACT"),
        (step("2026-11-20T14:00", Action.NOTIFY, subject="acceptance"), "C-ACCEPT"),
        (step("2026-11-20T14:00", Action.NOTIFY, subject="result"), "H-RESOLVE"),
    ],
)
def test_what_stops_a_clock_of_a_leg(stop, policy):
    found = clocks(dispatch(), stop)
    assert [c.stopped_at for c in found if c.policy == policy and c.leg_id in {"L1", None}] == [at("2026-11-20T14:00")]


def test_accepting_alone_does_not_stop_the_acceptance_clock_telling_does():
    found = clocks(dispatch(), SIGN, ACCEPT)
    assert {"C-ACCEPT", "C-MEDIATE"} <= running(found)
    told = clocks(dispatch(), SIGN, ACCEPT, TOLD)
    assert "C-ACCEPT" not in running(told)
    assert one(told, "C-MEDIATE").due.due.isoformat() == "2027-01-22"


def test_a_notice_in_a_legal_procedure_is_the_interim_reply():
    # The 办结 clock of the hotline stops, the statutory one goes on.
    found = clocks(dispatch(), SIGN, ACCEPT, TOLD)
    assert "H-RESOLVE" not in running(found)
    assert "C-MEDIATE" in running(found)
    declined = clocks(dispatch(), SIGN, step("2026-11-23T10:00", Action.DECLINE, ground="1"), TOLD)
    assert "H-RESOLVE" in running(declined)


def test_mediation_is_paused_for_appraisal_only():
    suspended = step("2026-11-30T09:00", Action.SUSPEND, reason="appraisal")
    found = clocks(dispatch(), SIGN, ACCEPT, suspended)
    mediate = one(found, "C-MEDIATE")
    assert (mediate.paused_since, mediate.running()) == (at("2026-11-30T09:00"), False)
    assert not mediate.overdue(at("2028-01-01T00:00"))
    assert one(found, "C-ACCEPT").paused_since is None
    resumed = clocks(dispatch(), SIGN, ACCEPT, suspended, step("2026-12-10T09:00", Action.RESUME))
    assert one(resumed, "C-MEDIATE").running()
    assert one(resumed, "C-MEDIATE").due.due == one(clocks(dispatch(), SIGN, ACCEPT), "C-MEDIATE").due.due + timedelta(
        days=10
    )
    other = step("2026-11-30T09:00", Action.SUSPEND, reason="hearing")
    assert one(clocks(dispatch(), SIGN, ACCEPT, other), "C-MEDIATE").running()


def test_a_clock_that_starts_while_suspended_starts_paused():
    suspended = step("2026-11-20T15:00", Action.SUSPEND, reason="appraisal")
    clock = one(clocks(dispatch(), SIGN, suspended, ACCEPT), "C-MEDIATE")
    assert clock.paused_since == clock.started_at


def test_terminating_stops_mediation_and_starts_the_notice():
    terminate = step("2026-12-01T10:00", Action.TERMINATE, ground="1")
    found = clocks(dispatch(), SIGN, ACCEPT, TOLD, terminate)
    assert one(found, "C-MEDIATE").stopped_at == at("2026-12-01T10:00")
    assert one(found, "C-TERM").due.due.isoformat() == "2026-12-10"
    resolve = step("2026-12-02T10:00", Action.RESOLVE, outcome="guided")
    waive = step("2026-12-01T11:00", Action.WAIVE, "L2")
    resolved = clocks(dispatch(), SIGN, ACCEPT, TOLD, terminate, waive, resolve)
    # The notice is still owed after 办结; telling stops it.
    assert running(resolved) == {"C-TERM", "H-FOLLOWUP"}
    told = step("2026-12-03T10:00", Action.NOTIFY, subject="termination")
    assert running(clocks(dispatch(), SIGN, ACCEPT, TOLD, terminate, waive, resolve, told)) == {"H-FOLLOWUP"}


def test_a_clue_in_mediation_must_be_verified():
    clue = step("2026-11-24T10:00", Action.CLUE)
    clock = one(clocks(dispatch(), SIGN, ACCEPT, clue), "C-CLUE")
    assert (clock.due.due.isoformat(), clock.holder) == ("2026-12-15", Holder.LEG)
    filed = clocks(dispatch(), SIGN, ACCEPT, clue, step("2026-12-01T10:00", Action.FILE))
    assert "C-CLUE" not in running(filed)
    assert "CASE-90" in running(filed)


def test_a_report_is_verified_filed_and_decided():
    sign = [dispatch(), SIGN]
    assert one(clocks(*sign, kind="report"), "R-VERIFY").due.due.isoformat() == "2026-12-11"
    filed = clocks(*sign, step("2026-12-01T10:00", Action.FILE), kind="report")
    assert one(filed, "R-VERIFY").stopped_at == at("2026-12-01T10:00")
    assert one(filed, "CASE-90").due.due.isoformat() == "2027-03-01"
    decided = clocks(
        *sign, step("2026-12-01T10:00", Action.FILE), step("2027-01-05T10:00", Action.DECIDE), kind="report"
    )
    assert one(decided, "CASE-90").stopped_at == at("2027-01-05T10:00")


@pytest.mark.parametrize(("named", "expected"), [(True, {"R20-NOTIFY"}), (False, set())])
def test_an_anonymous_report_starts_no_notice(named, expected):
    found = clocks(
        dispatch("2026-04-14T11:00"),
        step("2026-04-14T14:00", Action.SIGN),
        step("2026-04-20T10:00", Action.NOT_FILE, ground="1"),
        received="2026-04-14T10:00",
        kind="report",
        named=named,
    )
    assert {clock.policy for clock in found if clock.policy == "R20-NOTIFY"} == expected


RETURN = step("2026-11-20T15:00", Action.RETURN, clause="二（一）", owner="bqj")
NEW_LEG = ({"leg_id": "L3", "body_id": "bqj", "role": "lead"},)


def test_a_return_ends_the_leg_and_starts_the_reassignment():
    found = clocks(dispatch(), RETURN)
    assert all(not clock.running() for clock in found if clock.leg_id == "L1")
    assert one(found, "H-REASSIGN").due.due.isoformat() == "2026-11-23"
    # The 办结 clock of the case goes on; nobody but the desk holds it now.
    assert one(found, "H-RESOLVE").running()
    assert one(found, "H-RESOLVE").body_id is None


@pytest.mark.parametrize("action", [Action.REASSIGN, Action.RULE])
def test_reassigning_opens_a_leg_with_its_own_clocks_and_leaves_the_case_clock(action):
    found = clocks(dispatch(), RETURN, ("2026-11-23T09:00", action, {"legs": NEW_LEG, "final": True}))
    assert one(found, "H-REASSIGN").stopped_at == at("2026-11-23T09:00")
    assert one(found, "H-SIGN", "L3").started_at == at("2026-11-23T09:00")
    resolve = one(found, "H-RESOLVE")
    assert (resolve.started_at, resolve.body_id) == (at("2026-11-20T11:00"), "bqj")
    # After a ruling nobody may return the case.
    assert any(clock.policy == "H-RETURN" and clock.leg_id == "L3" for clock in found) == (action is Action.REASSIGN)


@pytest.mark.parametrize(
    "end",
    [
        step("2026-11-23T10:00", Action.WAIVE, "L2"),
        step("2026-11-23T10:00", Action.RETURN, "L2", clause="x", owner="bqj"),
        ("2026-11-23T10:00", Action.REASSIGN, {"legs": NEW_LEG, "closed": ("L1", "L2"), "why": "x"}),
        ("2026-11-23T10:00", Action.WITHDRAW, {}),
    ],
)
def test_a_leg_that_ends_ends_its_clocks(end):
    assert not any(clock.running() for clock in clocks(dispatch(), end) if clock.leg_id == "L2")


def test_resolving_starts_the_follow_up():
    found = clocks(dispatch(), SIGN, WAIVE, RESOLVE)
    assert running(found) == {"H-FOLLOWUP"}
    clock = one(found, "H-FOLLOWUP")
    assert (clock.holder, clock.holder_id, clock.due.due.isoformat()) == (Holder.COMPLAINT, "P", "2026-11-27")
    review = ("2026-11-24T11:00", Action.REVIEW, {})
    follow_up = ("2026-11-25T11:00", Action.FOLLOW_UP, {"satisfied": "yes", "solved": True})
    assert running(clocks(dispatch(), SIGN, WAIVE, RESOLVE, review)) == {"H-FOLLOWUP"}
    assert running(clocks(dispatch(), SIGN, WAIVE, RESOLVE, review, follow_up)) == set()


def test_sending_back_starts_the_work_anew_and_revives_the_law():
    found = clocks(dispatch(), SIGN, ACCEPT, TOLD, WAIVE, RESOLVE, ("2026-11-25T10:00", Action.SEND_BACK, {}))
    assert running(found) == {"C-MEDIATE", "H-RESOLVE"}
    # 办结 that was sent back never met the legal deadline: same clock, same start.
    assert one(found, "C-MEDIATE").started_at == at("2026-11-23T10:00")
    assert [clock.started_at for clock in found if clock.policy == "H-RESOLVE"] == [
        at("2026-11-20T11:00"),
        at("2026-11-25T10:00"),
    ]


def test_an_ordinary_dispute_is_the_bureau_s_until_its_desk_has_it():
    found = clocks(category="other", state="triage")
    accept = one(found, "C-ACCEPT")
    assert (accept.running(), accept.leg_id, accept.started_at) == (True, None, at(FRIDAY))
    hand_on = ("2026-11-23T10:00", Action.HAND_ON, {"to": "受理台", "where": "acceptance_desk"})
    assert one(clocks(hand_on, category="other", state="triage"), "C-ACCEPT").stopped_at == at("2026-11-23T10:00")
    for facts in ({"kind": "report"}, {"channel": "12330"}, {"category": "trademark"}):
        assert running(clocks(state="triage", **{"category": "other", **facts})) == {"H-DISPATCH"}


def test_a_corrected_category_ends_the_desk_s_acceptance():
    data = {"category": "food", "setting": "market", "kind": "dispute", "urgency": "一般", "state": "ready"}
    found = clocks(("2026-11-20T11:00", Action.CLASSIFY, data), category="other", state="triage")
    assert not one(found, "C-ACCEPT").running()
