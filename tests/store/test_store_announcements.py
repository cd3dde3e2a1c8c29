"""Announcements: each stage of a clock and due date once, whatever the scheduler and the machine's clock do."""

from datetime import timedelta

import pytest

from hotline.announcing import sweep as real_sweep
from hotline.casework.stages import following, reached
from hotline.casework.workdays import load_calendar
from hotline.store.announcements import Reached, announce
from hotline.store.clock_moved_back import look_at_all_again, mark, moved_back
from hotline.store.clockstore import save_clocks
from hotline.store.due_clocks import due_clocks
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.tables import ANNOUNCEMENT, DIGEST_LINE
from tests.store.store_world import NOW, make_clock

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)
CALENDAR = load_calendar()
NUMBER = "2026-110001-1"


def found(clocks, at):
    return [Reached(clock, reached(clock.span, at, CALENDAR), following(clock.span, at, CALENDAR)) for clock in clocks]


def sweep(world, at):
    """How many clocks were looked at, and what is new of them."""
    with write_transaction(world.engine) as session:
        due = due_clocks(session, at, locked=True)
        return len(due), [tuple(fresh) for fresh in announce(session, found(due, at), at).values()]


def test_each_stage_is_announced_once(world):
    world.case(NUMBER, clocks=[{"due": 5 * HOUR, "warn": HOUR}])
    assert sweep(world, NOW) == (0, [])
    assert sweep(world, NOW + HOUR) == (1, [("warn", "")])
    assert sweep(world, NOW + HOUR) == (0, [])
    assert sweep(world, NOW + 4 * HOUR) == (1, [("due", "")])
    assert sweep(world, NOW + 5 * HOUR) == (0, [])
    assert sweep(world, NOW + 5 * HOUR + SECOND) == (1, [("overdue", "")])
    assert sweep(world, NOW + 9 * HOUR) == (0, [])
    assert sweep(world, NOW + DAY + 6 * HOUR) == (1, [("overdue+1", "")])
    assert sweep(world, NOW + 2 * DAY + 6 * HOUR) == (1, [("overdue+2", "")])


def test_after_a_sleep_the_last_stage_is_announced_and_names_the_others(world):
    world.case(NUMBER, clocks=[{"due": 5 * HOUR, "warn": HOUR}])
    assert sweep(world, NOW + 5 * DAY + 6 * HOUR) == (1, [("overdue+5", "warn,due,overdue,overdue+1..4")])
    assert sweep(world, NOW + 5 * DAY + 6 * HOUR) == (0, [])
    assert sweep(world, NOW + 7 * DAY + 6 * HOUR) == (1, [("overdue+7", "overdue+6")])


def test_saving_the_clocks_again_announces_only_a_moved_due_date(world):
    case = world.case(NUMBER, clocks=[{"due": -HOUR}])
    sweep(world, NOW)

    def save(due):
        with write_transaction(world.engine) as session:
            save_clocks(session, case.case_id, [make_clock(case, due=due)])

    save(-HOUR)
    assert sweep(world, NOW) == (1, [])
    save(HOUR)
    assert sweep(world, NOW)[1] in ([], [("warn", "")])
    assert sweep(world, NOW + 2 * HOUR)[1][0][0] == "overdue"


def test_stopped_and_paused_clocks_are_silent(world):
    world.case("2026-110001-1", clocks=[{"due": -HOUR, "stopped": NOW}])
    world.case("2026-110001-2", clocks=[{"due": -HOUR, "paused": NOW}])
    assert sweep(world, NOW) == (0, [])


def test_two_schedulers_at_once_announce_once(world):
    world.case(NUMBER, clocks=[{"due": -HOUR}])
    with read_transaction(world.engine) as session:
        seen_by_both = found(due_clocks(session, NOW), NOW)
    fresh = []
    for _ in range(2):
        with write_transaction(world.engine) as session:
            fresh.append(announce(session, seen_by_both, NOW))
    assert [len(news) for news in fresh] == [1, 0]


def test_a_clock_moved_back_tells_nothing_twice_and_loses_nothing(world):
    """The machine's clock jumps three days ahead, the sweep believes it, and the clock is put right."""
    world.case("2026-110001-1", clocks=[{"due": 5 * HOUR, "warn": HOUR}])
    ahead = NOW + 3 * DAY + 6 * HOUR
    assert sweep(world, ahead)[1] == [("overdue+3", "warn,due,overdue,overdue+1..2")]
    with write_transaction(world.engine) as session:
        mark(session, ahead)
        assert moved_back(session, NOW + 2 * HOUR)
        look_at_all_again(session, NOW + 2 * HOUR)
        assert not moved_back(session, NOW + 2 * HOUR)
    for hours in (2, 5, 6, 30, 60):
        assert sweep(world, NOW + hours * HOUR)[1] == []
    assert sweep(world, NOW + 4 * DAY + 6 * HOUR)[1] == [("overdue+4", "")]


def test_what_waits_for_the_hours_of_a_false_time_is_looked_at_again(world):
    """Put off to an opening three months ahead, it is announced at the opening of the true day."""
    saturday = NOW
    world.case(NUMBER, clocks=[{"due": 5 * HOUR, "warn": HOUR}])
    real_sweep(world.engine, saturday + 98 * DAY)  # A Saturday too: the clock is put off.
    monday = saturday + 2 * DAY
    assert real_sweep(world.engine, monday) == 1
    with read_transaction(world.engine) as session:
        assert session.execute(DIGEST_LINE.select()).first().stage == "overdue+1"


def test_a_batch_that_dies_before_its_commit_is_announced_whole_later(world, monkeypatch):
    for n in range(3):
        world.case(f"2026-110001-{n}", clocks=[{"due": -HOUR}])
    monday = NOW + 2 * DAY

    def die(*_args, **_more):
        message = "killed"
        raise RuntimeError(message)

    with monkeypatch.context() as patched:
        patched.setattr("hotline.announcing.enqueue", die)
        with pytest.raises(RuntimeError):
            real_sweep(world.engine, monday)
    with read_transaction(world.engine) as session:
        assert session.execute(ANNOUNCEMENT.select()).all() == []
        assert session.execute(DIGEST_LINE.select()).all() == []
    assert real_sweep(world.engine, monday) == 3
    assert real_sweep(world.engine, monday) == 0
