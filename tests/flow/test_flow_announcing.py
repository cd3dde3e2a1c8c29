"""A clock passes its deadline: overdue at once, announced once, also after a crash and by two schedulers."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from hotline.announcing import sweep
from hotline.casework.stages import days_over, further
from hotline.scheduler import schedule
from hotline.store.clockstore import clocks_of
from hotline.store.digest_lines import lines_of
from hotline.store.notices import notices
from hotline.vocabulary import Action, Urgency
from tests.flow.conftest import SUPERVISOR


def sign_clock(hotline, case_id):
    with hotline.services.read() as store:
        return next(clock for clock in clocks_of(store.session, case_id) if clock.policy == "H-SIGN")


def told(hotline, actor, case_id):
    """Stage and code of every line about signing that stands in the actor's digests."""
    with hotline.services.read() as store:
        heads = [line.id for line in notices(store.session, actor, limit=500) if line.stage == "digest"]
        lines = [line for head in heads for line in lines_of(store.session, head, limit=500)]
    return sorted((line.stage, line.code) for line in lines if line.case_id == case_id and "H-SIGN" in line.code)


def escalated(hotline, case_id, stage="overdue"):
    """One escalation for each leg, with the body that must answer for it."""
    return sorted((stage, f"escalation:{leg.body_id}:H-SIGN") for leg in hotline.snapshot(case_id).legs)


def test_overdue_is_true_the_moment_it_is_and_needs_no_scheduler(hotline, moment):
    made = hotline.register(urgency=Urgency.CRITICAL)
    clock = sign_clock(hotline, made.case_id)
    assert not clock.overdue(moment.pass_by(seconds=119))
    assert clock.overdue(moment.pass_by(seconds=2))


def test_each_stage_is_announced_once_to_those_who_must_know(hotline, moment):
    made = hotline.register(urgency=Urgency.CRITICAL)
    clerk = hotline.clerk(hotline.snapshot(made.case_id).legs[0])
    engine = hotline.services.engine
    moment.pass_by(seconds=90)
    sweep(engine, moment.now)
    assert told(hotline, clerk, made.case_id) == [("warn", "clock:H-SIGN")]
    assert told(hotline, SUPERVISOR, made.case_id) == []
    moment.pass_by(seconds=60)
    for _ in range(3):
        sweep(engine, moment.now)
    assert told(hotline, clerk, made.case_id) == [("overdue", "clock:H-SIGN"), ("warn", "clock:H-SIGN")]
    assert told(hotline, SUPERVISOR, made.case_id) == escalated(hotline, made.case_id)


def test_a_signed_leg_is_not_announced(hotline, moment):
    made = hotline.register(urgency=Urgency.CRITICAL)
    for leg in hotline.snapshot(made.case_id).legs:
        hotline.act(made.case_id, Action.SIGN, hotline.clerk(leg), leg=leg)
    sweep(hotline.services.engine, moment.pass_by(minutes=5))
    assert told(hotline, SUPERVISOR, made.case_id) == []


def test_two_sweeps_at_once_announce_each_stage_once(hotline, moment):
    made = [hotline.register(f"西单商场第{n}柜台卖的降压药是假药。", urgency=Urgency.CRITICAL) for n in range(6)]
    now = moment.pass_by(minutes=10)
    threads = [threading.Thread(target=sweep, args=(hotline.services.engine, now)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in made:
        assert told(hotline, SUPERVISOR, each.case_id) == escalated(hotline, each.case_id)


def test_the_sweep_changes_no_case(hotline, moment):
    made = hotline.register(urgency=Urgency.CRITICAL)
    before = hotline.snapshot(made.case_id)
    sweep(hotline.services.engine, moment.pass_by(days=3))
    assert hotline.snapshot(made.case_id) == before


def test_one_failing_job_does_not_stop_the_others(caplog):
    ran, stop = [], threading.Event()

    def broken():
        message = "13900001111"
        raise RuntimeError(message)

    def good():
        ran.append(1)
        stop.set()

    schedule({"broken": (60, broken), "good": (60, good)}, stop)
    assert ran
    assert "job_failed job=broken type=RuntimeError" in caplog.text
    assert "13900001111" not in caplog.text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_killed_scheduler_is_started_again_and_tells_nothing_twice(hotline, moment, tmp_path, engine):
    made = hotline.register(urgency=Urgency.CRITICAL)
    sweep(engine, moment.pass_by(minutes=1, seconds=40))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")},
        "HOTLINE_VAR": str(tmp_path),
        "HOTLINE_DATABASE_URL": str(engine.url),
        "HOTLINE_SWEEP_SECONDS": "1",
    }
    for how in (signal.SIGKILL, signal.SIGTERM):
        process = subprocess.Popen([sys.executable, "-m", "hotline", "scheduler"], env=environment)
        deadline = time.monotonic() + 60
        while not told(hotline, SUPERVISOR, made.case_id) and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(1.5)
        process.send_signal(how)
        process.wait(timeout=30)
    # The scheduler's clock is the machine's: only the stage of that day is told, and on a day that ends meanwhile two.
    supervisor = told(hotline, SUPERVISOR, made.case_id)
    latest = further(max(days_over(stage) for stage, _ in supervisor))
    assert set(escalated(hotline, made.case_id, latest)) <= set(supervisor)
    assert len(supervisor) == len(set(supervisor))
    clerk = hotline.clerk(hotline.snapshot(made.case_id).legs[0])
    mine = told(hotline, clerk, made.case_id)
    assert ("warn", "clock:H-SIGN") in mine
    assert (latest, "clock:H-SIGN") in mine
    assert len(mine) == len(set(mine))
