"""Rows of those who work here: offices, bodies, accounts, sessions, limits, channel tokens, key checks, counters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from hotline.store.types import UTCDateTime


class OfficeRow(SQLModel, table=True):
    """A leading-group office: it owns cases, accounts, numbers and quarantine. `overrides` changes hotline clocks."""

    __tablename__ = "office"

    id: str = Field(primary_key=True)
    name: str
    region: str
    plan_id: str
    number_prefix: str = Field(unique=True)
    auto_dispatch: bool = False
    overrides: list[Any] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=UTCDateTime)


class BodyRow(SQLModel, table=True):
    """A body of the directory, identified by place and office, with the days between which it existed."""

    __tablename__ = "body"

    id: str = Field(primary_key=True)
    name: str
    region: str | None = None
    type: str
    since: date | None = None
    until: date | None = None


class AccountRow(SQLModel, table=True):
    """A person's account. `password_hash` is argon2id; the hashing happens before the transaction."""

    __tablename__ = "account"
    __table_args__ = (Index("ix_account_office", "office_id"), Index("ix_account_body", "body_id"))

    id: str = Field(primary_key=True)
    username: str = Field(unique=True)
    display_name: str
    password_hash: str
    role: str
    office_id: str = Field(foreign_key="office.id")
    body_id: str | None = Field(default=None, foreign_key="body.id")
    active: bool = True
    demo: bool = False
    created_at: datetime = Field(sa_type=UTCDateTime)


class SessionRow(SQLModel, table=True):
    """A login. The cookie holds the token, this row only its SHA-256, so that it can be revoked and not stolen."""

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_account", "account_id"), Index("ix_session_expires", "expires_at"))

    token_hash: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    created_at: datetime = Field(sa_type=UTCDateTime)
    last_seen_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class RateWindowRow(SQLModel, table=True):
    """How often something was tried in one fixed window; it counts for all workers together."""

    __tablename__ = "rate_window"
    __table_args__ = (Index("ix_rate_window_start", "window_start"),)

    key: str = Field(primary_key=True)
    window_start: datetime = Field(primary_key=True, sa_type=UTCDateTime)
    count: int


class ChannelTokenRow(SQLModel, table=True):
    """The bearer token of a channel, or (with `body_id`, and no channel) of an agency; kept as its SHA-256."""

    __tablename__ = "channel_token"

    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    channel: str
    office_id: str = Field(foreign_key="office.id")
    label: str
    created_at: datetime = Field(sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    body_id: str | None = None
    scope: str = Field(default="all", sa_column_kwargs={"server_default": "all"})


class KeyCheckRow(SQLModel, table=True):
    """A value made with one key, which tells whether a keyring fits this database."""

    __tablename__ = "key_check"

    name: str = Field(primary_key=True)
    value: bytes


class NumberCounterRow(SQLModel, table=True):
    """The next running number of an office in a year."""

    __tablename__ = "number_counter"

    prefix: str = Field(primary_key=True)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    next: int
