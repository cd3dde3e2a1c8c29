"""The column names of the table that a refused row came from, sealed beside the row itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0023"
down_revision = "r0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of rows refused before, nobody knows the names any more."""
    op.add_column("quarantine", sa.Column("header", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("quarantine", "header")
