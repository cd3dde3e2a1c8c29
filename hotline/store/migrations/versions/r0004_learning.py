"""What the model said of each case and what people decided, filled from the decisions and events that are there."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from hotline.store.types import UTCDateTime

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None

_CHUNK = 1_000


def upgrade() -> None:
    """Create the tables and fill them."""
    guess = op.create_table(
        "model_guess",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("office_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("setting", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("setting_confidence", sa.Float(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_category", sa.String(), nullable=True),
        sa.Column("decided_setting", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("case_id"),
    )
    verdict = op.create_table(
        "desk_verdict",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("office_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("actor_role", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("setting", sa.String(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["case_event.id"]),
        sa.PrimaryKeyConstraint("event_id"),
    )
    _fill(guess, verdict)
    undecided = sa.text("decided_at IS NULL")
    op.create_index("ix_model_guess_week", "model_guess", ["office_id", "at"])
    op.create_index("ix_model_guess_decided", "model_guess", ["office_id", "decided_at"])
    op.create_index(
        "ix_model_guess_uncertain",
        "model_guess",
        ["office_id", "confidence", "case_id"],
        sqlite_where=undecided,
        postgresql_where=undecided,
    )
    op.create_index("ix_desk_verdict_office", "desk_verdict", ["office_id", "agrees", "at", "event_id"])
    op.create_index("ix_desk_verdict_case", "desk_verdict", ["case_id", "at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("desk_verdict")
    op.drop_table("model_guess")


def _fill(guess: sa.Table, verdict: sa.Table) -> None:
    """Make the rows of the cases that are there; the newest decision of a case stands beside the guess."""
    bind = op.get_bind()
    found = {row["case_id"]: row for row in _guesses(bind)}
    if not found:
        return
    rows = []
    for event in _events(bind):
        known, data = found.get(event.stream), json.loads(event.data)
        if known is None:
            continue
        category, setting = data.get("category", ""), data.get("setting", "")
        agrees = category == known["category"] and (category == "other" or setting == known["setting"])
        if event.action == "register" and agrees:
            continue
        rows.append(
            {
                "event_id": event.id,
                "case_id": event.stream,
                "office_id": known["office_id"],
                "at": event.recorded_at,
                "actor_id": event.actor_id,
                "actor_role": event.actor_role,
                "category": category,
                "setting": setting,
                "agrees": agrees,
            }
        )
        known |= {"decided_at": event.recorded_at, "decided_category": category, "decided_setting": setting}
    for table, made in ((guess, list(found.values())), (verdict, rows)):
        for start in range(0, len(made), _CHUNK):
            bind.execute(sa.insert(table), made[start : start + _CHUNK])


def _guesses(bind: sa.Connection) -> list[dict[str, Any]]:
    """The first classification of every case."""
    decision = sa.table(
        "decision",
        *(sa.column(name) for name in ("id", "case_id", "complaint_id", "kind", "model_version")),
        sa.column("at", UTCDateTime()),
        sa.column("body", sa.JSON()),
    )
    complaint = sa.table("complaint", sa.column("id"), sa.column("office_id"))
    statement = (
        sa.select(decision, complaint.c.office_id)
        .select_from(decision.join(complaint, complaint.c.id == decision.c.complaint_id))
        .where(decision.c.kind == "classification")
        .order_by(decision.c.id.desc())
    )
    found = {row.case_id: row for row in bind.execute(statement)}
    return [
        {
            "case_id": row.case_id,
            "office_id": row.office_id,
            "at": row.at,
            "model_version": row.model_version or "",
            "category": row.body["category"],
            "setting": row.body["setting"],
            "confidence": row.body["confidence"],
            "setting_confidence": row.body["setting_confidence"],
            "decided_at": None,
            "decided_category": None,
            "decided_setting": None,
        }
        for row in found.values()
    ]


def _events(bind: sa.Connection) -> sa.CursorResult[Any]:
    """Registrations and decisions of people, in their order."""
    event = sa.table(
        "case_event",
        *(sa.column(name) for name in ("id", "stream", "seq", "action", "actor_id", "actor_role", "data")),
        sa.column("recorded_at", UTCDateTime()),
    )
    wanted = event.c.action.in_(("register", "classify")) & (event.c.actor_role != "system")
    return bind.execute(sa.select(event).where(wanted).order_by(event.c.stream, event.c.seq))
