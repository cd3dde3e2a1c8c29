"""Versions of calendar and policies, and by which of them each cached clock was reckoned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.store.types import UTCDateTime

revision = "r0007"
down_revision = "r0006"
branch_labels = None
depends_on = None

_NOT_STOPPED = sa.text("stopped_at IS NULL")


def upgrade() -> None:
    """Create the table; clocks that were reckoned before carry an empty mark and are reckoned again."""
    op.create_table(
        "rule_version",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("office_id", sa.String(), nullable=True),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("adopted_by", sa.String(), nullable=False),
        sa.Column("adopted_at", UTCDateTime(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("trial", sa.JSON(), nullable=False),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("kind", "version"),
    )
    op.add_column("clock", sa.Column("seq", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("clock", sa.Column("rules", sa.String(), nullable=False, server_default=""))
    op.create_index(
        "ix_clock_rules",
        "clock",
        ["office_id", "rules", "case_id"],
        sqlite_where=_NOT_STOPPED,
        postgresql_where=_NOT_STOPPED,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_clock_rules", "clock")
    op.drop_column("clock", "rules")
    op.drop_column("clock", "seq")
    op.drop_table("rule_version")
