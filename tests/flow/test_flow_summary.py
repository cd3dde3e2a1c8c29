"""The summary after random histories through the real desk equals a naive recount: as it is, folded, and rebuilt."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from sqlalchemy import select

from hotline.casework.legs import current_lead
from hotline.casework.stretches import stretches
from hotline.casework.timeshare import shares
from hotline.errors import HotlineError
from hotline.moments import local_date
from hotline.reports.breaches import SIDES, Side, breach_cube
from hotline.reports.figure_words import ClockState
from hotline.reports.rates import three_rates
from hotline.reports.rebuilding import needs_rebuild, rebuild
from hotline.reports.report_period import week_of
from hotline.reports.selection import Selection
from hotline.reports.summary import time_by_part
from hotline.store.clockstore import clocks_of
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.tables import CASE, CASE_TALLY, CLOCK, FOLLOW_UP_ANSWER, TALLY, TALLY_CHANGE
from hotline.store.tally_folding import fold_changes
from hotline.vocabulary import OPEN_CASE_STATES, Action, CaseState, LegState
from tests.flow.conftest import OPERATOR

EVERY = (*SIDES, Side.CAUSE)


def live(hotline, moment, seed):
    """One case's random life: returns, pauses, 退回重办, a changed category, until chance ends it."""
    chance = random.Random(seed)  # noqa: S311 - a story, not a secret.
    case_id = hotline.register(external_id=f"S-{seed}").case_id
    for _ in range(chance.randint(1, 14)):
        moment.pass_by(minutes=chance.choice([7, 50, 300, 1500, 6000]))
        snapshot = hotline.snapshot(case_id)
        lead = current_lead(snapshot)
        try:
            one_step(hotline, chance, case_id, snapshot, lead)
        except HotlineError:
            continue
    return case_id


def one_step(hotline, chance, case_id, snapshot, lead):
    if snapshot.state is CaseState.DISPUTED:
        hotline.act(case_id, Action.REASSIGN, OPERATOR, lead="110102-zscq", co=(), why="returned")
    elif snapshot.state is CaseState.RESOLVED:
        back = chance.random() < 0.4
        hotline.act(case_id, Action.SEND_BACK if back else Action.REVIEW, OPERATOR, text="请补充材料")
    elif snapshot.state is CaseState.FOLLOW_UP:
        happy = chance.random() < 0.5
        said = "yes" if happy else "no"
        hotline.act(case_id, Action.FOLLOW_UP, OPERATOR, satisfied=said, solved=happy, reopen=not happy)
    elif lead is not None and lead.state is LegState.QUEUED:
        clerk = hotline.clerk(lead)
        if chance.random() < 0.3:
            hotline.act(
                case_id, Action.RETURN, clerk, leg=lead, text="不属本单位职责", clause="二（一）3", owner="110102-zscq"
            )
        else:
            hotline.act(case_id, Action.SIGN, clerk, leg=lead)
    elif lead is not None:
        for leg in snapshot.legs:
            if leg.role.value == "co" and leg.closed_at is None:
                hotline.act(case_id, Action.WAIVE, OPERATOR, leg=leg, text="不涉及")
                return
        clerk = hotline.clerk(lead)
        action, data = chance.choice(
            [
                (Action.SUSPEND, {"reason": "appraisal"}),
                (Action.RESUME, {}),
                (Action.FILE, {}),
                (Action.RESOLVE, {"text": "已查处", "outcome": "penalised"}),
            ]
        )
        hotline.act(case_id, action, clerk, leg=lead, **data)


def naive(hotline, now):
    """Closed and open clocks by every side and state, from the whole clocks and the case's row."""
    windows = {policy.id for policy in hotline.services.rulebook.policies if policy.window}
    found = Counter()
    with hotline.services.read() as store:
        for row in store.session.execute(select(CASE).where(CASE.c.office_id == "xicheng")).mappings():
            for clock in clocks_of(store.session, row["id"]):
                if clock.policy in windows:
                    continue
                if clock.stopped_at:
                    state = ClockState.LATE if clock.stopped_at > clock.due.breach_at else ClockState.MET
                elif clock.paused_since:
                    state = ClockState.PAUSED
                elif clock.due.breach_at < now:
                    state = ClockState.OVERDUE
                else:
                    state = ClockState.DUE_SOON if clock.warn_at <= now else ClockState.RUNNING
                body = clock.body_id or "desk"
                found[body, row["category"], row["channel"], clock.policy, clock.cause, state] += 1
    return found


def counted(hotline, now):
    found = Counter()
    with hotline.services.read() as store:
        for cell in breach_cube(store.session, "xicheng", Selection(), now, by=EVERY):
            chosen = cell.selection
            key = (chosen.body, chosen.category, chosen.channel, chosen.policy, str(chosen.cause or ""))
            found.update({(*key, state): n for state, n in cell.counts.items() if n})
    return found


def times(hotline):
    with hotline.services.read() as store:
        return time_by_part(store.session, "xicheng", Selection())


@pytest.fixture
def lived(hotline, moment):
    return [live(hotline, moment, seed) for seed in range(14)]


def test_the_summary_equals_a_naive_recount_folded_or_not_and_rebuilt(hotline, lived, moment):
    engine, calendar = hotline.services.engine, hotline.services.rulebook.calendar
    truth = naive(hotline, moment.now)
    assert {key[-1] for key in truth} >= {ClockState.MET, ClockState.LATE}
    assert counted(hotline, moment.now) == truth
    spent = Counter()
    with hotline.services.read() as store:
        for case_id in lived:
            snapshot = hotline.snapshot(case_id)
            if snapshot.state not in OPEN_CASE_STATES:
                for share in shares(stretches(store.events(case_id)), calendar, snapshot.closed_at):
                    spent[share.part] += share.minutes
    assert Counter(times(hotline)) == spent
    with write_transaction(engine) as session:
        assert fold_changes(session)
        answers = sorted(session.execute(select(FOLLOW_UP_ANSWER)).all())
    assert counted(hotline, moment.now) == truth
    assert Counter(times(hotline)) == spent
    with write_transaction(engine) as session:
        for table in (CASE_TALLY, TALLY, TALLY_CHANGE, FOLLOW_UP_ANSWER):
            session.execute(table.delete())
        session.execute(CLOCK.update().values(cause=""))
        assert needs_rebuild(session)
    assert rebuild(engine, calendar) == len(lived)
    assert counted(hotline, moment.now) == truth
    assert Counter(times(hotline)) == spent
    with read_transaction(engine) as session:
        assert not needs_rebuild(session)
        assert sorted(session.execute(select(FOLLOW_UP_ANSWER)).all()) == answers


def test_three_rates_equal_the_answers_in_the_events(hotline, lived, moment):
    told, week = Counter(), week_of(local_date(moment.now))
    with hotline.services.read() as store:
        for case_id in lived:
            last = [event for event in store.events(case_id) if event.action is Action.FOLLOW_UP][-1:]
            told.update(event.data["satisfied"] for event in last if week.since <= local_date(event.at) <= week.until)
        total = three_rates(store.session, "xicheng", week, moment.now)[0]
    assert (total.satisfied.hits, total.satisfied.total) == (told["yes"], told["yes"] + told["no"])
    assert total.solved.hits == told["yes"]
