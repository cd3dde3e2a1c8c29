"""Gunicorn's settings: the program is loaded once and shared, connections are opened per worker."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

worker_class = "gthread"
threads = 4
preload_app = True
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "warning"
timeout = 60
graceful_timeout = 15
max_requests = 20000
max_requests_jitter = 2000


YOUNG = 50_000
"""Objects between two looks for cycles. A registration makes thousands and hardly a cycle; the default of 700 spends a
tenth of its processor time on looking."""


def post_fork(_server: Arbiter, worker: Worker) -> None:
    """Forget the connections opened before the fork: two processes must never share one.

    Model and directory stay for good and are not looked through for garbage any more.
    """
    services = worker.app.wsgi().extensions["hotline"]
    services.engine.dispose(close=False)
    gc.freeze()
    gc.set_threshold(YOUNG)
