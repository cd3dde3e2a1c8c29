"""Gunicorn's settings: the program is loaded once and shared, connections are opened per worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.forked import settle

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


def post_fork(_server: Arbiter, worker: Worker) -> None:
    """Forget the connections opened before the fork: two processes must never share one."""
    services = worker.app.wsgi().extensions["hotline"]
    services.engine.dispose(close=False)
    settle()
