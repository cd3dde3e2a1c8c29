"""The scheduler's two jobs. What they need of the program is built at the first file or page, and then kept."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from hotline.fetching.inbox import Watch, take_files
from hotline.fetching.pulling import pull_all
from hotline.wiring import build_services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hotline.services import Services
    from hotline.settings import Settings

INBOX_SECONDS = 5
PULL_SECONDS = 5
"""How often it is looked whether a source's own interval has passed."""


class Fetching:
    """Holds the services of the scheduler's process, and what was seen in the watched folder."""

    def __init__(self, settings: Settings, services: Services | None = None) -> None:
        """Build nothing yet."""
        self._settings, self._given, self._watch = settings, services, Watch()

    @cached_property
    def services(self) -> Services:
        """Those given, or built at the first use."""
        return self._given or build_services(self._settings)

    def inbox(self) -> int:
        """Take the complete files of the watched folder."""
        folder = self._settings.inbox
        if folder is None or not folder.is_dir() or not any(folder.iterdir()):
            return 0
        with _alone(self._settings.var / "inbox.lock") as free:
            self.services.refresh_rules()
            return take_files(self.services, folder, self._watch) if free else 0

    def pull(self) -> int:
        """Ask the sources whose time has come."""
        path = self._settings.pull
        if path is None:
            return 0
        with _alone(self._settings.var / "pull.lock") as free:
            self.services.refresh_rules()
            return pull_all(self.services, path) if free else 0


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Whether nobody else is at it; the system frees the lock when a process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
