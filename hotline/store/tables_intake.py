"""Rows of what arrives: submissions, quarantine, complaints, reporters, and the index to search them by.

Columns of bytes are sealed values (`crypto.seal`), bound to their table, column and row.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from hotline.store.types import DecimalText, UTCDateTime, WordList

_WAITING = text("resolved_at IS NULL")


class RawSubmissionRow(SQLModel, table=True):
    """来件, byte for byte."""

    __tablename__ = "raw_submission"
    __table_args__ = (UniqueConstraint("office_id", "channel", "external_id", name="uq_raw_submission_key"),)

    id: str = Field(primary_key=True)
    office_id: str = Field(foreign_key="office.id")
    channel: str
    external_id: str
    received_at: datetime = Field(sa_type=UTCDateTime)
    content: bytes
    digest: str


class QuarantineRow(SQLModel, table=True):
    """A record that could not be taken, as it came, with the reason; `complaint_id` once it was put right.

    `header` are the column names of the table that it came from, sealed as the record is. `places` are those where the
    same came again while it waited, each a source, a row and a line.
    """

    __tablename__ = "quarantine"
    __table_args__ = (
        Index("ix_quarantine_office", "office_id", "id"),
        Index("ix_quarantine_key", "office_id", "channel", "external_id"),
        # Each refused record of a file asks whether it waits already.
        Index("ix_quarantine_same", "digest", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: str = Field(primary_key=True)
    office_id: str = Field(foreign_key="office.id")
    channel: str
    source: str
    external_id: str | None = None
    row: int | None = None
    line: int | None = None
    reason: str
    content: bytes
    header: bytes | None = None
    digest: str
    places: list[list[str | int | None]] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    created_at: datetime = Field(sa_type=UTCDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    complaint_id: str | None = None


class ComplaintRow(SQLModel, table=True):
    """诉求. Only `masked_text`, the goods and the respondent stand in clear.

    `details` seals the other free texts (`casestore.DETAILS`): a caller's phone may stand in any of them.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        Index("ix_complaint_case", "case_id"),
        Index("ix_complaint_respondent", "respondent_key", postgresql_ops={"respondent_key": "text_pattern_ops"}),
        Index("ix_complaint_submission", "submission_id"),
    )

    id: str = Field(primary_key=True)
    submission_id: str = Field(foreign_key="raw_submission.id")
    # The case row is written after its complaint, in the same transaction.
    case_id: str = Field(
        sa_column_args=(ForeignKey("case_file.id", deferrable=True, initially="DEFERRED"),),
    )
    office_id: str = Field(foreign_key="office.id")
    channel: str
    external_id: str
    received_at: datetime = Field(sa_type=UTCDateTime)
    kind: str
    urgency: str
    text: bytes
    masked_text: str
    region: str | None = None
    region_name: str | None = None
    region_level: str | None = None
    details: bytes
    respondent_name: str = ""
    respondent_address: str = ""
    respondent_phone: str = ""
    respondent_platform: str = ""
    respondent_url: str = ""
    respondent_key: str = ""
    goods: str = ""
    amount: Decimal | None = Field(default=None, sa_type=DecimalText)
    happened_on: date | None = None
    named: bool
    anonymous: bool
    linked_to: str | None = None


class ReporterRow(SQLModel, table=True):
    """The caller, sealed; the blind indexes find the same phone or ID number again without showing it."""

    __tablename__ = "reporter"
    __table_args__ = (
        Index("ix_reporter_phone", "phone_index"),
        Index("ix_reporter_id_number", "id_index"),
    )

    complaint_id: str = Field(primary_key=True, foreign_key="complaint.id")
    name: bytes
    phone: bytes
    id_number: bytes
    address: bytes
    phone_index: str | None = None
    id_index: str | None = None
    role: str = ""


class SearchDocRow(SQLModel, table=True):
    """The words (character bigrams) of a complaint's masked text; `id` is the row of the full-text index too."""

    __tablename__ = "search_doc"
    __table_args__ = (Index("ix_search_doc_words", "words", postgresql_using="gin").ddl_if(dialect="postgresql"),)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: str = Field(unique=True, foreign_key="complaint.id")
    office_id: str
    words: tuple[str, ...] = Field(sa_type=WordList)
