"""Every figure of the reports, of the page and of the lists behind them, told again from the events of the demo."""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import replace
from itertools import islice

import pytest

from hotline.casework.reckoning import reckon
from hotline.casework.state import replay
from hotline.casework.stretches import stretches
from hotline.casework.timeshare import shares
from hotline.demo import loading
from hotline.demo.complaints import read_complaints
from hotline.demo.shown import read_shown
from hotline.environment import read_settings
from hotline.moments import local_date
from hotline.preparing import directory_bodies
from hotline.reports.cases import count_cases, count_clocks
from hotline.reports.figure_words import DESK, Figure
from hotline.reports.rates import rate_selections, three_rates
from hotline.reports.report_period import month_of, week_of, year_of
from hotline.reports.selection import Selection
from hotline.reports.submitting import standings
from hotline.reports.summary import time_by_part
from hotline.reports.weekly import weekly_report
from hotline.services import Services
from hotline.store.engine import open_engine, write_transaction
from hotline.store.new_keys import create_keyring
from hotline.store.offices import save_bodies
from hotline.store.tables import CASE
from hotline.vocabulary import OPEN_CASE_STATES, Action, LegRole, LegState
from tests.flow.conftest import OFFICE, START, SUPERVISOR

SOME = 90


@pytest.fixture(scope="module")
def demo(migrated_sqlite, tmp_path_factory, rulebook):
    """A part of the demonstration, loaded once as `hotline demo` does."""
    folder = tmp_path_factory.mktemp("weekly")
    shutil.copyfile(migrated_sqlite, folder / "hotline.db")
    engine = open_engine(f"sqlite:///{folder / 'hotline.db'}")
    with write_transaction(engine) as session:
        save_bodies(session, directory_bodies())
    chosen = replace(read_settings({"HOTLINE_VAR": str(folder)}), database_url=str(engine.url))
    services = Services(chosen, engine, create_keyring(folder / "keys"), rulebook, lambda: START)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loading, "read_complaints", lambda: islice(read_complaints(), SOME))
        assert loading.load(services, lambda _done, _total: None) == SOME + len(list(read_shown()))
    yield services
    engine.dispose()


@pytest.fixture(scope="module")
def told(demo):
    """Of each case of the office: its events, what they make, and its clocks worked out anew from them."""
    book, office = demo.rulebook, demo.office(OFFICE.id)
    found = []
    with demo.read() as store:
        for case_id in store.session.execute(CASE.select().with_only_columns(CASE.c.id)).scalars().all():
            events = store.events(case_id)
            snapshot = replay(events)
            if snapshot.office_id != OFFICE.id:
                continue
            clocks = reckon(events, snapshot, office=office, rules=book.clock_rules, bodies=book.directory.bodies)
            windows = {policy.id for policy in book.policies if policy.window}
            found.append((events, snapshot, [each for each in clocks if each.policy not in windows]))
    return found


def lead_of(snapshot):
    """The body of the newest lead leg, open or not."""
    leads = [leg.body_id for leg in snapshot.legs if leg.role is LegRole.LEAD]
    return leads[-1] if leads else DESK


def naive(told, period, now):
    """Figures by body (an empty one is the total), as sets of cases."""
    found = defaultdict(set)

    def add(figure, body, case_id, moment):
        if moment is not None and period.since <= local_date(moment) <= period.until:
            found[figure, body].add(case_id)
            found[figure, ""].add(case_id)

    for _, snapshot, clocks in told:
        add(Figure.RECEIVED, lead_of(snapshot), snapshot.case_id, snapshot.received_at)
        for leg in snapshot.legs:
            add(Figure.DISPATCHED, leg.body_id, snapshot.case_id, leg.opened_at)
            if leg.state is LegState.RESOLVED:
                add(Figure.RESOLVED, leg.body_id, snapshot.case_id, leg.closed_at)
        for clock in clocks:
            breach = clock.due.breach_at
            if breach < now and breach < min(clock.stopped_at or now, clock.paused_since or now):
                add(Figure.BREACHED, clock.body_id or DESK, snapshot.case_id, breach)
    return found


