"""督办 and 催办 as lists: when asked, of whom, by when, and whether the reply came in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, text

from hotline.store.tables import CASE, CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlmodel import Session

SUPERVISED, REMINDED = "H-SUPERVISE", "H-REPLY"
MOST = 500
# Written out, not bound: SQLite takes a partial index only for the very condition it was made with.
_DEMANDS = text("clock.policy IN ('H-SUPERVISE', 'H-REPLY')")


@dataclass(frozen=True, slots=True)
class DemandLine:
    """One demand; `stopped_at` is the reply, the lead's 办结 or the closing of the case."""

    case_id: str
    number: str
    state: str
    policy: str
    body_id: str | None
    started_at: datetime
    due_at: datetime
    breach_at: datetime
    warn_at: datetime
    stopped_at: datetime | None

    def late(self, now: datetime) -> bool:
        """Whether the reply is overdue, or came late."""
        return (self.stopped_at or now) > self.breach_at


@dataclass(frozen=True, slots=True)
class DemandCount:
    """What one body was asked: `asked` = `in_time` + `late` + `waiting`; `late` counts open overdue ones too."""

    body_id: str | None
    asked: int
    in_time: int
    late: int
    waiting: int


def demand_lines(session: Session, office_id: str, since: datetime) -> tuple[DemandLine, ...]:
    """The office's demands that are open or were made since then: the open ones by deadline, then the newest."""
    columns = [CLOCK.c[name] for name in ("case_id", "policy", "body_id", "started_at")]
    columns += [CLOCK.c[name] for name in ("due_at", "breach_at", "warn_at", "stopped_at")]
    statement = (
        select(*columns, CASE.c.number, CASE.c.state)
        .select_from(CLOCK.join(CASE, CASE.c.id == CLOCK.c.case_id))
        .where(_DEMANDS, CLOCK.c.office_id == office_id)
        .where(or_(CLOCK.c.stopped_at.is_(None), CLOCK.c.started_at >= since))
        .order_by(CLOCK.c.started_at.desc(), CLOCK.c.id)
        .limit(MOST)
    )
    found = [DemandLine(**row) for row in session.execute(statement).mappings()]
    waiting = sorted((line for line in found if line.stopped_at is None), key=lambda line: line.breach_at)
    return (*waiting, *(line for line in found if line.stopped_at is not None))


def demand_counts(lines: Iterable[DemandLine], now: datetime) -> tuple[DemandCount, ...]:
    """The same by body, the one with the most late replies first."""
    by_body: dict[str | None, list[DemandLine]] = {}
    for line in lines:
        by_body.setdefault(line.body_id, []).append(line)
    counts = []
    for body_id, mine in by_body.items():
        late = sum(line.late(now) for line in mine)
        waiting = sum(line.stopped_at is None and not line.late(now) for line in mine)
        counts.append(DemandCount(body_id, len(mine), len(mine) - late - waiting, late, waiting))
    return tuple(sorted(counts, key=lambda count: (-count.late, -count.asked, count.body_id or "")))
