"""Category and channel beside the clocks, so that the breach cube reads the open ones in the order it counts them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0020"
down_revision = "r0019"
branch_labels = None
depends_on = None

_NOT_STOPPED = sa.text("stopped_at IS NULL")
# Clocks that have ended are counted in the summary; a case that is written again brings its own up to date.
_FILL = """
UPDATE clock SET
    category = (SELECT case_file.category FROM case_file WHERE case_file.id = clock.case_id),
    channel = (SELECT case_file.channel FROM case_file WHERE case_file.id = clock.case_id)
WHERE stopped_at IS NULL
"""
_INDEX = (
    *("office_id", "policy", "body_id", "category", "channel", "cause"),
    *("started_at", "breach_at", "warn_at", "paused_since", "stopped_at"),
)


def upgrade() -> None:
    """Add both, fill them where a clock has not ended, and make the index."""
    for name in ("category", "channel"):
        op.add_column("clock", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.get_bind().execute(sa.text(_FILL))
    op.create_index("ix_clock_cube", "clock", _INDEX, sqlite_where=_NOT_STOPPED, postgresql_where=_NOT_STOPPED)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_clock_cube", "clock")
    for name in ("channel", "category"):
        op.drop_column("clock", name)
