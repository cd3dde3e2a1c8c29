"""The ledger of files that the hotline took by itself, how far each source was pulled, quarantine by its key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.store.types import UTCDateTime

revision = "r0012"
down_revision = "r0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "taken_file",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("office_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office_id", "channel", "digest", name="uq_taken_file_digest"),
    )
    op.create_index("ix_taken_file_office", "taken_file", ["office_id", "begun_at", "id"])
    op.create_table(
        "pull_state",
        sa.Column("office_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("office_id", "channel"),
    )
    op.create_index("ix_quarantine_key", "quarantine", ["office_id", "channel", "external_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_quarantine_key", "quarantine")
    for table in ("pull_state", "taken_file"):
        op.drop_table(table)
