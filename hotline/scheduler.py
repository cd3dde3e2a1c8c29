"""The scheduler process: sweeps clocks, sends messages, seals events, forgets dead sessions.

It decides no case; only what has outlived its time it deletes, where the deployment says so.

One process per deployment: a lock file keeps a second one on the same machine waiting. Even two at once would announce
each stage once, because the database decides that.
"""

from __future__ import annotations

import fcntl
import logging
import signal
import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler

from hotline.announcing import Manner, sweep
from hotline.clock_keeping import ClockKeeper
from hotline.delivery.daily import list_what_is_due
from hotline.delivery.job import deliver, outlets_in_use
from hotline.erasing import erase_some
from hotline.fetching.job import INBOX_SECONDS, PULL_SECONDS, Fetching
from hotline.moments import SHANGHAI, utc_now
from hotline.reclocking import reclock
from hotline.reports.submitting import remind, reporting_rules
from hotline.routing.directory_file import load_directory
from hotline.store.crypto import load_keyring
from hotline.store.digest_lines import forget_digests
from hotline.store.engine import open_engine, write_transaction
from hotline.store.login_sessions import forget_dead_sessions
from hotline.store.offices import offices
from hotline.store.outbox_messages import forget_sent
from hotline.store.rekeying import rekey
from hotline.store.remasking import remask
from hotline.store.sealing import seal_pending
from hotline.store.tally_folding import fold_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hotline.casework.calendars import Calendar
    from hotline.settings import Settings

SEAL_SECONDS = 60
DELIVER_SECONDS = 10
DAILY_SECONDS = 300
FOLD_SECONDS = 600
REKEY_SECONDS = 30
REKEY_MOST = 50
"""Batches a turn; a database whose keys have not changed costs one small query."""
REMASK_SECONDS = 30
REMASK_MOST = 20
"""Batches a turn, until what an earlier version masked is masked by today's rules; then one small query."""
REMIND_SECONDS = 900
RECLOCK_SECONDS = 20
RECLOCK_MOST = 3_000
"""Cases a turn, so that the other jobs of the first round do not wait for all of them."""
CLEAN_SECONDS = 3600
ERASE_SECONDS = 600
ERASE_MOST = 200
"""Cases a turn: deleting years of a backlog must not keep the desk from writing."""
LOCK_POLL_SECONDS = 1.0
AFAR = frozenset({"deliver", "pull"})
"""Jobs that wait for other machines: nothing waits for them, not even in the first round."""
log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Run until told to stop. Every job catches its own failure, logs it by name and is tried again in its turn."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    with _alone(settings.var / "scheduler.lock", stop):
        if stop.is_set():
            return
        engine, keyring = open_engine(settings.database_url), load_keyring(settings.keys, settings.cipher)

        def clean() -> None:
            with write_transaction(engine) as session:
                forget_dead_sessions(session, utc_now())
                before = utc_now() - timedelta(days=settings.keep_days)
                forget_sent(session, before)
                forget_digests(session, before)

        def fold() -> None:
            with write_transaction(engine) as session:
                fold_changes(session)

        keeper, bodies, fetching = ClockKeeper(engine, settings), load_directory().bodies, Fetching(settings)

        def reminders() -> None:
            rules, calendar = reporting_rules(), keeper.current().calendar
            with write_transaction(engine) as session:
                for office in offices(session):
                    remind(session, office, rules, calendar, utc_now(), office_due=settings.office_weekly)

        jobs: dict[str, tuple[int, Callable[[], object]]] = {
            "sweep": (
                settings.sweep_seconds,
                lambda: sweep(engine, utc_now(), manner_of(settings, keeper.current().calendar)),
            ),
            "seal": (SEAL_SECONDS, lambda: seal_pending(engine, keyring, utc_now(), settings.seals)),
            "remind": (REMIND_SECONDS, reminders),
            "fold": (FOLD_SECONDS, fold),
            "clean": (CLEAN_SECONDS, clean),
            "erase": (
                ERASE_SECONDS,
                lambda: erase_some(engine, settings.retention, lambda: fetching.services, utc_now(), most=ERASE_MOST),
            ),
            "daily": (
                DAILY_SECONDS,
                lambda: list_what_is_due(engine, utc_now(), manner_of(settings, keeper.current().calendar)),
            ),
            "rekey": (REKEY_SECONDS, lambda: rekey(engine, keyring, most=REKEY_MOST)),
            "remask": (REMASK_SECONDS, lambda: remask(engine, keyring, most=REMASK_MOST)),
            "deliver": (DELIVER_SECONDS, lambda: deliver(engine, keyring, settings, utc_now)),
            "reclock": (RECLOCK_SECONDS, lambda: reclock(engine, keyring, keeper.current(), bodies, most=RECLOCK_MOST)),
            "inbox": (INBOX_SECONDS, fetching.inbox),
            "pull": (PULL_SECONDS, fetching.pull),
        }
        schedule(jobs, stop)
        engine.dispose()


def manner_of(settings: Settings, calendar: Calendar) -> Manner:
    """How this deployment announces, by the calendar as it is at this moment."""
    return Manner(calendar, outlets_in_use(settings), timedelta(minutes=settings.digest_minutes))


def schedule(jobs: dict[str, tuple[int, Callable[[], object]]], stop: threading.Event) -> None:
    """Run each job at once and then every so many seconds until `stop` is set; a job never overlaps itself."""
    scheduler = BackgroundScheduler(timezone=SHANGHAI)
    for name, (seconds, job) in jobs.items():
        run, beside = _guarded(name, job), {"next_run_time": utc_now()} if name in AFAR else {}
        if not beside:
            run()
        scheduler.add_job(run, "interval", seconds=seconds, max_instances=1, coalesce=True, **beside)
    scheduler.start()
    stop.wait()
    scheduler.shutdown(wait=True)


def _guarded(name: str, job: Callable[[], object]) -> Callable[[], None]:
    def run_once() -> None:
        try:
            job()
        except Exception as error:  # noqa: BLE001 - one failed sweep must not end the process; the next one tries again.
            log.error("job_failed job=%s type=%s", name, type(error).__name__)  # noqa: TRY400 - a trace could hold data.

    return run_once


@contextmanager
def _alone(path: Path, stop: threading.Event) -> Iterator[None]:
    """Hold the lock file, waiting for it where another scheduler runs; the system frees it when that one dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        while not stop.is_set():
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                stop.wait(LOCK_POLL_SECONDS)
        yield
