"""Versions of the calendar and of policies in the database, as lists show them and as clocks are reckoned by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.casework.rule_assembly import StoredRule
from hotline.store.tables import RULE_VERSION

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A version as lists show it."""

    kind: str
    version: int
    subject: str
    office_id: str | None
    region: str
    effective_from: date
    content: str
    digest: str
    adopted_by: str
    adopted_at: datetime
    note: str
    trial: dict[str, Any] = field(hash=False)
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_note: str = ""


LINE_COLUMNS = [RULE_VERSION.c[name] for name in RuleLine.__dataclass_fields__]
_STORED = [RULE_VERSION.c[name] for name in StoredRule.__dataclass_fields__]


def stored_rules(session: Session) -> tuple[StoredRule, ...]:
    """Every version that was not taken back."""
    statement = select(*_STORED).where(RULE_VERSION.c.withdrawn_at.is_(None))
    rows = session.execute(statement.order_by(RULE_VERSION.c.kind, RULE_VERSION.c.version)).mappings()
    return tuple(StoredRule(**row) for row in rows)


def rule_lines(session: Session, office_id: str, kind: str, subject: str | None = None) -> tuple[RuleLine, ...]:
    """The versions of a kind that concern an office, the newest first: its own and those of no office."""
    statement = select(*LINE_COLUMNS).where(
        RULE_VERSION.c.kind == kind,
        (RULE_VERSION.c.office_id == office_id) | RULE_VERSION.c.office_id.is_(None),
    )
    if subject is not None:
        statement = statement.where(RULE_VERSION.c.subject == subject)
    rows = session.execute(statement.order_by(RULE_VERSION.c.version.desc())).mappings()
    return tuple(RuleLine(**row) for row in rows)
