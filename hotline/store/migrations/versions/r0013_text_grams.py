"""The rarest bigrams of every masked text, by which near-duplicates are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.intake.rarity import posting_grams

revision = "r0013"
down_revision = "r0012"
branch_labels = None
depends_on = None

BATCH = 500


def upgrade() -> None:
    """Create the table and fill it from the texts that are there."""
    table = op.create_table(
        "text_gram",
        sa.Column("gram", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("complaint_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("gram", "complaint_id"),
        sqlite_with_rowid=False,
    )
    complaint = sa.table("complaint", *(sa.column(name) for name in ("id", "masked_text")))
    document = sa.table("search_doc", sa.column("complaint_id"))
    # A text that was deleted when its period was over has no search words either.
    kept = sa.select(complaint).join(document, document.c.complaint_id == complaint.c.id)
    connection, last = op.get_bind(), ""
    while rows := connection.execute(kept.where(complaint.c.id > last).order_by(complaint.c.id).limit(BATCH)).all():
        grams = [{"gram": gram, "complaint_id": row.id} for row in rows for gram in posting_grams(row.masked_text)]
        if grams:
            connection.execute(sa.insert(table), grams)
        last = rows[-1].id


def downgrade() -> None:
    """Drop it."""
    op.drop_table("text_gram")
