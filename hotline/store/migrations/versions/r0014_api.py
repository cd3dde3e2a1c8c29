"""Tokens of agencies beside those of channels, what a body wants to hear by webhook, cases released to the public."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.store.types import UTCDateTime

revision = "r0014"
down_revision = "r0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and create the tables."""
    op.add_column("channel_token", sa.Column("body_id", sa.String(), nullable=True))
    op.add_column("channel_token", sa.Column("scope", sa.String(), nullable=False, server_default="all"))
    op.create_table(
        "subscription",
        sa.Column("office_id", sa.String(), nullable=False),
        sa.Column("body_id", sa.String(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("office_id", "body_id"),
    )
    op.create_table(
        "released_case",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("office_id", sa.String(), nullable=False),
        sa.Column("released_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.PrimaryKeyConstraint("case_id"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("released_case", "subscription"):
        op.drop_table(table)
    for column in ("scope", "body_id"):
        op.drop_column("channel_token", column)
