"""A year of 100,000 cases through the real store, and its breach report against a naive recount.

Run with `python benchmarks/simulated_year.py [CASES] [FOLDER]`; without a folder everything is done in a temporary one.
With one, a run that was ended goes on where it stopped, and with 0 CASES only report and recount are made.
Two offices, a process each, write into one database. The complaints are the demonstration's, each told many times over
the year, and every case is registered and led through its life by the demonstration's story, that is by the use cases
of the desk: signing, contact, acceptance, notices, returns, pauses, extensions, results, reviews, follow-ups at random
moments, many of them too late. Cases are written in batches, a case's whole life in one, which store what single acts
store (`tests/flow/test_flow_batch.py`); a batch shrinks and grows so that it holds the write lock for about 50 ms.
Every few batches the summary is folded, as the scheduler does it. The recount knows nothing of cube, summary and clock
rows: it reads the events of each case, reckons its clocks again and counts.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import event, func, select

from hotline.casework.reckoning import reckon
from hotline.casework.state import replay
from hotline.demo.accounts import OFFICES
from hotline.demo.complaints import draft_of, read_complaints
from hotline.demo.story import Story
from hotline.environment import read_settings
from hotline.preparing import prepare_store
from hotline.records import Actor
from hotline.registering import prepare_draft
from hotline.reports.breaches import breach_cube
from hotline.reports.figure_words import ClockState
from hotline.reports.selection import Selection
from hotline.store.engine import write_transaction
from hotline.store.ids import new_id
from hotline.store.numbers import take_numbers
from hotline.store.offices import save_office
from hotline.store.tables import CASE
from hotline.store.tally_folding import fold_changes
from hotline.vocabulary import Role
from hotline.wiring import build_services

if TYPE_CHECKING:
    import sqlite3

    from hotline.casework.preparation import Prepared
    from hotline.records import Clock
    from hotline.services import Services

CASES = 100_000
FIRST_BATCH, FOLD_EVERY = 20, 8
SHORT, LONG = 0.03, 0.06
"""Seconds of the write lock below which the next batch is larger, above which it is smaller."""
END = datetime(2026, 11, 20, 12, tzinfo=UTC)
YEAR = timedelta(days=323)  # The calendar begins with 2026; a clock of an earlier year could not be reckoned.
STATES = (ClockState.MET, ClockState.LATE, ClockState.OVERDUE, ClockState.RUNNING, ClockState.PAUSED)
Key = tuple[str, str, str, str]


@dataclass
class Lock:
    """How long each unit of work of one process held the write lock, the commit included."""

    taken_at: float = 0.0
    held: list[float] = field(default_factory=list)

    def watch(self, services: Services) -> None:
        """Note when the lock has been taken; it is asked for past SQLAlchemy, so that SQLite itself must tell."""

        def note(statement: str) -> None:
            if statement == "BEGIN IMMEDIATE":  # The last of several tries, half a millisecond apart, was heard.
                self.taken_at = time.perf_counter()

        @event.listens_for(services.engine, "connect")
        def _listen(connection: sqlite3.Connection, _record: object) -> None:
            connection.set_trace_callback(note)

        services.engine.dispose()

    def released(self) -> float:
        """Count the lock just given back, in seconds."""
        self.held.append(time.perf_counter() - self.taken_at)
        return self.held[-1]


@dataclass(frozen=True)
class Lived:
    """What one process did: its seconds of processor time, and for how long it held the lock each time."""

    cases: int
    cpu: float
    held: list[float]


def main(count: int, folder: Path) -> None:
    """Simulate, report, recount, compare."""
    services = opened(folder, fresh=True)
    offices = [office.id for office in OFFICES]
    share = count // len(offices)
    with ProcessPoolExecutor(len(offices), get_context("spawn")) as pool:
        start = time.perf_counter()
        lived = list(pool.map(live, *zip(*[(folder, office, share) for office in offices], strict=True)))
        told = time.perf_counter()
        cube = {office: reported(services, office) for office in offices}
        read = time.perf_counter()
        naive = dict(zip(offices, pool.map(recount, [folder] * len(offices), offices), strict=True))
        done = time.perf_counter()
    services.engine.dispose()
    print(f"breach reports in {read - told:.2f} s, naive recount in {done - read:.0f} s")
    if count:
        say(lived, told - start, folder)
    compare(cube, naive)


def say(lived: list[Lived], took: float, folder: Path) -> None:
    """What the simulation took."""
    cases, cpu = sum(each.cases for each in lived), sum(each.cpu for each in lived)
    held = sorted(one for each in lived for one in each.held)
    size = sum(path.stat().st_size for path in folder.glob("*.db*")) / 1e6
    rate, each_took = cases / took, 1000 * cpu / max(cases, 1)
    print(f"{cases:,} cases lived through in {took:.0f} s by {len(lived)} processes: {rate:.0f} a second")
    print(f"  processor time {cpu:.0f} s, {each_took:.1f} ms a case; database {size:.0f} MB")
    print(
        f"  write lock held {len(held):,} times: median {1000 * held[len(held) // 2]:.0f} ms, "
        f"99 % under {1000 * held[len(held) * 99 // 100]:.0f} ms, at most {1000 * held[-1]:.0f} ms"
    )


def compare(cube: dict[str, Counter[Key]], naive: dict[str, Counter[Key]]) -> None:
    """Say which numbers differ, and fail where one does."""
    wrong = 0
    for office, counted in naive.items():
        said = cube[office]
        differ = {key: (said[key], counted[key]) for key in said.keys() | counted.keys() if said[key] != counted[key]}
        wrong += len(differ)
        print(f"{office}: {len(counted):,} numbers over {sum(counted.values()):,} clocks, {len(differ)} differ")
        for key, (one, other) in sorted(differ.items())[:20]:
            print(f"  {key}: report {one}, recount {other}")
    if wrong:
        raise SystemExit(1)


def opened(folder: Path, *, fresh: bool = False) -> Services:
    """The installation in this folder, made first where it is `fresh`."""
    settings = read_settings({"HOTLINE_VAR": str(folder)})
    if fresh:
        prepare_store(settings)
    services = build_services(settings, now=lambda: END)
    if fresh:
        with write_transaction(services.engine) as session:
            for office in OFFICES:
                save_office(session, office, END)
    return services


def live(folder: Path, office: str, count: int) -> Lived:
    """One process: the cases of one office."""
    services, lock = opened(folder), Lock()
    lock.watch(services)
    began = time.process_time()
    before = lived_already(services, office)
    simulate(services, office, count, lock)
    services.engine.dispose()
    return Lived(max(count - before, 0), time.process_time() - began, lock.held)


def simulate(services: Services, office: str, count: int, lock: Lock) -> None:
    """Let the cases live, a batch in one transaction."""
    told = list(read_complaints())
    ready = [prepare_draft(services, draft_of(each, END - YEAR), office) for each in told]
    told_by = clerks(services, office)
    first, size, batches = lived_already(services, office), FIRST_BATCH, 0
    while first < count:
        size = min(size, count - first)
        numbers = take_numbers(services.engine, services.office(office).number_prefix, END.year, size)
        with services.write_many() as store:
            for channel in {each.complaint.channel for each in ready}:
                store.expect(office, channel, [f"year-{n}" for n in range(first, first + size)])
            for n, number in enumerate(numbers, start=first):
                received_at = END - YEAR + YEAR * (n / count)
                made, what = again(ready[n % len(ready)], n, received_at), told[n % len(told)]
                one = story(services, store, office, told_by, random.Random(n), received_at)  # noqa: S311 - a story.
                one.tell(made, what, number)
        held, first, batches = lock.released(), first + size, batches + 1
        if held > LONG:
            size = max(size // 2, 1)
        elif held < SHORT:
            size += size // 2 + 1
        if batches % FOLD_EVERY == 0 or first == count:
            with write_transaction(services.engine) as session:
                fold_changes(session)
            lock.released()
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{office} {first:,}")


def lived_already(services: Services, office: str) -> int:
    """How many cases an earlier run has left; its batches are whole, and each case stands for the next number."""
    with services.read() as store:
        held = select(func.count()).select_from(CASE).where(CASE.c.office_id == office)
        return int(store.session.execute(held).scalar_one())


def clerks(services: Services, office: str) -> dict[str, Actor]:
    """Somebody in every body."""
    return {body: Actor(f"clerk-{body}", Role.CLERK, office, body) for body in services.rulebook.directory.bodies}


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


def story(  # noqa: PLR0917 - what a story is made of.
    services: Services,
    store: object,
    office: str,
    told_by: dict[str, Actor],
    chance: random.Random,
    received_at: datetime,
) -> Story:
    """The life of one case."""
    operator, supervisor = Actor("op", Role.OPERATOR, office), Actor("su", Role.SUPERVISOR, office)
    return Story(store, services.desk(office), operator, supervisor, told_by, chance, END, received_at)  # type: ignore[arg-type]  # A batch store is a store.


def reported(services: Services, office: str) -> Counter[Key]:
    """The cube's numbers by body, category, policy and state."""
    found: Counter[Key] = Counter()
    with services.read() as store:
        for cell in breach_cube(store.session, office, Selection(), END):
            where = cell.selection
            for state in STATES:
                found[where.body or "", where.category or "", where.policy or "", state.value] += cell.count(state)
            # What is due soon runs too, in the recount's words.
            soon = cell.count(ClockState.DUE_SOON)
            found[where.body or "", where.category or "", where.policy or "", ClockState.RUNNING.value] += soon
    return +found


def recount(folder: Path, office_id: str) -> Counter[Key]:
    """One process: the same numbers from nothing but the events."""
    services = opened(folder)
    rules, bodies = services.rulebook.clock_rules, services.rulebook.directory.bodies
    office = services.office(office_id)
    windows = {policy.id for policy in services.rulebook.policies if policy.window}
    found: Counter[Key] = Counter()
    with services.read() as store:
        for case_id in store.session.execute(select(CASE.c.id).where(CASE.c.office_id == office_id)).scalars().all():
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
    how_many = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    if len(sys.argv) > 2:  # noqa: PLR2004 - both arguments.
        main(how_many, Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as made_folder:
            main(how_many, Path(made_folder))