@pytest.mark.parametrize("made", [week_of, month_of, year_of])
def test_every_figure_is_what_the_events_tell_and_opens_its_cases(demo, told, made):
    now, period = demo.now(), made(local_date(START))
    with demo.read() as store:
        report = weekly_report(store.session, demo.office(OFFICE.id), demo.rulebook, now, period)
        for shown, side in ((period, "this"), (period.before(), "last")):
            truth = naive(told, shown, now)
            rows = {row.body: getattr(row, side) for row in (*report.rows, report.total)}
            counted = {(figure, body): n for body, row in rows.items() for figure, n in row.items() if n}
            assert counted == {key: len(cases) for key, cases in truth.items()}
            for (figure, body), n in counted.items():
                assert count_cases(store.session, SUPERVISOR, shown.selection(figure, body), now) == n
    assert all(report.total.this.values())


def test_three_rates_are_what_clocks_and_callers_tell_and_open_their_cases(demo, told):
    now, period = demo.now(), year_of(local_date(START))
    truth = defaultdict(lambda: [0] * 6)
    for events, snapshot, clocks in told:
        for clock in clocks:
            late_now = clock.stopped_at is None and clock.paused_since is None and clock.due.breach_at < now
            if clock.policy == "H-FIRST-CONTACT" and (clock.stopped_at or late_now):
                met = clock.stopped_at is not None and clock.stopped_at <= clock.due.breach_at
                for body in ("", clock.body_id or DESK):
                    truth[body][0] += met
                    truth[body][1] += 1
        answers = [event.data for event in events if event.action is Action.FOLLOW_UP]
        if answers and answers[-1]["satisfied"] in {"yes", "no"}:
            last = answers[-1]
            for body in ("", lead_of(snapshot)):
                truth[body][2] += last.get("solved") is True
                truth[body][3] += last.get("solved") is not None
                truth[body][4] += last["satisfied"] == "yes"
                truth[body][5] += 1
    with demo.read() as store:
        rates = three_rates(store.session, OFFICE.id, period, now)
        for each in rates:
            parts = (each.response, each.solved, each.satisfied)
            assert [n for rate in parts for n in (rate.hits, rate.total)] == truth.get(each.body_id, [0] * 6)
            opens = rate_selections(period, each.body_id)
            for name in ("response", "solved", "satisfied"):
                rate, counting = getattr(each, name), count_clocks if name == "response" else count_cases
                listed = [counting(store.session, SUPERVISOR, chosen, now) for chosen in opens[name]]
                assert listed == [rate.hits, rate.total]
    assert {each.body_id for each in rates} == {"", *truth}
    assert min(truth[""]) > 0


def test_hours_by_part_are_those_of_the_closed_cases_and_open_them(demo, told):
    calendar, minutes, cases = demo.rulebook.calendar, defaultdict(int), defaultdict(set)
    for events, snapshot, _ in told:
        if snapshot.state not in OPEN_CASE_STATES:
            for share in shares(stretches(events), calendar, snapshot.closed_at):
                minutes[share.part] += share.minutes
                cases[share.part, ""].add(snapshot.case_id)
                cases[share.part, share.body_id or DESK].add(snapshot.case_id)
    with demo.read() as store:
        spent = time_by_part(store.session, OFFICE.id, Selection())
        assert {part: n for part, n in spent.items() if n} == {part: n for part, n in minutes.items() if n}
        for (part, body), found in cases.items():
            chosen = Selection(spent=part, body=body)
            assert count_cases(store.session, SUPERVISOR, chosen, demo.now()) == len(found)
    assert len(minutes) > 2


def test_the_demo_shows_who_submitted_in_time_late_and_not(demo):
    week = week_of(local_date(START)).before()
    with demo.read() as store:
        office, book = demo.office(OFFICE.id), demo.rulebook
        owed = standings(store.session, office, book, book.calendar, week, office_due=demo.settings.office_weekly)
    late = {each.body_id or each.recipient: (each.submitted_at is not None, each.late(demo.now())) for each in owed}
    assert late == {
        "110102-zscq": (True, False),
        "110102-swj": (False, True),
        "110102-scjg": (True, False),
        "110102-whly": (True, True),
        "市专项行动领导小组办公室": (True, False),
        "区政府": (True, False),
    }
