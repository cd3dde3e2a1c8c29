"""Indexes of an agency's queue: its tabs by deadline and by state, and what presses it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0010"
down_revision = "r0009"
branch_labels = None
depends_on = None

_RUNNING = sa.text("stopped_at IS NULL AND paused_since IS NULL")


def upgrade() -> None:
    """Create the indexes."""
    op.create_index("ix_leg_due", "leg", ["body_id", "due_at", "id"])
    op.create_index("ix_leg_state", "leg", ["body_id", "state", "due_at", "id"])
    op.create_index(
        "ix_clock_body",
        "clock",
        ["body_id", "warn_at", "breach_at", "case_id"],
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("ix_clock_body", "clock")
    op.drop_index("ix_leg_state", "leg")
    op.drop_index("ix_leg_due", "leg")
