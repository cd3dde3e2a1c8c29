"""Rows of what other systems do here: what a body wants to hear, and which cases the public may find."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from hotline.store.types import UTCDateTime


class SubscriptionRow(SQLModel, table=True):
    """The kinds of events that a body's webhook is told of; the address and the secret stand in `contact`."""

    __tablename__ = "subscription"

    office_id: str = Field(primary_key=True, foreign_key="office.id")
    body_id: str = Field(primary_key=True)
    events: list[Any] = Field(sa_type=JSON)
    updated_at: datetime = Field(sa_type=UTCDateTime)


class ReleasedCaseRow(SQLModel, table=True):
    """A case whose category, district, state and dates the public may read (Open311); its events are the truth."""

    __tablename__ = "released_case"

    case_id: str = Field(primary_key=True, foreign_key="case_file.id")
    office_id: str
    released_at: datetime = Field(sa_type=UTCDateTime)
