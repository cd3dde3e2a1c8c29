"""How often a token may come: counted in the database for all workers, which take their share in small lots.

A lot is counted when it is taken, so that all workers together never let more through than the limit; a busy token
costs one write in a thousand requests and not one in each. What is left of a lot ends with its minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from flask import current_app

from hotline.store.attempts import count_attempt
from hotline.web.context import now, services

if TYPE_CHECKING:
    from datetime import datetime

PER_MINUTE = 60_000
"""A call centre that hands on its backlog needs hundreds a second; a loop gone wild is stopped within the minute."""
WINDOW = timedelta(minutes=1)
LOTS = 60
"""Into how many lots a minute's requests are cut."""
EXTENSION = "hotline.api.rates"


@dataclass(slots=True)
class Shares:
    """What this worker has left of the present minute, by token."""

    minute: int = 0
    left: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def take(self, minute: int, key: str) -> bool:
        """Use one request of a lot that was taken before, if any is left."""
        with self.lock:
            if minute != self.minute:
                self.minute, self.left = minute, {}
            rest = self.left.get(key, 0)
            self.left[key] = max(rest - 1, 0)
            return rest > 0

    def add(self, minute: int, key: str, count: int) -> None:
        """Keep what is left of a new lot."""
        with self.lock:
            if minute == self.minute:
                self.left[key] = self.left.get(key, 0) + count


def seconds_to_wait(token_id: str) -> int | None:
    """None where the request may pass, else the seconds until the next minute."""
    moment, shares = now(), _shares()
    minute = int(moment.timestamp() // WINDOW.total_seconds())
    if shares.take(minute, token_id):
        return None
    lot = max(PER_MINUTE // LOTS, 1)
    key = services().keyring.sign(f"api|token|{token_id}".encode())
    counted = count_attempt(services().engine, key, moment, WINDOW, times=lot)
    granted = min(lot, PER_MINUTE - (counted - lot))
    if granted < 1:
        return _rest(moment)
    shares.add(minute, token_id, granted - 1)
    return None


def _rest(moment: datetime) -> int:
    seconds = int(WINDOW.total_seconds())
    return seconds - int(moment.timestamp()) % seconds


def _shares() -> Shares:
    shares: Shares = current_app.extensions.setdefault(EXTENSION, Shares())
    return shares
