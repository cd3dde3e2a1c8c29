"""The index of open clocks holds all that the breach cube asks of them, `stopped_at` too, which its conditions name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0015"
down_revision = "r0014"
branch_labels = None
depends_on = None

_OPEN = sa.text("stopped_at IS NULL")
_BEFORE = ["office_id", "case_id", "body_id", "policy", "cause", "started_at", "breach_at", "warn_at", "paused_since"]


def upgrade() -> None:
    """Make the index anew with one column more."""
    _make([*_BEFORE, "stopped_at"])


def downgrade() -> None:
    """Make the index anew as it was."""
    _make(_BEFORE)


def _make(columns: list[str]) -> None:
    op.drop_index("ix_clock_open", "clock")
    op.create_index("ix_clock_open", "clock", columns, sqlite_where=_OPEN, postgresql_where=_OPEN)
