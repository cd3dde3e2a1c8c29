"""A report's informer: asked for with a reason, granted by somebody else, seen for a while, every step an event."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.casework.lifecycle import allowed
from hotline.casework.privacy import look_fields
from hotline.casework.unseal_request import WINDOW
from hotline.errors import ForbiddenError, InvalidInputError, TransitionError
from hotline.records import Actor
from hotline.vocabulary import Action, Role

SECOND = Actor("sup2", Role.SUPERVISOR, "xicheng")
ALL = ("name", "phone", "id_number", "address")


@pytest.fixture
def report(story):
    return story.begin(kind="report").dispatch("police")


def ask(story, who="operator"):
    story.do("ask_unseal", who, why="verify", text="线索不清，须向举报人了解窝点位置")
    return story.snapshot.unsealings[-1].id


def look(story, who="operator", fields=("name", "phone"), **details):
    return story.do("look", who, fields=fields, why="verify", **details)


def test_the_whole_way_is_in_the_record(report):
    wanted = ask(report)
    report.do("unseal", "supervisor", unsealing_id=wanted)
    look(report, fields=ALL)
    said = [(event.action.value, event.actor_id) for event in report.events[-3:]]
    assert said == [("ask_unseal", "op"), ("unseal", "sup"), ("look", "op")]
    assert report.events[-1].data["why"] == "verify"


@pytest.mark.parametrize("who", ["operator", "supervisor", "clerk", "co_clerk"])
def test_without_a_second_person_nobody_looks(report, who):
    with pytest.raises(ForbiddenError, match="密封"):
        look(report, who)


def test_nobody_grants_their_own_request(report):
    wanted = ask(report, "supervisor")
    assert Action.UNSEAL not in {offer.transition.action for offer in allowed(report.snapshot, actor(report))}
    with pytest.raises(ForbiddenError, match="以外"):
        report.do("unseal", "supervisor", unsealing_id=wanted)
    report.do("unseal", SECOND, unsealing_id=wanted)
    look(report, "supervisor")


def test_with_two_requests_waiting_ones_own_cannot_be_slipped_in(report):
    own, _others = ask(report, "supervisor"), ask(report, "operator")
    with pytest.raises(ForbiddenError, match="以外"):
        report.do("unseal", "supervisor", unsealing_id=own)


def actor(_story):
    return Actor("sup", Role.SUPERVISOR, "xicheng")


@pytest.mark.parametrize("who", ["operator", "clerk", "responsible", "elsewhere", "administrator"])
def test_only_a_supervisor_of_the_office_grants(report, who):
    wanted = ask(report, "supervisor")
    with pytest.raises(ForbiddenError):
        report.do("unseal", who, unsealing_id=wanted)


def test_the_permission_is_for_who_asked_only(report):
    report.do("unseal", "supervisor", unsealing_id=ask(report))
    for who in ("supervisor", "clerk"):
        with pytest.raises(ForbiddenError, match="密封"):
            look(report, who)


def test_the_permission_runs_out(report):
    report.do("unseal", "supervisor", unsealing_id=ask(report))
    decided = report.now
    report.now = decided + WINDOW - timedelta(minutes=2)
    look(report)
    report.now = decided + WINDOW
    with pytest.raises(ForbiddenError, match="密封"):
        look(report)
    ask(report)  # Anew, with a new reason.


def test_a_refusal_opens_nothing(report):
    report.do("refuse_unseal", "supervisor", unsealing_id=ask(report), text="可由派单台代为询问")
    with pytest.raises(ForbiddenError, match="密封"):
        look(report)


@pytest.mark.parametrize("missing", ["why", "text"])
def test_a_reason_is_needed(report, missing):
    given = {"why": "verify", "text": "说明"} | {missing: ""}
    with pytest.raises(InvalidInputError) as caught:
        report.do("ask_unseal", "operator", **given)
    assert missing in caught.value.fields


def test_a_look_needs_a_reason_too(story):
    with pytest.raises(InvalidInputError):
        story.begin().do("look", "operator", fields=("name",))


def test_an_agency_asks_while_it_leads_and_sees_name_and_phone(report):
    report.do("unseal", "supervisor", unsealing_id=ask(report, "clerk"))
    with pytest.raises(ForbiddenError):
        look(report, "clerk", fields=("address",))
    look(report, "clerk")
    with pytest.raises(ForbiddenError, match="牵头"):
        ask(report, "co_clerk")


def test_an_agency_that_lost_the_case_loses_the_sight_of_the_informer_only_with_the_case(report, people):
    report.do("unseal", "supervisor", unsealing_id=ask(report, "clerk"))
    assert look_fields(report.snapshot, None, people["clerk"], report.now)
    assert not look_fields(report.snapshot, None, people["stranger"], report.now)


def test_a_dispute_needs_no_second_person(story):
    story.begin().dispatch()
    with pytest.raises(TransitionError):
        ask(story)
    story.do("look", "operator", fields=ALL, why="call_back")


def test_one_request_at_a_time(report):
    wanted = ask(report)
    with pytest.raises(TransitionError, match="等待"):
        ask(report)
    report.do("unseal", "supervisor", unsealing_id=wanted)
    with pytest.raises(TransitionError, match="有效"):
        ask(report)


def test_who_calls_a_report_a_dispute_does_not_see_the_caller_by_that(story, people):
    story.begin(kind="report", state="triage")
    story.do("classify", "operator", category="food", setting="market", kind="dispute", urgency="一般")
    with pytest.raises(ForbiddenError, match="另一位"):
        look(story, fields=("name",))
    assert not look_fields(story.snapshot, None, people["operator"], story.now)
    story.do("look", "supervisor", fields=ALL, why="call_back")  # Whoever did not change it: two people took part.


def test_calling_it_a_report_again_seals_it_for_all(story):
    story.begin(kind="report", state="triage")
    for kind in ("dispute", "report"):
        story.do("classify", "operator", category="food", setting="market", kind=kind, urgency="一般")
    for who in ("operator", "supervisor"):
        with pytest.raises(ForbiddenError, match="密封"):
            look(story, who)


def test_a_dispute_that_never_was_a_report_is_open_to_who_corrects_it(story):
    story.begin(state="triage")
    story.do("classify", "operator", category="food", setting="market", kind="dispute", urgency="一般")
    look(story, fields=ALL)


def test_a_dispute_split_out_of_a_report_is_closed_to_who_split_it(story):
    link = {"case": "case-0", "number": "XC-1", "relation": "split", "out_of_report": True}
    story.begin().do("link", "operator", **link)
    with pytest.raises(ForbiddenError, match="另一位"):
        look(story)
    look(story, "supervisor", fields=ALL)


@pytest.mark.parametrize("second", ["operator", "supervisor"])
def test_an_agency_sees_the_caller_of_what_was_a_report_only_once_another_person_agreed(story, people, second):
    story.begin(kind="report", state="triage")
    story.do("classify", "operator", category="food", setting="market", kind="dispute", urgency="一般", state="ready")
    story.do("dispatch", second, lead="samr", plan="xicheng-2011", clause="二（一）1")
    leg = story.snapshot.legs[0]
    seen = bool(look_fields(story.snapshot, leg, people["clerk"], story.now))
    assert seen is (second == "supervisor")
    if not seen:
        story.do("look", "supervisor", fields=("name",), why="verify")
        assert look_fields(story.snapshot, leg, people["clerk"], story.now)
