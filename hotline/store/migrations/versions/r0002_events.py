"""The first schema, part two: notices, explanations, events and search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hotline.store.types import UTCDateTime, WordList

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None

# The words table holds the text; the index follows it by triggers, so that it can never differ from it. Which
# documents hold a word is all that is asked, so positions are not kept (detail=none).
_INDEX = """CREATE VIRTUAL TABLE search_words USING fts5(
    words, content='search_doc', content_rowid='id', detail='none', tokenize="unicode61 remove_diacritics 0")"""
_VOCABULARY = "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab('search_words', 'row')"
_ADDED = """CREATE TRIGGER search_doc_added AFTER INSERT ON search_doc BEGIN
    INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END"""
_REMOVED = """CREATE TRIGGER search_doc_removed AFTER DELETE ON search_doc BEGIN
    INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words); END"""
_CHANGED = """CREATE TRIGGER search_doc_changed AFTER UPDATE OF words ON search_doc BEGIN
    INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words);
    INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END"""

_LAST_FIRST = (
    "search_doc",
    "seal",
    "event_text",
    "case_event",
    "evidence",
    "decision",
    "notice",
    "announcement",
)


def upgrade() -> None:
    """Create the tables, the later ones referring to the earlier."""
    _create_notices()
    _create_explained()
    _create_chain()
    _create_search()


def downgrade() -> None:
    """Drop them."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_vocabulary")
        op.execute("DROP TABLE search_words")
    for table in _LAST_FIRST:
        op.drop_table(table)


def _create_notices() -> None:
    """What is announced and told."""
    op.create_table(
        "announcement",
        sa.Column("clock_id", sa.String(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("clock_id", "due_at", "stage"),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("office_id", sa.String(), nullable=True),
        sa.Column("body_id", sa.String(), nullable=True),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("dedupe", sa.String(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("dedupe", name="uq_notice_dedupe"),
    )
    op.create_index("ix_notice_account", "notice", ["account_id", "id"])
    op.create_index("ix_notice_body", "notice", ["body_id", "id"])
    op.create_index("ix_notice_office", "notice", ["office_id", "id"])


def _create_explained() -> None:
    """Decisions and evidence."""
    op.create_table(
        "decision",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("complaint_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=True),
        sa.Column("plan", sa.String(), nullable=True),
        sa.Column("plan_version", sa.Integer(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_decision_case", "decision", ["case_id", "kind", "id"])
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("leg_id", sa.String(), nullable=True),
        sa.Column("filename", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_evidence_case", "evidence", ["case_id", "id"])


def _create_chain() -> None:
    """Events and seals."""
    op.create_table(
        "case_event",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("actor_role", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("text_digest", sa.String(), nullable=True),
        sa.Column("hmac", sa.String(), nullable=False),
        sa.Column("prev_hmac", sa.String(), nullable=False),
        sa.Column("seal_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stream", "seq", name="uq_case_event_stream_seq"),
    )
    op.create_index("ix_case_event_seal", "case_event", ["seal_id", "stream", "seq"])
    op.create_table(
        "event_text",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["case_event.id"]),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_table(
        "seal",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ranges", sa.String(), nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("prev_root", sa.String(), nullable=False),
        sa.Column("hmac", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _create_search() -> None:
    """The words of complaints: FTS5 beside the table on SQLite, GIN over the array on PostgreSQL."""
    op.create_table(
        "search_doc",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.String(), nullable=False),
        sa.Column("office_id", sa.String(), nullable=False),
        sa.Column("words", WordList(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("complaint_id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_search_doc_words", "search_doc", ["words"], postgresql_using="gin")
        return
    for statement in (_INDEX, _VOCABULARY, _ADDED, _REMOVED, _CHANGED):
        op.execute(statement)
