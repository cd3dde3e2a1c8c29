"""The keys by which the same respondent is found again, of every complaint there is; demands by their day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.intake.respondents import respondent_keys
from hotline.records import Respondent
from hotline.store.types import UTCDateTime

revision = "r0008"
down_revision = "r0007"
branch_labels = None
depends_on = None

BATCH = 500
_DEMANDS = sa.text("policy IN ('H-SUPERVISE', 'H-REPLY')")
_FIELDS = ("name", "address", "phone", "platform", "url")


def upgrade() -> None:
    """Create the table and fill it from the complaints; index the clocks of 督办 and 催办."""
    table = op.create_table(
        "respondent_key",
        sa.Column("office_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("complaint_id", sa.String(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"]),
        sa.PrimaryKeyConstraint("office_id", "key", "complaint_id"),
    )
    op.create_index("ix_respondent_key_complaint", "respondent_key", ["complaint_id"])
    op.create_index("ix_respondent_key_recent", "respondent_key", ["office_id", "received_at"])
    op.create_index(
        "ix_clock_demands", "clock", ["office_id", "started_at"], sqlite_where=_DEMANDS, postgresql_where=_DEMANDS
    )
    complaint = sa.table(
        "complaint",
        *(sa.column(name) for name in ("id", "office_id")),
        sa.column("received_at", UTCDateTime()),
        *(sa.column(f"respondent_{name}") for name in _FIELDS),
    )
    connection, last = op.get_bind(), ""
    while rows := connection.execute(
        sa.select(complaint).where(complaint.c.id > last).order_by(complaint.c.id).limit(BATCH)
    ).all():
        keys = [
            {"office_id": row.office_id, "key": key, "complaint_id": row.id, "received_at": row.received_at}
            for row in rows
            for key in respondent_keys(Respondent(*(getattr(row, f"respondent_{name}") for name in _FIELDS)))
        ]
        if keys:
            connection.execute(sa.insert(table), keys)
        last = rows[-1].id


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_clock_demands", "clock")
    op.drop_table("respondent_key")
