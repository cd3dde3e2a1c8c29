"""Indexes of what waits: unread messages, matters without an answer; what presses a body, whole in its index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0016"
down_revision = "r0015"
branch_labels = None
depends_on = None

_NO_ACCOUNT = "read_at IS NULL AND account_id IS NULL"
INDEXES = (
    ("ix_notice_unread_account", "notice", ("account_id",), "read_at IS NULL AND account_id IS NOT NULL"),
    ("ix_notice_unread_body", "notice", ("body_id",), f"{_NO_ACCOUNT} AND body_id IS NOT NULL"),
    ("ix_notice_unread_office", "notice", ("office_id", "role"), f"{_NO_ACCOUNT} AND body_id IS NULL"),
    ("ix_matter_party_waiting", "matter_party", ("body_id", "matter_id"), "answered_at IS NULL"),
    ("ix_matter_open", "matter", ("asker", "state"), "closed_at IS NULL"),
)


_RUNNING = sa.text("stopped_at IS NULL AND paused_since IS NULL")
_PRESSING = ["body_id", "warn_at", "breach_at", "case_id"]


def _clocks(columns: list[str]) -> None:
    op.drop_index("ix_clock_body", "clock")
    op.create_index("ix_clock_body", "clock", columns, sqlite_where=_RUNNING, postgresql_where=_RUNNING)


def upgrade() -> None:
    """Create the indexes."""
    _clocks([*_PRESSING, "paused_since", "stopped_at"])
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, list(columns), sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    """Drop the indexes."""
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table)
    _clocks(_PRESSING)
