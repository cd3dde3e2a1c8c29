"""Rows of what hangs on a case beside its legs: transfers, joint action, assistance; and marks of possible crime."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from hotline.store.types import UTCDateTime

_OPEN = text("closed_at IS NULL")
_WAITING = text("answered_at IS NULL")


class MatterRow(SQLModel, table=True):
    """移送, 联合执法, 协查, as the case's events make it; `asker` is a body's id, empty for the office itself."""

    __tablename__ = "matter"
    __table_args__ = (
        Index("ix_matter_case", "case_id"),
        Index("ix_matter_office", "office_id", "opened_at", "id"),
        Index("ix_matter_asker", "asker", "opened_at", "id"),
        Index("ix_matter_open", "asker", "state", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: str = Field(primary_key=True)
    case_id: str = Field(foreign_key="case_file.id")
    office_id: str = Field(foreign_key="office.id")
    kind: str
    state: str
    asker: str
    opened_at: datetime = Field(sa_type=UTCDateTime)
    copied_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class MatterPartyRow(SQLModel, table=True):
    """Who was asked: a body of the directory, or by `name` one outside; `clock_id` is the clock of its answer."""

    __tablename__ = "matter_party"
    __table_args__ = (
        Index("ix_matter_party_body", "body_id", "asked_at", "matter_id"),
        Index("ix_matter_party_waiting", "body_id", "matter_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    matter_id: str = Field(primary_key=True, foreign_key="matter.id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    body_id: str
    name: str
    asked_at: datetime = Field(sa_type=UTCDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    answer: str
    clock_id: str


class CaseFlagRow(SQLModel, table=True):
    """可能涉罪: a rule that a case meets; `level` 2 is met, 1 is near; `mark` sorts by level and names the crime."""

    __tablename__ = "case_flag"

    case_id: str = Field(primary_key=True, foreign_key="case_file.id")
    rule: str = Field(primary_key=True)
    level: int
    mark: str
    body: dict[str, Any] = Field(sa_type=JSON)
