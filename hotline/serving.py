"""`hotline serve`: checks the installation, then runs gunicorn and the scheduler and keeps the scheduler alive."""

from __future__ import annotations

import ipaddress
import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError
from hotline.preparing import open_store
from hotline.store.accounts import has_demo_accounts
from hotline.wiring import build_services

if TYPE_CHECKING:
    from types import FrameType

    from hotline.settings import Settings

RESTART_PAUSE_SECONDS = 1.0
STOP_SECONDS = 15
log = logging.getLogger(__name__)


@dataclass
class _Wish:
    """Whether somebody asked the whole program to stop; a signal handler can set no local variable."""

    stop: bool = False


def serve(settings: Settings) -> int:
    """Check everything that can be wrong before the first request, then run until told to stop.

    Raises:
        KeyringError, SchemaError, ModelError, PlanError: The installation may not be served; the message says why.
        InvalidInputError: Demo accounts exist and the address is not loopback.
    """
    with open_store(settings) as engine:
        if has_demo_accounts(engine) and not loopback(settings.host):
            message = "库中有演示账号，只能监听本机地址（127.0.0.1）。请先停用演示账号，或改回 HOTLINE_HOST。"
            raise InvalidInputError(message)
    # Model, plans and keys are tried here once, so that a fault is one sentence and not a worker's trace.
    build_services(settings).engine.dispose()
    wish = _Wish()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        wish.stop = True

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    web, scheduler = _start_web(settings), _start_scheduler()
    try:
        while not wish.stop and web.poll() is None:
            if scheduler.poll() is not None:
                log.warning("scheduler_restarted exit_code=%s", scheduler.returncode)
                time.sleep(RESTART_PAUSE_SECONDS)
                scheduler = _start_scheduler()
            time.sleep(0.2)
    finally:
        _stop(web)
        _stop(scheduler)
    return 0 if wish.stop else 1


def loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _start_web(settings: Settings) -> subprocess.Popen[bytes]:
    command = [
        *(sys.executable, "-m", "gunicorn", "--config", "python:hotline.web.gunicorn_config"),
        *("--bind", f"{settings.host}:{settings.port}", "--workers", str(settings.workers)),
        "hotline.web.wsgi:application()",
    ]
    return subprocess.Popen(command, env=os.environ)  # noqa: S603 - our own interpreter and fixed arguments.


def _start_scheduler() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "hotline", "scheduler"]
    return subprocess.Popen(command, env=os.environ)  # noqa: S603 - our own interpreter and fixed arguments.


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
