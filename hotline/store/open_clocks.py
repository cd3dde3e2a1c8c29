"""The clocks that run on the legs of a body's queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, select

from hotline.store.dialect import among_given, is_postgresql
from hotline.store.queue_tabs import BODY
from hotline.store.tables import CLOCK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlmodel import Session


class OpenClock(NamedTuple):
    """A clock that has not ended, as a list shows it; `leg_id` is None for the clock of the whole case."""

    id: str
    policy: str
    leg_id: str | None
    due_at: datetime
    breach_at: datetime
    warn_at: datetime
    paused_since: datetime | None

    def running(self) -> bool:
        """Whether it is not suspended."""
        return self.paused_since is None

    def overdue(self, now: datetime) -> bool:
        """Whether the deadline has passed at `now`, or had passed when the clock was suspended."""
        return (self.paused_since or now) > self.breach_at


_CLOCKS = {
    on_postgresql: select(CLOCK.c.case_id, *(CLOCK.c[name] for name in OpenClock._fields))
    .where(CLOCK.c.body_id == BODY, among_given(CLOCK.c.case_id, "cases", on_postgresql=on_postgresql))
    .where(CLOCK.c.stopped_at.is_(None))
    for on_postgresql in (False, True)
}
_TITLES = select(CLOCK.c.id, CLOCK.c.body["title"].as_string()).where(
    CLOCK.c.id.in_(bindparam("clocks", expanding=True))
)


def open_clocks(session: Session, body_id: str, case_ids: Iterable[str]) -> dict[str, tuple[OpenClock, ...]]:
    """By case, the clocks that the body must keep and that have not ended, the nearest deadline first.

    The clock of the whole case (办结) is the lead body's and names no leg. The clocks' bodies are not read.
    """
    found: dict[str, list[OpenClock]] = {}
    for row in session.execute(_CLOCKS[is_postgresql(session)], {"body": body_id, "cases": list(case_ids)}).all():
        found.setdefault(row[0], []).append(OpenClock._make(row[1:]))
    # Few in each case: a database would sort those of all cases together.
    return {
        case_id: tuple(sorted(clocks, key=lambda each: (each.due_at, each.id))) for case_id, clocks in found.items()
    }


def clock_titles(session: Session, clock_ids: Collection[str]) -> dict[str, str]:
    """The titles of these clocks by id, as they stood when the clocks were reckoned."""
    if not clock_ids:
        return {}
    rows = session.execute(_TITLES, {"clocks": list(clock_ids)})
    return {row[0]: row[1] for row in rows}
