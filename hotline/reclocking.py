"""Reckons cached clocks again where the rules have changed since: in batches, beside the work, from where it stopped.

Each clock row carries the mark of the policies and calendar that made it. A batch is one short transaction; killed in
the middle, what was done is done and the rest is still found by its old mark.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.reckoning import reckon
from hotline.casework.state import replay
from hotline.errors import HotlineError
from hotline.store.casestore import CaseStore
from hotline.store.clockstore import clocks_of
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.events import last_seq
from hotline.store.offices import offices
from hotline.store.stale_clocks import behind_events, events_of, set_mark, stale_cases
from hotline.vocabulary import OPEN_CASE_STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Engine

    from hotline.casework.clock_rules import ClockRules
    from hotline.records import CaseSnapshot, Clock, Office
    from hotline.routing.bodies import Body
    from hotline.store.crypto import Keyring

BATCH = 100
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A case as it was read, with its clocks under the rules in force, and whether they differ from those kept."""

    snapshot: CaseSnapshot
    clocks: tuple[Clock, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many cases were looked at, in how many something moved, and which could not be reckoned."""

    cases: int
    changed: int
    failed: tuple[str, ...]


def reclock(
    engine: Engine,
    keyring: Keyring,
    rules: ClockRules,
    bodies: Mapping[str, Body],
    *,
    batch: int = BATCH,
    most: int = sys.maxsize,
) -> Outcome:
    """Bring clocks that still run up to the rules, about `most` cases a call; what is up to date costs nothing."""
    with read_transaction(engine) as session:
        known = offices(session)
    cases = changed = 0
    failed: list[str] = []
    for office in known:
        mark = rules.mark(office)
        while cases < most:
            with read_transaction(engine) as session:
                ids = stale_cases(session, office.id, mark, but=failed, limit=batch)
            if not ids:
                break
            done = _batch(engine, keyring, ids, office=office, rules=rules, bodies=bodies)
            cases, changed = cases + done.cases, changed + done.changed
            failed += done.failed
    return Outcome(cases, changed, tuple(failed))


def reclock_behind(engine: Engine, keyring: Keyring, rules: ClockRules, bodies: Mapping[str, Body]) -> Outcome:
    """The same for open cases that have more events than their clocks were reckoned from; a thorough look."""
    found = Outcome(0, 0, ())
    with read_transaction(engine) as session:
        waiting = [(office, behind_events(session, office.id)) for office in offices(session)]
    for office, ids in waiting:
        for start in range(0, len(ids), BATCH):
            piece = ids[start : start + BATCH]
            done = _batch(engine, keyring, piece, office=office, rules=rules, bodies=bodies)
            found = Outcome(found.cases + done.cases, found.changed + done.changed, (*found.failed, *done.failed))
    return found


def _batch(
    engine: Engine,
    keyring: Keyring,
    ids: Iterable[str],
    *,
    office: Office,
    rules: ClockRules,
    bodies: Mapping[str, Body],
) -> Outcome:
    """Reckon without a lock, write with it; a case that somebody acted on in between is left to the next turn."""
    ready: list[Reckoned] = []
    failed: list[str] = []
    with read_transaction(engine) as session:
        for case_id, events in events_of(session, ids).items():
            try:
                snapshot = replay(events)
                clocks = reckon(events, snapshot, office=office, rules=rules, bodies=bodies)
            except HotlineError as error:
                log.error("clocks_not_reckoned case=%s code=%s", case_id, error.code)  # noqa: TRY400 - the code says enough.
                failed.append(case_id)
                continue
            ready.append(Reckoned(snapshot, clocks, set(clocks) != set(clocks_of(session, case_id))))
    mark = rules.mark(office)
    with write_transaction(engine) as session:
        store = CaseStore(session, keyring)
        fresh = [each for each in ready if last_seq(session, each.snapshot.case_id) == each.snapshot.seq]
        for each in fresh:
            if each.changed:
                _write(store, each, mark)
        set_mark(session, {each.snapshot.case_id: each.snapshot.seq for each in fresh if not each.changed}, mark)
    missing = set(ids) - {each.snapshot.case_id for each in ready} - set(failed)
    return Outcome(len(ready), sum(each.changed for each in fresh), (*failed, *missing))


def _write(store: CaseStore, each: Reckoned, mark: str) -> None:
    # What a closed case took is counted once, when it closes: new rules do not rewrite it.
    spent = () if each.snapshot.state in OPEN_CASE_STATES else None
    seq = each.snapshot.seq
    store.save_clocks(each.snapshot.case_id, each.snapshot.office_id, each.clocks, spent, mark=(seq, mark))
