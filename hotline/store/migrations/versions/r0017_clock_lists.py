"""Indexes of clocks: what a body has due next, and which policies an office has met."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0017"
down_revision = "r0016"
branch_labels = None
depends_on = None

_RUNNING = sa.text("stopped_at IS NULL AND paused_since IS NULL")


def upgrade() -> None:
    """Create the indexes."""
    op.create_index(
        "ix_clock_due", "clock", ["body_id", "due_at", "id"], sqlite_where=_RUNNING, postgresql_where=_RUNNING
    )
    op.create_index("ix_clock_policy", "clock", ["policy", "office_id"])


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("ix_clock_policy", "clock")
    op.drop_index("ix_clock_due", "clock")
