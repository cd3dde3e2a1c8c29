"""The index of search words on PostgreSQL takes up what was added in small portions."""

from __future__ import annotations

from alembic import op

revision = "r0024"
down_revision = "r0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sort in what was added after 128 kB instead of 4 MB: whoever added the last word waits for all of it."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_search_doc_words SET (gin_pending_list_limit = 128)")


def downgrade() -> None:
    """As PostgreSQL has it by itself."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_search_doc_words RESET (gin_pending_list_limit)")
