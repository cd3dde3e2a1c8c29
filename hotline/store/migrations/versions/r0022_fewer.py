"""One index of clocks less, and a narrower one: every clock that is written or announced pays for each of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0022"
down_revision = "r0021"
branch_labels = None
depends_on = None

_NOT_STOPPED = sa.text("stopped_at IS NULL")
_RUNNING = sa.text("stopped_at IS NULL AND paused_since IS NULL")


def _rules(*columns: str) -> None:
    op.drop_index("ix_clock_rules", "clock")
    op.create_index("ix_clock_rules", "clock", columns, sqlite_where=_NOT_STOPPED, postgresql_where=_NOT_STOPPED)


def upgrade() -> None:
    """Drop what no statement needs; leave the case out of the marks, of which there are then only a few keys."""
    op.drop_index("ix_clock_running", "clock")
    _rules("office_id", "rules")


def downgrade() -> None:
    """Make them as they were."""
    _rules("office_id", "rules", "case_id")
    op.create_index(
        "ix_clock_running", "clock", ["office_id", "breach_at"], sqlite_where=_RUNNING, postgresql_where=_RUNNING
    )
