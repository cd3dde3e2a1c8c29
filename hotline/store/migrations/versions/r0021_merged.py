"""Which cases are one matter: the groups that links between duplicates make, as lists and figures read them."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "r0021"
down_revision = "r0020"
branch_labels = None
depends_on = None

_CASE = sa.table("case_file", sa.column("id", sa.String()), sa.column("office_id", sa.String()))
_EVENT = sa.table(
    "case_event",
    *(sa.column(name, sa.String()) for name in ("stream", "action", "data")),
    sa.column("seq", sa.Integer()),
)


def upgrade() -> None:
    """Make the table and fill it from the links that stand."""
    merged = op.create_table(
        "merged_case",
        sa.Column("case_id", sa.String(), sa.ForeignKey("case_file.id"), primary_key=True),
        sa.Column("office_id", sa.String(), sa.ForeignKey("office.id"), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
    )
    op.create_index("ix_merged_case_group", "merged_case", ["group_id"])
    groups = _groups(op.get_bind())
    offices = sa.select(_CASE.c.id, _CASE.c.office_id).where(_CASE.c.id.in_(list(groups)))
    found = op.get_bind().execute(offices).all() if groups else []
    rows = [{"case_id": case_id, "office_id": office, "group_id": groups[case_id]} for case_id, office in found]
    if rows:
        op.bulk_insert(merged, rows)


def _groups(connection: sa.Connection) -> dict[str, str]:
    """Of each case with a duplicate the smallest id of its group."""
    said = sa.select(_EVENT.c.stream, _EVENT.c.action, _EVENT.c.data).where(_EVENT.c.action.in_(["link", "unlink"]))
    tied: dict[str, set[str]] = {}
    for case_id, action, text in connection.execute(said.order_by(_EVENT.c.stream, _EVENT.c.seq)):
        data = json.loads(text)
        if action == "unlink":
            tied.get(case_id, set()).discard(data["case"])
        elif data.get("relation") == "duplicate":
            tied.setdefault(case_id, set()).add(data["case"])
    group: dict[str, str] = {}
    for start in sorted(tied):
        waiting = [start] if tied[start] and start not in group else []
        while waiting:
            case_id = waiting.pop()
            group[case_id] = start
            waiting += [other for other in tied.get(case_id, ()) if other not in group]
    return group


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_merged_case_group", table_name="merged_case")
    op.drop_table("merged_case")
