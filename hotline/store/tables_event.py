"""Rows of the event chains: events, their free texts, the seals over them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hotline.store.types import UTCDateTime


class EventRow(SQLModel, table=True):
    """One event of a stream (a case, a plan, an account, the model). `data` is canonical JSON: ids and codes only."""

    __tablename__ = "case_event"
    __table_args__ = (
        UniqueConstraint("stream", "seq", name="uq_case_event_stream_seq"),
        # Finds what is not sealed yet too: null is a value of the index on both databases.
        Index("ix_case_event_seal", "seal_id", "stream", "seq"),
    )

    id: str = Field(primary_key=True)
    stream: str
    seq: int
    action: str
    actor_id: str
    actor_role: str
    at: datetime = Field(sa_type=UTCDateTime)
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    data: str
    text_digest: str | None = None
    hmac: str
    prev_hmac: str
    seal_id: int | None = None


class EventTextRow(SQLModel, table=True):
    """An event's free text, sealed, with the salt of its digest: without this row nothing of the text is left."""

    __tablename__ = "event_text"

    event_id: str = Field(primary_key=True, foreign_key="case_event.id")
    salt: bytes
    content: bytes


class SealRow(SQLModel, table=True):
    """One root over the events sealed together and the seal before; `ranges` tells which stretch of each stream."""

    __tablename__ = "seal"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UTCDateTime)
    count: int
    ranges: str
    root: str
    prev_root: str
    hmac: str
