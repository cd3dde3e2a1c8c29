"""Rows about informers: codes to follow a case by, requests to unseal, what was erased, how far re-encryption came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from hotline.store.types import UTCDateTime


class FollowCodeRow(SQLModel, table=True):
    """The code that an informer follows a case by, kept as a keyed digest; a new one replaces the old."""

    __tablename__ = "follow_code"
    __table_args__ = (Index("ix_follow_code_case", "case_id"),)

    complaint_id: str = Field(primary_key=True, foreign_key="complaint.id")
    case_id: str = Field(foreign_key="case_file.id")
    code_hash: str
    issued_at: datetime = Field(sa_type=UTCDateTime)
    issued_by: str


class UnsealingRow(SQLModel, table=True):
    """启封申请: who wants to look at a report's informer, and what the second person said. Events are the truth."""

    __tablename__ = "unsealing"
    __table_args__ = (
        Index("ix_unsealing_office", "office_id", "asked_at", "id"),
        Index("ix_unsealing_case", "case_id", "id"),
    )

    id: str = Field(primary_key=True)
    case_id: str = Field(foreign_key="case_file.id")
    office_id: str = Field(foreign_key="office.id")
    asker_id: str
    why: str
    asked_at: datetime = Field(sa_type=UTCDateTime)
    decider_id: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    granted: bool | None = None


class ErasureRow(SQLModel, table=True):
    """That one part of a case's personal data was deleted for good, under which version of the rules."""

    __tablename__ = "erasure"

    case_id: str = Field(primary_key=True, foreign_key="case_file.id")
    part: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    rules: str


class RekeyMarkRow(SQLModel, table=True):
    """How far the re-encryption of one table came, towards which key; a killed run goes on from here."""

    __tablename__ = "rekey_mark"

    name: str = Field(primary_key=True)
    target: str
    last_id: str
