"""Rows of a case's life: the case, its legs, decisions, clocks, announcements, notices and evidence.

Case, legs and clocks are what lists read; the events (`tables_event`) are the truth they are made from.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from hotline.store.types import UTCDateTime

LONG_AGO = {"server_default": "1970-01-01 00:00:00.000000"}
_RUNNING = text("stopped_at IS NULL AND paused_since IS NULL")
_OPEN = text("closed_at IS NULL")
_OPENED = text("opened_by <> ''")
_NOT_STOPPED = text("stopped_at IS NULL")
_DEMANDS = text("policy IN ('H-SUPERVISE', 'H-REPLY')")
_TO_ANNOUNCE = text("announce_at IS NOT NULL")
_TO_ACCOUNT = text("read_at IS NULL AND account_id IS NOT NULL")
_TO_BODY = text("read_at IS NULL AND account_id IS NULL AND body_id IS NOT NULL")
_TO_OFFICE = text("read_at IS NULL AND account_id IS NULL AND body_id IS NULL")


class CaseRow(SQLModel, table=True):
    """工单. `due_at` is the nearest deadline of its running clocks (`types.FAR` where none runs), for ordering.

    `opened_by` are the accounts, with a space between two, that made a 举报 something else; a second person may lift
    its protection (`casework.unsealing.openers`).

    `changed_at` is when its last event was recorded, links aside, of which not everybody may know (`casework.ties`);
    its legs have it too, so that each list finds it in its own index.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        Index("ix_case_office_state", "office_id", "state", "received_at", "id"),
        Index("ix_case_office_received", "office_id", "received_at", "id"),
        Index("ix_case_office_due", "office_id", "due_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_case_changed", "office_id", "channel", "changed_at", "id"),
        Index("ix_case_opened", "office_id", "received_at", "id", sqlite_where=_OPENED, postgresql_where=_OPENED),
    )

    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    office_id: str = Field(foreign_key="office.id")
    complaint_id: str
    state: str
    seq: int
    kind: str
    urgency: str
    channel: str
    category: str
    setting: str
    needs_review: bool = False
    doubt: str = ""
    plan: str | None = None
    clause: str | None = None
    lead_body_id: str | None = Field(default=None, foreign_key="body.id")
    silent: bool = False
    supervised: bool = False
    returns: int = 0
    ruled: bool = False
    protected: bool = False
    opened_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    received_at: datetime = Field(sa_type=UTCDateTime)
    created_at: datetime = Field(sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    due_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime = Field(sa_type=UTCDateTime, sa_column_kwargs=LONG_AGO)


class LegRow(SQLModel, table=True):
    """承办段. `due_at` is the nearest deadline its body must keep, as on the case."""

    __tablename__ = "leg"
    __table_args__ = (
        Index("ix_leg_case", "case_id"),
        Index("ix_leg_queue", "body_id", "due_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_leg_body", "body_id", "case_id"),
        Index("ix_leg_due", "body_id", "due_at", "id"),
        Index("ix_leg_state", "body_id", "state", "due_at", "id"),
        Index("ix_leg_changed", "body_id", "changed_at", "case_id"),
    )

    id: str = Field(primary_key=True)
    case_id: str = Field(foreign_key="case_file.id")
    body_id: str = Field(foreign_key="body.id")
    role: str
    state: str
    opened_at: datetime = Field(sa_type=UTCDateTime)
    signed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    suspended: bool = False
    due_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime = Field(sa_type=UTCDateTime, sa_column_kwargs=LONG_AGO)


class DecisionRow(SQLModel, table=True):
    """An explanation, kept with the decision and the versions that made it."""

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_case", "case_id", "kind", "id"),)

    id: str = Field(primary_key=True)
    case_id: str
    complaint_id: str = Field(foreign_key="complaint.id")
    kind: str
    at: datetime = Field(sa_type=UTCDateTime)
    model_version: str | None = None
    plan: str | None = None
    plan_version: int | None = None
    body: dict[str, Any] = Field(sa_type=JSON)


class ClockRow(SQLModel, table=True):
    """时限钟, cached. `announce_at` is the next time the scheduler has something to say about it, null where never.

    `seq` and `rules` are its fingerprint: the events, and the policies and calendar, that it was reckoned from.
    `category` and `channel` are the case's, kept here so that open clocks are counted by them without its row.
    """

    __tablename__ = "clock"
    __table_args__ = (
        Index("ix_clock_case", "case_id"),
        # What presses a body is counted and found in it; with the two of its condition SQLite reads nothing else.
        Index(
            "ix_clock_body",
            *("body_id", "warn_at", "breach_at", "case_id", "paused_since", "stopped_at"),
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        Index("ix_clock_due", "body_id", "due_at", "id", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        # The office last: with it first, SQLite would take this index for all that an office asks.
        Index("ix_clock_policy", "policy", "office_id"),
        # An office's open clocks case by case, with all that counts of cases ask of them.
        Index(
            "ix_clock_open",
            *("office_id", "case_id", "body_id", "policy", "cause"),
            *("started_at", "breach_at", "warn_at", "paused_since", "stopped_at"),
            sqlite_where=_NOT_STOPPED,
            postgresql_where=_NOT_STOPPED,
        ),
        # The same in the order in which the finest cube counts them: nothing is sorted.
        Index(
            "ix_clock_cube",
            *("office_id", "policy", "body_id", "category", "channel", "cause"),
            *("started_at", "breach_at", "warn_at", "paused_since", "stopped_at"),
            sqlite_where=_NOT_STOPPED,
            postgresql_where=_NOT_STOPPED,
        ),
        # What the rules have left behind is found without reading what they have not. A few keys, each of many clocks,
        # cost next to nothing to keep; the case would make each of them another one.
        Index("ix_clock_rules", "office_id", "rules", sqlite_where=_NOT_STOPPED, postgresql_where=_NOT_STOPPED),
        Index(
            "ix_clock_demands",
            *("office_id", "started_at"),
            sqlite_where=_DEMANDS,
            postgresql_where=_DEMANDS,
        ),
        Index("ix_clock_announce", "announce_at", "id", sqlite_where=_TO_ANNOUNCE, postgresql_where=_TO_ANNOUNCE),
    )

    id: str = Field(primary_key=True)
    case_id: str = Field(foreign_key="case_file.id")
    leg_id: str | None = None
    body_id: str | None = None
    office_id: str
    policy: str
    holder: str
    statutory: bool
    started_at: datetime = Field(sa_type=UTCDateTime)
    due_at: datetime = Field(sa_type=UTCDateTime)
    breach_at: datetime = Field(sa_type=UTCDateTime)
    warn_at: datetime = Field(sa_type=UTCDateTime)
    stopped_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    paused_since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    announce_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    cause: str = Field(default="", sa_column_kwargs={"server_default": ""})
    seq: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    rules: str = Field(default="", sa_column_kwargs={"server_default": ""})
    category: str = Field(default="", sa_column_kwargs={"server_default": ""})
    channel: str = Field(default="", sa_column_kwargs={"server_default": ""})
    body: dict[str, Any] = Field(sa_type=JSON)


class AnnouncementRow(SQLModel, table=True):
    """That one stage of one clock and due date was announced: the key makes it happen once."""

    __tablename__ = "announcement"

    clock_id: str = Field(primary_key=True)
    due_at: datetime = Field(primary_key=True, sa_type=UTCDateTime)
    stage: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)


class NoticeRow(SQLModel, table=True):
    """A message in the app, to an office's desk (or one role of it), a body or one account; no personal data."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_office", "office_id", "id"),
        Index("ix_notice_body", "body_id", "id"),
        Index("ix_notice_account", "account_id", "id"),
        # What is unread is few among what was ever sent, and counted on every page.
        Index("ix_notice_unread_account", "account_id", sqlite_where=_TO_ACCOUNT, postgresql_where=_TO_ACCOUNT),
        Index("ix_notice_unread_body", "body_id", sqlite_where=_TO_BODY, postgresql_where=_TO_BODY),
        Index("ix_notice_unread_office", "office_id", "role", sqlite_where=_TO_OFFICE, postgresql_where=_TO_OFFICE),
        UniqueConstraint("dedupe", name="uq_notice_dedupe"),
    )

    id: str = Field(primary_key=True)
    office_id: str | None = None
    body_id: str | None = None
    account_id: str | None = None
    role: str | None = None
    case_id: str | None = None
    stage: str
    code: str
    dedupe: str | None = None
    created_at: datetime = Field(sa_type=UTCDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class EvidenceRow(SQLModel, table=True):
    """A file of a case, sealed. Lists must not select `content`."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_case", "case_id", "id"),)

    id: str = Field(primary_key=True)
    case_id: str = Field(foreign_key="case_file.id")
    leg_id: str | None = None
    filename: bytes
    media_type: str
    size: int
    sha256: str
    uploaded_by: str
    at: datetime = Field(sa_type=UTCDateTime)
    content: bytes


class MergedCaseRow(SQLModel, table=True):
    """A case that is one matter with others: all of a group carry the same `group_id`. Events are the truth."""

    __tablename__ = "merged_case"
    __table_args__ = (Index("ix_merged_case_group", "group_id"),)

    case_id: str = Field(primary_key=True, foreign_key="case_file.id")
    office_id: str = Field(foreign_key="office.id")
    group_id: str
