"""Which cases are, or once were, a 举报: nobody finds them by who called."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0019"
down_revision = "r0018"
branch_labels = None
depends_on = None

_CASE = sa.table("case_file", *(sa.column(name) for name in ("id", "complaint_id", "kind")), sa.column("protected"))
_COMPLAINT = sa.table("complaint", sa.column("id"), sa.column("kind"))
_EVENT = sa.table("case_event", *(sa.column(name, sa.String()) for name in ("stream", "action", "data")))
_SAID = {"classify": '"kind":"report"', "link": '"out_of_report":true'}
"""What in the canonical JSON of an event makes the case one."""


def upgrade() -> None:
    """Add the column and fill it from what each case was registered as and has been called since."""
    op.add_column("case_file", sa.Column("protected", sa.Boolean(), nullable=False, server_default=sa.false()))
    came = sa.select(_COMPLAINT.c.id).where(_COMPLAINT.c.id == _CASE.c.complaint_id, _COMPLAINT.c.kind == "report")
    said = [(_EVENT.c.action == action) & _EVENT.c.data.contains(words) for action, words in _SAID.items()]
    called = sa.select(_EVENT.c.stream).where(_EVENT.c.stream == _CASE.c.id, sa.or_(*said))
    once = sa.or_(_CASE.c.kind == "report", came.exists(), called.exists())
    op.execute(sa.update(_CASE).where(once).values(protected=sa.true()))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("case_file", "protected")
