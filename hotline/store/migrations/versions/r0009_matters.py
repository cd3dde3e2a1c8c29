"""Transfers to the police, joint action and assistance with their parties; marks of possible crime."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.store.types import UTCDateTime

revision = "r0009"
down_revision = "r0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "matter",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("office_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("copied_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_matter_case", "matter", ["case_id"])
    op.create_index("ix_matter_office", "matter", ["office_id", "opened_at", "id"])
    op.create_index("ix_matter_asker", "matter", ["asker", "opened_at", "id"])
    op.create_table(
        "matter_party",
        sa.Column("matter_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("clock_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"]),
        sa.PrimaryKeyConstraint("matter_id", "number"),
    )
    op.create_index("ix_matter_party_body", "matter_party", ["body_id", "asked_at", "matter_id"])
    op.create_table(
        "case_flag",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.PrimaryKeyConstraint("case_id", "rule"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("case_flag", "matter_party", "matter"):
        op.drop_table(table)
