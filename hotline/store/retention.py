"""保存期限: which parts of which closed cases are due, and which refused records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from hotline.store.retention_rules import PARTS, Rules
from hotline.store.tables import CASE, ERASURE, QUARANTINE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Due:
    """A case whose parts have outlived their time."""

    case_id: str
    number: str
    office_id: str
    kind: str
    parts: tuple[str, ...]


def due_cases(session: Session, rules: Rules, now: datetime) -> Iterator[Due]:
    """Every case with a part that is due and not erased yet, by id."""
    done = {(row.case_id, row.part) for row in session.execute(select(ERASURE.c.case_id, ERASURE.c.part))}
    first = now - timedelta(days=min(rules.days.values()))
    columns = (CASE.c.id, CASE.c.number, CASE.c.office_id, CASE.c.kind, CASE.c.closed_at)
    for row in session.execute(select(*columns).where(CASE.c.closed_at <= first).order_by(CASE.c.id)):
        parts = tuple(
            part
            for part in PARTS
            if (row.kind, part) in rules.days
            and row.closed_at + timedelta(days=rules.days[row.kind, part]) <= now
            and (row.id, part) not in done
        )
        if parts:
            yield Due(row.id, row.number, row.office_id, row.kind, parts)


def quarantine_due(session: Session, rules: Rules, now: datetime) -> int:
    """How many refused records were dealt with longer ago than they may stay."""
    wanted = select(func.count()).select_from(QUARANTINE).where(_old(rules, now))
    return int(session.execute(wanted).scalar_one())


def erase_quarantine(session: Session, rules: Rules, now: datetime) -> int:
    """Delete them; tell how many there were."""
    return len(session.execute(delete(QUARANTINE).where(_old(rules, now)).returning(QUARANTINE.c.id)).all())


def _old(rules: Rules, now: datetime) -> Any:  # noqa: ANN401 - SQLAlchemy's condition.
    return QUARANTINE.c.resolved_at <= now - timedelta(days=rules.quarantine)
