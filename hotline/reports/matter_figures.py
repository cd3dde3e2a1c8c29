"""移送, 联合执法 and 协查 counted by body: asked, answered, in time, late, and those that wait past their deadline."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.store.tables import CLOCK, MATTER, MATTER_PARTY

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class MatterFigure:
    """One body (or one outside the directory, by name) and one kind of matter."""

    kind: str
    body_id: str
    name: str
    asked: int
    answered: int
    in_time: int
    late: int
    waiting_late: int


def matter_figures(
    session: Session,
    office_id: str,
    now: datetime,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[MatterFigure, ...]:
    """The figures of an office's matters that were asked in [since, until), by kind and body.

    An answer is late where it came after the deadline of its clock (`matter_party.clock_id`); one that was withdrawn
    or ended unanswered counts as asked only.
    """
    joined = MATTER_PARTY.join(MATTER, MATTER.c.id == MATTER_PARTY.c.matter_id)
    joined = joined.outerjoin(CLOCK, CLOCK.c.id == MATTER_PARTY.c.clock_id)
    columns = (MATTER.c.kind, MATTER_PARTY.c.body_id, MATTER_PARTY.c.name, MATTER_PARTY.c.answered_at)
    statement = select(*columns, CLOCK.c.breach_at, CLOCK.c.stopped_at).select_from(joined)
    statement = statement.where(MATTER.c.office_id == office_id)
    if since is not None:
        statement = statement.where(MATTER_PARTY.c.asked_at >= since)
    if until is not None:
        statement = statement.where(MATTER_PARTY.c.asked_at < until)
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    for row in session.execute(statement):
        found = counts.setdefault((row.kind, row.body_id, row.name), Counter())
        found["asked"] += 1
        if row.answered_at is not None:
            found["answered"] += 1
            found["late" if row.breach_at is not None and row.answered_at > row.breach_at else "in_time"] += 1
        elif row.breach_at is not None and row.stopped_at is None and row.breach_at < now:
            found["waiting_late"] += 1
    return tuple(_figure(key, counts[key]) for key in sorted(counts))


def _figure(key: tuple[str, str, str], found: Counter[str]) -> MatterFigure:
    return MatterFigure(
        *key,
        asked=found["asked"],
        answered=found["answered"],
        in_time=found["in_time"],
        late=found["late"],
        waiting_late=found["waiting_late"],
    )
