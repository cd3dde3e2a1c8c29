"""A year's notice moves stored provisional dates, is announced anew, and can be taken back: the old dates return."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hotline.announcing import Manner, sweep
from hotline.casework.calendar_years import year_document
from hotline.casework.calendars import NoticeDay
from hotline.casework.rule_assembly import CALENDAR
from hotline.errors import InvalidInputError, NotFoundError
from hotline.reclocking import reclock
from hotline.store.clockstore import clocks_of
from hotline.store.digest_lines import lines_of
from hotline.store.events import read_events
from hotline.store.notices import notices
from hotline.store.rule_adopting import RuleProposal
from hotline.taking_back import take_back_calendar, try_taking_back
from hotline.timing import adopt_rule
from hotline.trying import try_rule
from hotline.vocabulary import Action
from tests.flow.conftest import SUPERVISOR

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
LONG_FEAST = tuple(NoticeDay(date(2027, 1, day), makeup=False, name="元旦") for day in range(1, 11))


@pytest.fixture
def late_case(hotline, moment):
    """A report of 15 December: its verification clock ends in January, of which there is no notice yet."""
    moment.now = datetime(2026, 12, 15, 1, tzinfo=UTC)
    case_id = hotline.register().case_id
    leg = hotline.snapshot(case_id).legs[0]
    hotline.act(case_id, Action.SIGN, hotline.clerk(leg), leg=leg)
    return case_id


def verify(services, case_id):
    with services.read() as store:
        return next(each for each in clocks_of(store.session, case_id) if each.policy == "R-VERIFY")


def follow(services):
    book = services.rulebook
    reclock(services.engine, services.keyring, book.clock_rules, book.directory.bodies)


def told(services, who, case_id):
    """Stage and due date of every line about the verification."""
    with services.read() as store:
        heads = [line.id for line in notices(store.session, who, limit=500) if line.stage == "digest"]
        lines = [line for head in heads for line in lines_of(store.session, head, limit=500)]
    return {(line.stage, line.due_at) for line in lines if line.case_id == case_id and "R-VERIFY" in line.code}


def adopt(services, days=LONG_FEAST, year=2027):
    on = services.now().date()
    proposal = RuleProposal(CALENDAR, str(year), on, year_document(year, days), "国办通知")
    trial = try_rule(services, proposal, "xicheng")
    return adopt_rule(services, proposal, trial, SUPERVISOR), trial


def announce(services):
    return sweep(services.engine, services.now(), Manner(calendar=services.rulebook.calendar))


def test_a_notice_moves_a_stored_provisional_date_and_announces_anew(services, hotline, late_case, moment):
    before = verify(services, late_case)
    assert before.due.provisional
    clerk = hotline.clerk(hotline.snapshot(late_case).legs[0])
    moment.now = before.due.due_at.replace(hour=2)
    announce(services)
    assert {due for _, due in told(services, clerk, late_case)} == {before.due.due_at}
    _, trial = adopt(services)
    assert trial.moved > 0
    assert verify(services, late_case) == before, "the stored clock follows in the background"
    follow(services)
    after = verify(services, late_case)
    assert after.due.due_at > before.due.due_at
    assert not after.due.provisional
    moment.now = after.due.breach_at.replace(hour=2)
    announce(services)
    assert {due for _, due in told(services, clerk, late_case)} == {before.due.due_at, after.due.due_at}


def test_a_version_taken_back_gives_way_to_the_one_before(services, late_case):
    before = verify(services, late_case)
    version, _ = adopt(services)
    follow(services)
    moved = verify(services, late_case)
    trial = try_taking_back(services, version, "发文有误", "xicheng")
    assert {move.policy: move.new for move in trial.moves}["R-VERIFY"] == before.due.breach_at
    assert services.rulebook.calendar.last_announced == 2027, "a dry run changes nothing"
    take_back_calendar(services, version, "发文有误", SUPERVISOR)
    assert services.rulebook.calendar.last_announced == 2026
    assert verify(services, late_case) == moved
    follow(services)
    assert verify(services, late_case).due == before.due
    with services.read() as store:
        assert [event.data["what"] for event in read_events(store.session, "calendar")] == [
            "rule_adopted",
            "rule_withdrawn",
        ]


@pytest.mark.parametrize(
    ("version", "note", "error", "words"),
    [
        (9, "错", NotFoundError, "第 9 版"),
        (1, " ", InvalidInputError, "撤回理由"),
        (1, "长" * 301, InvalidInputError, "撤回理由"),
    ],
)
def test_what_cannot_be_taken_back_says_why(services, version, note, error, words):
    adopt(services)
    with pytest.raises(error, match=words):
        take_back_calendar(services, version, note, SUPERVISOR)
    assert services.rulebook.calendar.last_announced == 2027


def test_it_is_taken_back_once(services):
    version, _ = adopt(services)
    take_back_calendar(services, version, "错", SUPERVISOR)
    with pytest.raises(InvalidInputError, match="已经撤回"):
        take_back_calendar(services, version, "错", SUPERVISOR)
