"""Rows that reports read: the summary of closed clocks, callers' answers at follow-up, submissions to the office."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from hotline.store.types import UTCDateTime


class CaseTallyRow(SQLModel, table=True):
    """What of one case stands in the summary, as canonical JSON, so that a correction takes out what was put in."""

    __tablename__ = "case_tally"

    case_id: str = Field(primary_key=True)
    office_id: str
    counted: str = Field(sa_type=Text)


class TallyChangeRow(SQLModel, table=True):
    """An addition to the summary (or, with a negative `n`, what is taken out) that is not folded in yet.

    Only ever inserted with the events, so that no writer waits for another one's row of the summary.
    """

    __tablename__ = "tally_change"
    __table_args__ = (Index("ix_tally_change_office", "office_id", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: str
    day: date
    body_id: str
    category: str
    channel: str
    policy: str
    outcome: str
    cause: str
    n: int
    minutes: int


class TallyRow(SQLModel, table=True):
    """The summary: per day, month or year (`span`; `day` is its first) how many clocks ended so, and in what time.

    `body_id` is empty for the desk's own clocks. `outcome` is `met` or `late`; or `time`, with no policy: what one
    holder took of the time of closed cases, by the day of their receipt.
    """

    __tablename__ = "tally"

    office_id: str = Field(primary_key=True)
    span: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    body_id: str = Field(primary_key=True)
    category: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    policy: str = Field(primary_key=True)
    outcome: str = Field(primary_key=True)
    cause: str = Field(primary_key=True)
    n: int
    minutes: int


class FollowUpAnswerRow(SQLModel, table=True):
    """What the caller said at the last follow-up: satisfied (yes, no, unreached), and whether it was solved."""

    __tablename__ = "follow_up_answer"
    __table_args__ = (Index("ix_follow_up_answer_office", "office_id", "at"),)

    case_id: str = Field(primary_key=True)
    office_id: str
    body_id: str
    at: datetime = Field(sa_type=UTCDateTime)
    satisfied: str
    solved: bool | None = None


class SubmissionRow(SQLModel, table=True):
    """What a body (an empty one: the office) submitted for a week, or urgently; its text is the event's."""

    __tablename__ = "submission"
    __table_args__ = (Index("ix_submission_week", "office_id", "week", "body_id", "at"),)

    id: str = Field(primary_key=True)
    office_id: str
    body_id: str
    week: date
    kind: str
    recipient: str
    event_id: str = Field(foreign_key="case_event.id")
    at: datetime = Field(sa_type=UTCDateTime)
    submitted_by: str
