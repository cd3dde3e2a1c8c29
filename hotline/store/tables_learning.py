"""Rows to learn from: what the model said of each case, and what people decided about it, made from the events."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from hotline.store.types import UTCDateTime

_UNDECIDED = text("decided_at IS NULL")


class ModelGuessRow(SQLModel, table=True):
    """The model's first guess about a case and, once a person has decided, the newest decision."""

    __tablename__ = "model_guess"
    __table_args__ = (
        Index("ix_model_guess_week", "office_id", "at"),
        Index("ix_model_guess_decided", "office_id", "decided_at"),
        Index(
            "ix_model_guess_uncertain",
            "office_id",
            "confidence",
            "case_id",
            sqlite_where=_UNDECIDED,
            postgresql_where=_UNDECIDED,
        ),
    )

    case_id: str = Field(primary_key=True)
    office_id: str
    at: datetime = Field(sa_type=UTCDateTime)
    model_version: str
    category: str
    setting: str
    confidence: float
    setting_confidence: float
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    decided_category: str | None = None
    decided_setting: str | None = None


class DeskVerdictRow(SQLModel, table=True):
    """One decision of a person about category and setting; `agrees` where it confirms the model's guess."""

    __tablename__ = "desk_verdict"
    __table_args__ = (
        Index("ix_desk_verdict_office", "office_id", "agrees", "at", "event_id"),
        Index("ix_desk_verdict_case", "case_id", "at"),
    )

    event_id: str = Field(primary_key=True, foreign_key="case_event.id")
    case_id: str
    office_id: str
    at: datetime = Field(sa_type=UTCDateTime)
    actor_id: str
    actor_role: str
    category: str
    setting: str
    agrees: bool
