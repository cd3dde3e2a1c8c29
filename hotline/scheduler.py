"""The scheduler process: sweeps clocks, seals events, forgets dead sessions. It announces and changes no case.

One process per deployment: a lock file keeps a second one on the same machine waiting. Even two at once would announce
each stage once, because the database decides that.
"""

from __future__ import annotations

import fcntl
import logging
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler

from hotline.announcing import sweep
from hotline.moments import SHANGHAI, utc_now
from hotline.store.accounts import forget_dead_sessions
from hotline.store.crypto import load_keyring
from hotline.store.engine import open_engine, write_transaction
from hotline.store.sealing import seal_pending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hotline.settings import Settings

SEAL_SECONDS = 60
CLEAN_SECONDS = 3600
LOCK_POLL_SECONDS = 1.0
log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Run until told to stop. Every job catches its own failure, logs it by name and is tried again in its turn."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    with _alone(settings.var / "scheduler.lock", stop):
        if stop.is_set():
            return
        engine, keyring = open_engine(settings.database_url), load_keyring(settings.keys)

        def clean() -> None:
            with write_transaction(engine) as session:
                forget_dead_sessions(session, utc_now())

        jobs: dict[str, tuple[int, Callable[[], object]]] = {
            "sweep": (settings.sweep_seconds, lambda: sweep(engine, utc_now())),
            "seal": (SEAL_SECONDS, lambda: seal_pending(engine, keyring, utc_now(), settings.seals)),
            "clean": (CLEAN_SECONDS, clean),
        }
        schedule(jobs, stop)
        engine.dispose()


def schedule(jobs: dict[str, tuple[int, Callable[[], object]]], stop: threading.Event) -> None:
    """Run each job at once and then every so many seconds until `stop` is set; a job never overlaps itself."""
    scheduler = BackgroundScheduler(timezone=SHANGHAI)
    for name, (seconds, job) in jobs.items():
        _guarded(name, job)()
        scheduler.add_job(_guarded(name, job), "interval", seconds=seconds, max_instances=1, coalesce=True)
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
