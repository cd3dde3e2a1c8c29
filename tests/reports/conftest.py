"""A small world of cases whose clocks stand in every state, and a naive recount to compare figures with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.reports.figure_words import DESK, ClockState
from hotline.store.clockstore import clocks_of
from hotline.store.engine import read_transaction
from hotline.vocabulary import LegRole
from tests.store.store_world import NOW, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LEAD_AND_CO = (("body-a", LegRole.LEAD), ("body-b", LegRole.CO))
SPECS = (
    ("2026-110001-1", {"clocks": [{"due": -HOUR}]}),
    ("2026-110002-2", {"clocks": [{"due": -HOUR}, {"due": -2 * DAY, "policy": "C-ACCEPT"}], "channel": "12315"}),
    ("2026-110003-3", {"clocks": [{"due": HOUR, "warn": -HOUR}]}),
    ("2026-110004-4", {"clocks": [{"due": 3 * DAY}], "channel": "12315"}),
    ("2026-110005-5", {"clocks": [{"due": -HOUR, "paused": NOW - DAY}]}),
    ("2026-110006-6", {"clocks": [{"due": HOUR, "stopped": NOW - HOUR}]}),
    ("2026-110007-7", {"clocks": [{"due": -DAY, "stopped": NOW - HOUR}]}),
    ("2026-110008-8", {"clocks": [{"due": -HOUR, "leg": None, "policy": "H-DISPATCH"}], "legs": ()}),
    ("2026-110009-9", {"clocks": [{"due": -HOUR, "leg": 1}, {"due": -HOUR, "leg": 0}], "legs": LEAD_AND_CO}),
    ("2026-110010-0", {"clocks": [{"due": HOUR, "policy": "H-RETURN", "stopped": NOW + HOUR}]}),
    ("2026-120001-1", {"clocks": [{"due": -HOUR}], "office_id": "baodi", "legs": (("body-c", LegRole.LEAD),)}),
)


def state_of(clock, now):
    """How a clock stands, said with the record's own words."""
    if clock.stopped_at is not None:
        return ClockState.LATE if clock.overdue(now) else ClockState.MET
    if clock.paused_since is not None:
        return ClockState.PAUSED
    if clock.overdue(now):
        return ClockState.OVERDUE
    return ClockState.DUE_SOON if clock.warn_at <= now else ClockState.RUNNING


@pytest.fixture
def world(engine, keyring):
    made = World(engine, keyring)
    made.snapshots = [made.case(number, **dict(spec)) for number, spec in SPECS]
    return made


@pytest.fixture
def session(world):
    with read_transaction(world.engine) as opened:
        yield opened


@pytest.fixture
def facts(world, session):
    """Every clock of the first office that is a deadline, as (case, body, category, channel, policy, state)."""
    found = []
    for snapshot in world.snapshots:
        if snapshot.office_id != "xicheng":
            continue
        for clock in clocks_of(session, snapshot.case_id):
            if clock.policy != "H-RETURN":
                body, state = clock.body_id or DESK, state_of(clock, NOW)
                found.append((snapshot.case_id, body, snapshot.category, snapshot.channel, clock.policy, state))
    return found
