"""Rows of what is told: lines of digests, messages that leave the house, the addresses they go to, the last sweep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from hotline.store.types import UTCDateTime

_WAITING = text("next_try_at IS NOT NULL")


class DigestLineRow(SQLModel, table=True):
    """One stage of one clock in a digest (a `notice`). `missed` are stages that passed unannounced before it.

    No foreign keys: a sweep writes thousands of lines, and PostgreSQL would lock each case's row for them.
    """

    __tablename__ = "digest_line"
    __table_args__ = (
        Index("ix_digest_line_notice", "notice_id", "id"),
        UniqueConstraint("dedupe", name="uq_digest_line_dedupe"),
    )

    id: str = Field(primary_key=True)
    notice_id: str
    clock_id: str
    case_id: str
    stage: str
    missed: str = ""
    code: str
    due_at: datetime = Field(sa_type=UTCDateTime)
    at: datetime = Field(sa_type=UTCDateTime)
    dedupe: str


class OutboxRow(SQLModel, table=True):
    """One message to one recipient over one channel; its id is the Message-ID or the event id, also when repeated.

    The recipient is a body of the office (`body_id`), or with it empty one `role` of the office's desk. `next_try_at`
    is null where nothing is to be done any more.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_office", "office_id", "id"),
        Index("ix_outbox_recipient", "office_id", "body_id", "role", "channel", "id"),
        Index("ix_outbox_waiting", "next_try_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: str = Field(primary_key=True)
    channel: str
    office_id: str = Field(foreign_key="office.id")
    body_id: str = ""
    role: str = ""
    state: str
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    created_at: datetime = Field(sa_type=UTCDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    problem: str = ""
    payload: dict[str, Any] = Field(sa_type=JSON)


class ContactRow(SQLModel, table=True):
    """Where messages to a recipient go over one channel. A webhook's `secret` is sealed under the data key."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("office_id", "body_id", "role", "channel", name="uq_contact_recipient"),)

    id: str = Field(primary_key=True)
    office_id: str = Field(foreign_key="office.id")
    body_id: str = ""
    role: str = ""
    channel: str
    address: str
    secret: bytes | None = None
    updated_at: datetime = Field(sa_type=UTCDateTime)


class SweepMarkRow(SQLModel, table=True):
    """The latest moment at which something was announced: a sweep before it means that the clock was moved back."""

    __tablename__ = "sweep_mark"

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
