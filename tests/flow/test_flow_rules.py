"""Calendar and policies change under open cases: tried first, adopted, taken up, clocks reckoned again in batches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from hotline.casework.calendar_years import year_document
from hotline.casework.calendars import NoticeDay
from hotline.casework.policy_change import NewTerms, terms_document
from hotline.casework.policy_file import DATA
from hotline.casework.rule_assembly import BOOK, CALENDAR, FILE, POLICY
from hotline.clock_keeping import ClockKeeper
from hotline.errors import CalendarError, InvalidInputError, PolicyError
from hotline.reclocking import reclock, reclock_behind
from hotline.store.clockstore import clocks_of
from hotline.store.events import read_events
from hotline.store.rule_adopting import RuleProposal
from hotline.store.rule_versions import rule_lines
from hotline.store.stale_clocks import count_stale
from hotline.store.tables import CLOCK
from hotline.taking_back import take_back_rule
from hotline.timing import adopt_rule, waiting_cases
from hotline.trying import try_rule
from hotline.vocabulary import Action, Kind, Unit, Urgency
from tests.flow.conftest import SUPERVISOR

TODAY = date(2026, 11, 18)
NOTICE = (
    *(NoticeDay(date(2027, 1, day), makeup=False, name="元旦") for day in (1, 2, 3, 4)),
    NoticeDay(date(2027, 1, 9), makeup=True, name="元旦"),
)


def year(days=NOTICE, number=2027, **more):
    return RuleProposal(CALENDAR, str(number), TODAY, year_document(number, days), "国办通知", **more)


def sign(duration=3, unit=Unit.WORKDAY, *, on=TODAY, office="xicheng", **more):
    content = terms_document(NewTerms(duration, unit, **more))
    return RuleProposal(POLICY, "H-SIGN", on, content, "签收放宽", office_id=office)


@pytest.fixture
def adopt(services):
    def go(proposal):
        trial = try_rule(services, proposal, "xicheng")
        adopt_rule(services, proposal, trial, SUPERVISOR)
        return trial

    return go


@pytest.fixture
def late_case(hotline, moment):
    """A report whose verification clock, extended, reaches into 2027."""
    moment.now = datetime(2026, 12, 10, 1, tzinfo=UTC)
    case_id = hotline.register().case_id
    leg = hotline.snapshot(case_id).legs[0]
    hotline.act(case_id, Action.SIGN, hotline.clerk(leg), leg=leg)
    return case_id


def clock(services, case_id, policy):
    with services.read() as store:
        return next(each for each in clocks_of(store.session, case_id) if each.policy == policy)


def run(services, **more):
    book = services.rulebook
    return reclock(services.engine, services.keyring, book.clock_rules, book.directory.bodies, **more)


def test_an_announced_year_moves_provisional_dates_after_a_dry_run(services, late_case, moment, adopt):
    before = clock(services, late_case, "R-VERIFY")
    assert (before.due.due, before.due.provisional) == (date(2026, 12, 31), False)
    moment.now = datetime(2026, 12, 11, 1, tzinfo=UTC)
    with services.write() as store:
        store.session.execute(update(CLOCK).values(rules="earlier"))
    assert run(services).changed == 0, "what is reckoned alike is only marked anew"
    trial = try_rule(services, replace(year(), effective_from=date(2026, 12, 11)), "xicheng")
    assert trial.cases == 1
    assert trial.words == f"将改变 {trial.moved} 个到期日，其中 0 个随即超期"


def test_a_dry_run_lists_what_moves_and_what_is_overdue_at_once(services, hotline, moment, adopt):
    case_id = hotline.register().case_id
    moment.pass_by(days=4)
    trial = try_rule(services, sign(1, Unit.HOUR), "xicheng")
    moved = {move.policy: move for move in trial.moves}
    assert set(moved) == {"H-SIGN"}
    assert moved["H-SIGN"].case_id == case_id
    legs = trial.moved
    assert trial.overdue == 0, "it was overdue before"
    moment.pass_by(days=-4, hours=2)
    trial = try_rule(services, sign(1, Unit.HOUR), "xicheng")
    assert (trial.moved, trial.overdue) == (legs, legs)
    assert trial.words == f"将改变 {legs} 个到期日，其中 {legs} 个随即超期"
    assert clock(services, case_id, "H-SIGN").unit is Unit.WORKDAY, "a dry run writes nothing"


def test_a_clock_whose_date_stays_is_counted_and_not_listed(services, hotline):
    """60 days end on a Sunday of a year not yet announced; were it a holiday, only the earlier of both days goes."""
    case_id = hotline.register("在商店买到劣质电饭锅，要求退款。", kind=Kind.DISPUTE, dispatch=False).case_id
    hotline.act(case_id, Action.DISPATCH, lead="110102-scjg")
    leg = hotline.snapshot(case_id).legs[-1]
    for action in (Action.SIGN, Action.ACCEPT):
        hotline.act(case_id, action, hotline.clerk(leg), leg=leg)
    ends = clock(services, case_id, "C-MEDIATE").due
    assert (ends.due, ends.due_alt) == (date(2027, 1, 17), date(2027, 1, 18))
    sunday, monday = (NoticeDay(date(2027, 1, day), makeup=False, name="春节") for day in (17, 18))
    trial = try_rule(services, year((*NOTICE, sunday)), "xicheng")
    assert (trial.moves, trial.moved, trial.warned) == ((), 0, 1)
    assert trial.words == "将改变 0 个到期日，其中 0 个随即超期；另有 1 个只改预警的日子，逾期日不变"
    assert trial.kept() == {"cases": 1, "moved": 0, "overdue": 0, "warned": 1, "moves": []}
    trial = try_rule(services, year((*NOTICE, sunday, monday)), "xicheng")
    assert [(move.policy, move.stays) for move in trial.moves] == [("C-MEDIATE", False)]
    assert (trial.warned, try_rule(services, year((*NOTICE, sunday)), "baodi").warned) == (0, 1)


def test_adopted_terms_serve_what_is_received_from_their_day_on(services, hotline, moment, adopt):
    old = hotline.register().case_id
    moment.pass_by(days=1)
    trial = adopt(sign(3, on=TODAY + timedelta(days=1), warn=50))
    assert trial.moved == 0
    new = hotline.register(external_id="second").case_id
    assert (clock(services, old, "H-SIGN").duration, clock(services, new, "H-SIGN").duration) == (1, 3)
    begun = clock(services, new, "H-SIGN")
    assert begun.warn_at == begun.due.due_at - (begun.due.due_at - begun.started_at) * 50 / 100
    run(services)
    assert clock(services, old, "H-SIGN").duration == 1, "the old case keeps the terms of its day"


def test_clocks_follow_in_batches_and_go_on_where_they_were_stopped(services, hotline, moment, adopt):
    ids = [hotline.register(external_id=f"n{number}").case_id for number in range(3)]
    adopt(sign(2))
    assert waiting_cases(services, "xicheng") == 3
    first = run(services, batch=1, most=1)
    assert (first.cases, first.changed) == (1, 1)
    assert waiting_cases(services, "xicheng") == 2, "killed here, the rest is still found"
    assert run(services, batch=1).cases == 2
    assert {clock(services, each, "H-SIGN").duration for each in ids} == {2}
    assert run(services).cases == 0
    with services.read() as store:
        marks = store.session.execute(select(CLOCK.c.rules, CLOCK.c.seq).distinct()).all()
        assert len(marks) == 1
        mark = services.rulebook.clock_rules.mark(services.office("xicheng"))
        assert marks[0].rules == mark
        assert count_stale(store.session, "xicheng", mark) == 0


def test_clocks_behind_their_events_are_found(services, hotline):
    case_id = hotline.register().case_id
    with services.write() as store:
        store.session.execute(update(CLOCK).where(CLOCK.c.case_id == case_id).values(seq=1))
    book = services.rulebook
    found = reclock_behind(services.engine, services.keyring, book.clock_rules, book.directory.bodies)
    assert (found.cases, found.failed) == (1, ())
    assert reclock_behind(services.engine, services.keyring, book.clock_rules, book.directory.bodies).cases == 0


def test_other_processes_take_a_version_up(services, adopt):
    keeper = ClockKeeper(services.engine, services.settings)
    assert keeper.current().calendar.last_announced == 2026
    adopt(year())
    assert keeper.current().calendar.last_announced == 2027
    assert keeper.current().mark(services.office("xicheng")) == services.rulebook.clock_rules.mark(
        services.office("xicheng")
    )
    assert services.rulebook.calendar.last_announced == 2027


def test_a_region_has_its_own_days_and_bands(services, adopt):
    adopt(year((NoticeDay(date(2026, 12, 1), makeup=False, name="地方节日"),), 2026, region="110000"))
    adopt(RuleProposal(CALENDAR, "bands", TODAY, "8:00-12:00 14:00-18:00 19:00-20:00", "夏令", region="110102"))
    rules = services.rulebook.clock_rules
    here, there = (rules.calendar_for(services.office(each)) for each in ("xicheng", "baodi"))
    assert date(2026, 12, 1) in here.holidays
    assert date(2026, 12, 1) not in there.holidays
    assert (len(here.bands_on(TODAY)), len(there.bands_on(TODAY))) == (3, 2)
    assert here.version != there.version


def test_adoption_is_an_event_and_the_chain_verifies(services, adopt, keyring):
    adopt(sign(2))
    adopt(year())
    with services.read() as store:
        events = read_events(store.session, "policy:H-SIGN")
        assert events[0].data["what"] == "rule_adopted"
        assert read_events(store.session, "calendar")[0].data["subject"] == "2027"
        assert [line.trial["moved"] for line in rule_lines(store.session, "xicheng", POLICY)] == [0]


def test_a_version_that_waits_may_be_taken_back(services, adopt, hotline):
    adopt(sign(5, on=TODAY + timedelta(days=3)))
    take_back_rule(services, 1, "写错了", SUPERVISOR)
    assert services.rulebook.changes == ()
    with pytest.raises(InvalidInputError, match="只能撤回尚未生效"):
        take_back_rule(services, 1, "再来", SUPERVISOR)


@pytest.mark.parametrize(
    ("proposal", "error", "words"),
    [
        (sign(-3), PolicyError, "时长 -3"),
        (sign(0), PolicyError, "时长 0"),
        (sign(2, warn=150), PolicyError, "150%"),
        (replace(sign(2), subject="C-ACCEPT"), PolicyError, "法定时限"),
        (replace(sign(2), subject="H-NONE"), PolicyError, "H-NONE"),
        (replace(sign(2), note=" "), InvalidInputError, "理由"),
        (replace(sign(2), effective_from=date(2019, 1, 1)), InvalidInputError, "生效日期"),
        (year((NoticeDay(date(2028, 1, 1), makeup=False, name="元旦"),), 2028), CalendarError, "2027 年"),
        (RuleProposal(CALENDAR, "bands", TODAY, "9:00-12:00 11:00-13:00", "改"), CalendarError, "重叠"),
        (RuleProposal(CALENDAR, "bands", TODAY, "12:00-9:00", "改"), CalendarError, "12:00-9:00"),
        (RuleProposal(BOOK, FILE, TODAY, 'version = "x"\npolicy = []', "改"), PolicyError, "少了"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_kept(services, proposal, error, words):
    with pytest.raises(error, match=words):
        adopt_rule(services, proposal, try_rule(services, proposal, "xicheng"), SUPERVISOR)
    with services.read() as store:
        assert rule_lines(store.session, "xicheng", proposal.kind) == ()
        assert read_events(store.session, "calendar") == ()


def test_the_same_again_is_refused(adopt):
    adopt(sign(2))
    with pytest.raises(InvalidInputError, match="没有改动"):
        adopt(sign(2))


def test_a_statutory_limit_changes_by_a_file_with_its_article(services, hotline, adopt):
    text = DATA.read_text("utf-8")
    bare = text.replace('article = "《市场监督管理行政处罚程序规定》第18条"', 'article = ""')
    with pytest.raises(PolicyError, match="R-VERIFY"):
        try_rule(services, RuleProposal(BOOK, FILE, TODAY, bare, "改"), "xicheng")
    old = hotline.register().case_id
    start = text.index('since = 2021-07-15\ntrigger = "发现线索或收到材料"')
    longer = text[:start] + text[start:].replace("duration = 15", "duration = 20", 1)
    adopt(RuleProposal(BOOK, FILE, TODAY + timedelta(days=1), longer, "规定修订"))
    assert clock(services, old, "R-VERIFY").duration == 15
    office, rules = services.office("xicheng"), services.rulebook.clock_rules
    after = {each.id: each.duration for each in rules.policies_for(office, TODAY + timedelta(days=1))}
    assert after["R-VERIFY"] == 20


def test_only_the_urgency_that_was_named_changes(services, adopt):
    adopt(sign(90, Unit.MINUTE, urgency=Urgency.URGENT))
    office = services.office("xicheng")
    policy = next(each for each in services.rulebook.clock_rules.policies_for(office, TODAY) if each.id == "H-SIGN")
    assert [policy.at(level).duration for level in (Urgency.CRITICAL, Urgency.URGENT, Urgency.NORMAL)] == [2, 90, 1]
