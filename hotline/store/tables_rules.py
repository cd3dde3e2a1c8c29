"""Rows of the rules that a deployment changes: versions of plans, the stamps that workers watch, and focus marks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from hotline.store.types import UTCDateTime


class PlanVersionRow(SQLModel, table=True):
    """One version of a plan file, never edited. `office_id` null serves all; an empty `content` ends the plan.

    `replay` is what the replay before adoption found. A version may be taken back (`withdrawn_at`) before its day.
    """

    __tablename__ = "plan_version"

    plan_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    office_id: str | None = Field(default=None, foreign_key="office.id")
    effective_from: date
    content: str
    digest: str
    uploaded_by: str | None = None
    uploaded_at: datetime = Field(sa_type=UTCDateTime)
    note: str = ""
    replay: dict[str, Any] = Field(sa_type=JSON)
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    withdrawn_note: str = ""


class RuleVersionRow(SQLModel, table=True):
    """One change of the calendar (`kind` calendar) or of a time limit (policy), never edited.

    `subject` is the year, `bands` or the policy's id; `region` is empty where it serves every place, `office_id` null
    where it serves every office. A version may be taken back (`withdrawn_at`).
    """

    __tablename__ = "rule_version"

    kind: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    subject: str
    office_id: str | None = Field(default=None, foreign_key="office.id")
    region: str = ""
    effective_from: date
    content: str
    digest: str
    adopted_by: str
    adopted_at: datetime = Field(sa_type=UTCDateTime)
    note: str = ""
    trial: dict[str, Any] = Field(sa_type=JSON)
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    withdrawn_note: str = ""


class RulesStampRow(SQLModel, table=True):
    """A number per kind of rule (`plans`, …) that grows with each change: what a worker compares to its own."""

    __tablename__ = "rules_stamp"

    name: str = Field(primary_key=True)
    value: int


class CaseFocusRow(SQLModel, table=True):
    """A focus (专项整治) that a case falls under; `code` is what lists are filtered by."""

    __tablename__ = "case_focus"
    __table_args__ = (Index("ix_case_focus_code", "code", "case_id"),)

    case_id: str = Field(primary_key=True, foreign_key="case_file.id")
    code: str = Field(primary_key=True)
    plan: str
    plan_version: int
    clause: str
    name: str
    because: str
