"""When a case last changed, on the case and on its legs: what `updated_since` is asked by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.store.types import UTCDateTime

revision = "r0018"
down_revision = "r0017"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_case_changed", "case_file", ("office_id", "channel", "changed_at", "id")),
    ("ix_leg_changed", "leg", ("body_id", "changed_at", "case_id")),
)
_OF_CASE = """
UPDATE case_file SET changed_at = COALESCE(
    (SELECT MAX(recorded_at) FROM case_event WHERE stream = case_file.id AND action NOT IN ('link', 'unlink')),
    created_at)
"""
_OF_LEGS = "UPDATE leg SET changed_at = (SELECT case_file.changed_at FROM case_file WHERE case_file.id = leg.case_id)"


def upgrade() -> None:
    """Add the columns, fill them from the last event but links of each case, create the indexes."""
    for table in ("case_file", "leg"):
        long_ago = "1970-01-01 00:00:00.000000"
        op.add_column(table, sa.Column("changed_at", UTCDateTime(), nullable=False, server_default=long_ago))
    for statement in (_OF_CASE, _OF_LEGS):
        op.execute(statement)
    for name, table, columns in INDEXES:
        op.create_index(name, table, list(columns))


def downgrade() -> None:
    """Drop them."""
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
    for table in ("leg", "case_file"):
        op.drop_column(table, "changed_at")
