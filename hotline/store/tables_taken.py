"""Rows of what the hotline fetches by itself: the ledger of files taken, and how far each source was pulled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hotline.store.types import UTCDateTime


class TakenFileRow(SQLModel, table=True):
    """One file or one page of a source, known by a keyed digest of its content, so that it is never taken twice."""

    __tablename__ = "taken_file"
    __table_args__ = (
        UniqueConstraint("office_id", "channel", "digest", name="uq_taken_file_digest"),
        Index("ix_taken_file_office", "office_id", "begun_at", "id"),
    )

    id: str = Field(primary_key=True)
    office_id: str = Field(foreign_key="office.id")
    channel: str
    way: str
    name: str
    digest: str
    state: str
    begun_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    problem: str = ""


class PullStateRow(SQLModel, table=True):
    """How far a source was read (`cursor`, the source's own words), when it was asked last, and what was wrong."""

    __tablename__ = "pull_state"

    office_id: str = Field(primary_key=True, foreign_key="office.id")
    channel: str = Field(primary_key=True)
    cursor: str = ""
    asked_at: datetime = Field(sa_type=UTCDateTime)
    problem: str = ""
