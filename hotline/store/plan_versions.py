"""Versions of plans in the database, as lists show them and as routing reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.errors import NotFoundError
from hotline.store.tables import PLAN_VERSION

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version without its text: what lists show."""

    plan_id: str
    version: int
    office_id: str | None
    effective_from: date
    digest: str
    uploaded_by: str | None
    uploaded_at: datetime
    note: str
    replay: dict[str, Any] = field(hash=False)
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_note: str = ""

    @property
    def ends(self) -> bool:
        """Whether it ends the plan and brings no new wording."""
        return not self.digest


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """What routing needs of a version; an empty `content` ends the plan."""

    plan_id: str
    version: int
    office_id: str | None
    effective_from: date
    content: str


_LINE = [PLAN_VERSION.c[name] for name in VersionLine.__dataclass_fields__]
_STORED = [PLAN_VERSION.c[name] for name in StoredVersion.__dataclass_fields__]


def version_lines(session: Session, plan_id: str | None, office_id: str) -> tuple[VersionLine, ...]:
    """The versions of one plan, or of all, that concern an office: the shipped ones and its own, the oldest first."""
    statement = select(*_LINE).where((PLAN_VERSION.c.office_id == office_id) | PLAN_VERSION.c.office_id.is_(None))
    if plan_id is not None:
        statement = statement.where(PLAN_VERSION.c.plan_id == plan_id)
    rows = session.execute(statement.order_by(PLAN_VERSION.c.plan_id, PLAN_VERSION.c.version)).mappings()
    return tuple(VersionLine(**row) for row in rows)


def version_text(session: Session, plan_id: str, version: int, office_id: str) -> str:
    """The file of one version that concerns an office.

    Raises:
        NotFoundError: There is none, or it ends the plan and has no file.
    """
    statement = select(PLAN_VERSION.c.content).where(
        PLAN_VERSION.c.plan_id == plan_id,
        PLAN_VERSION.c.version == version,
        (PLAN_VERSION.c.office_id == office_id) | PLAN_VERSION.c.office_id.is_(None),
    )
    found = session.execute(statement).scalar()
    if not found:
        message = "没有这个版本的方案文件，请从方案页面重新打开。"
        raise NotFoundError(message)
    return str(found)


def stored_versions(session: Session) -> tuple[StoredVersion, ...]:
    """Every version of every office that was not taken back, for the rulebook."""
    statement = select(*_STORED).where(PLAN_VERSION.c.withdrawn_at.is_(None))
    rows = session.execute(statement.order_by(PLAN_VERSION.c.plan_id, PLAN_VERSION.c.version)).mappings()
    return tuple(StoredVersion(**row) for row in rows)
