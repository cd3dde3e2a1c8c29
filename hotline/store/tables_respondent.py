"""What a respondent is found again by, so that repeats come from an index and not from a scan."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from hotline.store.types import UTCDateTime


class RespondentKeyRow(SQLModel, table=True):
    """One key (`intake.respondents`) of one complaint's respondent."""

    __tablename__ = "respondent_key"
    __table_args__ = (
        Index("ix_respondent_key_complaint", "complaint_id"),
        Index("ix_respondent_key_recent", "office_id", "received_at"),
    )

    office_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    complaint_id: str = Field(primary_key=True, foreign_key="complaint.id")
    received_at: datetime = Field(sa_type=UTCDateTime)
