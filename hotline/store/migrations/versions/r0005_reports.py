"""The summary of closed clocks, the cause of each clock, callers' answers at follow-up, submissions to the office.

The summary is filled from the events when the program opens the database next (`reports.rebuilding`).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from hotline.store.types import UTCDateTime

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None

_KEY = ("office_id", "day", "body_id", "category", "channel", "policy", "outcome", "cause")


def upgrade() -> None:
    """Create the tables, and the column and index by which open clocks are counted."""
    op.create_table(
        "case_tally",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("office_id", sa.String(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_table(
        "tally_change",
        sa.Column("id", sa.Integer(), nullable=False),
        *_key_columns(),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_tally_change_office", "tally_change", ["office_id", "day"])
    op.create_table(
        "tally",
        sa.Column("span", sa.String(), nullable=False),
        *_key_columns(),
        sa.PrimaryKeyConstraint("office_id", "span", *_KEY[1:]),
    )
    op.create_table(
        "follow_up_answer",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("office_id", sa.String(), nullable=False),
        sa.Column("body_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("satisfied", sa.String(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_index("ix_follow_up_answer_office", "follow_up_answer", ["office_id", "at"])
    op.create_table(
        "submission",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("office_id", sa.String(), nullable=False),
        sa.Column("body_id", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("submitted_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["case_event.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_submission_week", "submission", ["office_id", "week", "body_id", "at"])
    op.add_column("clock", sa.Column("cause", sa.String(), nullable=False, server_default=""))
    is_open = sa.text("stopped_at IS NULL")
    op.create_index(
        "ix_clock_open",
        "clock",
        ["office_id", "case_id", "body_id", "policy", "cause", "started_at", "breach_at", "warn_at", "paused_since"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_clock_open", "clock")
    op.drop_column("clock", "cause")
    for table in ("submission", "follow_up_answer", "tally", "tally_change", "case_tally"):
        op.drop_table(table)


def _key_columns() -> list[sa.Column[Any]]:
    columns: list[sa.Column[Any]] = [
        sa.Column("office_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
    ]
    columns += [sa.Column(name, sa.String(), nullable=False) for name in _KEY[2:]]
    return [*columns, *(sa.Column(name, sa.Integer(), nullable=False) for name in ("n", "minutes"))]
