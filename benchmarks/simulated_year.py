"""A year of 100,000 cases through the real store, and its breach report against a naive recount.

Run with `python benchmarks/simulated_year.py [CASES]`. The complaints are the demonstration's, each told many times
over the year, and every case is registered and led through its life by the demonstration's story, that is by the use
cases of the desk: signing, contact, acceptance, notices, returns, pauses, extensions, results, reviews, follow-ups
at random moments, many of them too late. Cases are written in batches, which store what single registrations store
(`tests/flow/test_flow_batch.py`). The recount knows nothing of cube, summary and clock rows: it reads the events of
each case, reckons its clocks again and counts.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.casework.reckoning import reckon
from hotline.casework.state import replay
from hotline.demo.accounts import OFFICES, XICHENG
from hotline.demo.complaints import draft_of, read_complaints
from hotline.demo.story import Story
from hotline.records import Actor
from hotline.registering import prepare_draft
from hotline.reports.breaches import breach_cube
from hotline.reports.selection import ClockState, Selection
from hotline.settings import read_settings
from hotline.store.engine import write_transaction
from hotline.store.ids import new_id
from hotline.store.numbers import take_numbers
from hotline.store.offices import save_office
from hotline.store.tables import CASE
from hotline.vocabulary import Role
from hotline.wiring import build_services, prepare_store

if TYPE_CHECKING:
    from hotline.casework.preparation import Prepared
    from hotline.records import Clock
    from hotline.wiring import Services

CASES = 100_000
BATCH = 100
END = datetime(2026, 11, 20, 12, tzinfo=UTC)
YEAR = timedelta(days=323)  # The calendar begins with 2026; a clock of an earlier year could not be reckoned.
STATES = (ClockState.MET, ClockState.LATE, ClockState.OVERDUE, ClockState.RUNNING, ClockState.PAUSED)
Key = tuple[str, str, str, str]


def main(count: int) -> None:
    """Simulate, report, recount, compare."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"HOTLINE_VAR": folder})
        prepare_store(settings)
        services = build_services(settings, now=lambda: END)
        with write_transaction(services.engine) as session:
            for office in OFFICES:
                save_office(session, office, END)
        start = time.perf_counter()
        simulate(services, count)
        lived = time.perf_counter()
        cube = reported(services)
        read = time.perf_counter()
        naive = recounted(services)
        done = time.perf_counter()
        services.engine.dispose()
    print(f"{count:,} cases lived through in {lived - start:.0f} s ({count / (lived - start):.0f} cases a second)")
    print(f"breach report in {read - lived:.2f} s, naive recount in {done - read:.0f} s")
    wrong = {key: (cube[key], naive[key]) for key in cube.keys() | naive.keys() if cube[key] != naive[key]}
    print(f"{len(naive):,} numbers over {sum(naive.values()):,} clocks, {len(wrong)} differ")
    for key, (said, counted) in sorted(wrong.items())[:20]:
        print(f"  {key}: report {said}, recount {counted}")
    if wrong:
        raise SystemExit(1)


def simulate(services: Services, count: int) -> None:
    """Let the cases live, a batch in one transaction."""
    told = list(read_complaints())
    ready = [prepare_draft(services, draft_of(each, END - YEAR), XICHENG) for each in told]
    prefix = services.office(XICHENG).number_prefix
    for first in range(0, count, BATCH):
        size = min(BATCH, count - first)
        numbers = take_numbers(services.engine, prefix, END.year, size)
        with services.write_many() as store:
            for channel in {each.complaint.channel for each in ready}:
                store.expect(XICHENG, channel, [f"year-{n}" for n in range(first, first + size)])
            for n, number in enumerate(numbers, start=first):
                chance = random.Random(n)  # noqa: S311 - a story, not a secret.
                received_at = END - YEAR + YEAR * (n / count)
                made = again(ready[n % len(ready)], n, received_at)
                story(services, store, chance, received_at).tell(made, told[n % len(told)], number)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{first + size:,}")


def again(prepared: Prepared, n: int, received_at: datetime) -> Prepared:
    """A prepared complaint as somebody else's, of another moment."""
    submission_id, complaint_id, external_id = new_id(), new_id(), f"year-{n}"
    raw = replace(prepared.raw, id=submission_id, external_id=external_id, received_at=received_at)
    complaint = replace(
        prepared.complaint,
        id=complaint_id,
        submission_id=submission_id,
        external_id=external_id,
        received_at=received_at,
    )
    return replace(prepared, raw=raw, complaint=complaint)


def story(services: Services, store: object, chance: random.Random, received_at: datetime) -> Story:
    """The life of one case."""
    bodies = services.rulebook.directory.bodies
    clerks = {body: Actor(f"clerk-{body}", Role.CLERK, XICHENG, body) for body in bodies}
    operator, supervisor = Actor("op", Role.OPERATOR, XICHENG), Actor("su", Role.SUPERVISOR, XICHENG)
    return Story(store, services.desk(XICHENG), operator, supervisor, clerks, chance, END, received_at)  # type: ignore[arg-type]  # A batch store is a store.


def reported(services: Services) -> Counter[Key]:
    """The cube's numbers by body, category, policy and state."""
    found: Counter[Key] = Counter()
    with services.read() as store:
        for cell in breach_cube(store.session, XICHENG, Selection(), END):
            where = cell.selection
            for state in STATES:
                found[where.body or "", where.category or "", where.policy or "", state.value] += cell.count(state)
            # What is due soon runs too, in the recount's words.
            soon = cell.count(ClockState.DUE_SOON)
            found[where.body or "", where.category or "", where.policy or "", ClockState.RUNNING.value] += soon
    return +found


def recounted(services: Services) -> Counter[Key]:
    """The same numbers from nothing but the events."""
    rules, bodies = services.rulebook.clock_rules, services.rulebook.directory.bodies
    office = services.office(XICHENG)
    windows = {policy.id for policy in services.rulebook.policies if policy.window}
    found: Counter[Key] = Counter()
    with services.read() as store:
        for case_id in store.session.execute(select(CASE.c.id)).scalars().all():
            events = store.events(case_id)
            snapshot = replay(events)
            for clock in reckon(events, snapshot, office=office, rules=rules, bodies=bodies):
                if clock.policy not in windows:
                    found[clock.body_id or "desk", snapshot.category, clock.policy, state_of(clock).value] += 1
    return found


def state_of(clock: Clock) -> ClockState:
    """What became of a clock at the end of the year, said in the plainest way."""
    if clock.stopped_at is not None:
        return ClockState.LATE if clock.stopped_at > clock.due.breach_at else ClockState.MET
    if clock.paused_since is not None:
        return ClockState.PAUSED
    return ClockState.OVERDUE if clock.due.breach_at < END else ClockState.RUNNING


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
