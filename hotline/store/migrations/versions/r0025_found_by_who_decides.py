"""Who opened a 举报, so that others find what waits for them; a refused record that came again, kept once."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "r0025"
down_revision = "r0024"
branch_labels = None
depends_on = None

_CASE = sa.table("case_file", *(sa.column(name, sa.String()) for name in ("id", "kind", "opened_by")))
_PROTECTED = sa.column("protected", sa.Boolean())
_EVENT = sa.table(
    "case_event",
    *(sa.column(name, sa.String()) for name in ("stream", "action", "actor_id", "data")),
    sa.column("seq", sa.Integer()),
)
_OPENED = sa.text("opened_by <> ''")
_WAITING = sa.text("resolved_at IS NULL")


def upgrade() -> None:
    """Add the columns and indexes; what waits for a second person is filled in from the events."""
    op.add_column("case_file", sa.Column("opened_by", sa.String(), nullable=False, server_default=""))
    op.add_column("quarantine", sa.Column("places", sa.JSON(), nullable=True))
    for case_id, openers in _openers(op.get_bind()).items():
        op.execute(sa.update(_CASE).where(_CASE.c.id == case_id).values(opened_by=" ".join(sorted(openers))))
    columns = ["office_id", "received_at", "id"]
    op.create_index("ix_case_opened", "case_file", columns, sqlite_where=_OPENED, postgresql_where=_OPENED)
    op.create_index("ix_quarantine_same", "quarantine", ["digest"], sqlite_where=_WAITING, postgresql_where=_WAITING)


def _openers(connection: sa.Connection) -> dict[str, set[str]]:
    """Of each case that is no 举报 any more and still protected: who made it so."""
    waiting = sa.select(_CASE.c.id).where(_PROTECTED, _CASE.c.kind != "report")
    told = sa.select(_EVENT.c.stream, _EVENT.c.action, _EVENT.c.actor_id, _EVENT.c.data).where(
        _EVENT.c.stream.in_(waiting), _EVENT.c.action.in_(["register", "classify", "link", "lift"])
    )
    found: dict[str, set[str]] = {}
    kinds: dict[str, str] = {}
    for case_id, action, who, text in connection.execute(told.order_by(_EVENT.c.stream, _EVENT.c.seq)):
        data, openers = json.loads(text), found.setdefault(case_id, set())
        if action in {"register", "classify"}:
            if kinds.get(case_id) == "report" != data["kind"]:
                openers.add(who)
            kinds[case_id] = data["kind"]
        elif action == "link" and data.get("out_of_report") is True:
            openers.add(who)
        elif action == "lift" and kinds.get(case_id) != "report":
            openers.clear()
    return found


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_quarantine_same", "quarantine")
    op.drop_index("ix_case_opened", "case_file")
    op.drop_column("quarantine", "places")
    op.drop_column("case_file", "opened_by")
