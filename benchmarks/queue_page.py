"""Milliseconds of an agency's queue page with 10,000 and with 100,000 open legs, and of the bare query behind it.

Run with `python benchmarks/queue_page.py`. One case is registered by the program; the others are copies of its rows
with ids, numbers and deadlines of their own. The targets of issue 5, on SQLite: p50 at most 10 ms, p95 at most 25 ms,
and 100,000 legs at most 1.3 times the time of 10,000. The page is asked for in process: first page, a page in the
middle and the tabs, signed in as a clerk.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text

from hotline.demo.accounts import OFFICES
from hotline.intake.submission import Draft
from hotline.moments import utc_now
from hotline.records import Actor, Reporter, Respondent
from hotline.registering import prepare_draft, register_prepared
from hotline.settings import read_settings
from hotline.store.accounts import create_account
from hotline.store.engine import write_transaction
from hotline.store.offices import save_office
from hotline.store.passwords import hash_password
from hotline.store.queues import Tab, queue
from hotline.store.tables import CASE, CLOCK, COMPLAINT, LEG, RAW_SUBMISSION, REPORTER
from hotline.vocabulary import Kind, Role
from hotline.web import create_app
from hotline.wiring import build_services, prepare_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient

    from hotline.wiring import Services

SIZES = (10_000, 100_000)
PASSWORD = "Benchmark-2026-queue"  # noqa: S105 - of a database that lives for a minute.
TEXT = "我在西城区广安门外大街的康宁药店买的降压药是假药，药盒上的批准文号查不到，吃了头晕，请你们查处这家药店。"
TABLES = (RAW_SUBMISSION, COMPLAINT, REPORTER, CASE, LEG, CLOCK)
CHUNK = 2_000
RUNS = 60
WEB_RUNS = 60
_ID = re.compile(r"[0-9a-f]{32}")


@contextmanager
def installation() -> Iterator[Services]:
    """A fresh installation in a folder that is removed at the end."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"HOTLINE_VAR": folder})
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
    with services.engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _copy(row: dict[str, Any], n: int) -> dict[str, Any]:
    """A row with ids of copy `n`; deadlines move with it, over a hundred days around today."""
    moved = timedelta(minutes=(n * 37) % 144_000 - 28_800)
    changed: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, str):
            changed[name] = _ID.sub(lambda match: f"{n:08x}{match[0][8:]}", value)
        elif name in {"due_at", "breach_at", "warn_at"} and value.year < 9999:  # noqa: PLR2004 - `types.FAR`.
            changed[name] = value + moved
    for name in ("number", "external_id"):
        if name in row:
            changed[name] = f"{row[name]}-{n}"
    return row | changed


def timed(run: Callable[[], object], runs: int) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds, after three runs that do not count."""
    taken = []
    for turn in range(runs + 3):
        start = time.perf_counter()
        run()
        if turn >= 3:  # noqa: PLR2004 - as said.
            taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[18]


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


def measure(services: Services, client: FlaskClient, body_id: str) -> dict[str, tuple[float, float]]:
    """What each page and the bare query take."""

    def bare() -> None:
        with services.read() as store:
            queue(store.session, body_id, Tab.OPEN, services.now())

    def page(**asked: str) -> Callable[[], None]:
        def get() -> None:
            answer = client.get("/agencies/queue", query_string=asked)
            if answer.status_code != 200:  # noqa: PLR2004 - OK.
                raise RuntimeError(answer.text)

        return get

    return {
        "bare query": timed(bare, RUNS),
        "first page": timed(page(), WEB_RUNS),
        "a page in the middle": timed(page(after=middle(services, body_id)), WEB_RUNS),
        "tab overdue": timed(page(tab="overdue"), WEB_RUNS),
        "tab unsigned": timed(page(tab="unsigned"), WEB_RUNS),
    }


def run() -> None:
    """Measure at both sizes and print the comparison."""
    with installation() as services:
        case_id, body_id = one_case(services)
        client, there, results = signed_in(services, body_id), 1, {}
        for size in SIZES:
            copies(services, case_id, there, size - there)
            there = size
            results[size] = measure(services, client, body_id)
        for name, (median, late) in results[SIZES[1]].items():
            small = results[SIZES[0]][name][0]
            print(
                f"{name:22} p50 {median:6.1f} ms  p95 {late:6.1f} ms at {SIZES[1]:,} open legs;"
                f" p50 {small:6.1f} ms at {SIZES[0]:,} ({median / small:.2f} times)"
            )


if __name__ == "__main__":
    run()
