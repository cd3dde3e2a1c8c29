"""The real deletion of parts of a case.

Nothing is merely marked: sealed values are written over, rows with texts, files and search words are deleted. The case
with its codes, figures, clocks and events stays, and the chains still verify, for they hold digests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, or_, select, update

from hotline.store.crypto import binding
from hotline.store.mapping import DETAILS, SEALED_REPORTER
from hotline.store.retention_rules import EVIDENCES, IDENTITY, TEXT, Rules
from hotline.store.tables import (
    CASE_FLAG,
    COMPLAINT,
    DECISION,
    ERASURE,
    EVENT,
    EVENT_TEXT,
    EVIDENCE,
    FOLLOW_CODE,
    QUARANTINE,
    RAW_SUBMISSION,
    REPORTER,
    SEARCH_DOC,
)
from hotline.store.text_grams import forget_text
from hotline.store.types import canonical_text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from hotline.store.crypto import Keyring
    from hotline.store.retention import Due

ERASED = "（正文已按保存期限删除）"


def erase(session: Session, keyring: Keyring, due: Due, rules: Rules, now: datetime) -> None:
    """Delete the parts of one case for good and note it; the event is the caller's, in the same unit of work."""
    steps = {IDENTITY: _identity, TEXT: _text, EVIDENCES: _evidence}
    held = select(COMPLAINT.c.id, COMPLAINT.c.submission_id).where(COMPLAINT.c.case_id == due.case_id)
    complaints = [(row.id, row.submission_id) for row in session.execute(held)]
    for part in due.parts:
        steps[part](session, keyring, due.case_id, complaints)
    rows = [{"case_id": due.case_id, "part": part, "at": now, "rules": rules.version} for part in due.parts]
    session.execute(insert(ERASURE), rows)


def _identity(session: Session, keyring: Keyring, case_id: str, complaints: list[tuple[str, str]]) -> None:
    """The caller, also where a free text names them: of the texts only the masked one stays.

    A text that is kept could not be masked any more, once nobody knows which name to look for.
    """
    for complaint_id, _ in complaints:
        empty: dict[str, Any] = {
            name: keyring.seal("", binding("reporter", name, complaint_id)) for name in SEALED_REPORTER
        }
        empty |= {"phone_index": None, "id_index": None, "role": ""}
        session.execute(update(REPORTER).where(REPORTER.c.complaint_id == complaint_id).values(**empty))
        masked = select(COMPLAINT.c.masked_text).where(COMPLAINT.c.id == complaint_id)
        _words(session, keyring, complaint_id, session.execute(masked).scalar_one())
        # What came in holds the caller too, in whatever form; the digest that knows a repetition stays, sealed.
        _raw(session, keyring, complaint_id)
        session.execute(delete(FOLLOW_CODE).where(FOLLOW_CODE.c.complaint_id == complaint_id))
    _event_texts(session, case_id)


def _text(session: Session, keyring: Keyring, case_id: str, complaints: list[tuple[str, str]]) -> None:
    for complaint_id, _ in complaints:
        forget_text(session, complaint_id)
        _words(session, keyring, complaint_id, ERASED)
        session.execute(delete(SEARCH_DOC).where(SEARCH_DOC.c.complaint_id == complaint_id))
        _raw(session, keyring, complaint_id)
    _event_texts(session, case_id)
    for row in session.execute(select(DECISION.c.id, DECISION.c.body).where(DECISION.c.case_id == case_id)).all():
        if row.body.get("reasons"):  # The weighted words of the text.
            values = {"body": row.body | {"reasons": []}}
            session.execute(update(DECISION).where(DECISION.c.id == row.id).values(**values))
    flagged = select(CASE_FLAG.c.rule, CASE_FLAG.c.body).where(CASE_FLAG.c.case_id == case_id)
    for row in session.execute(flagged).all():  # The words that made it a suspicion; the rule and the figure stay.
        same = (CASE_FLAG.c.case_id == case_id) & (CASE_FLAG.c.rule == row.rule)
        session.execute(update(CASE_FLAG).where(same).values(body=row.body | {"words": []}))


def _evidence(session: Session, _keyring: Keyring, case_id: str, _complaints: list[tuple[str, str]]) -> None:
    session.execute(delete(EVIDENCE).where(EVIDENCE.c.case_id == case_id))


def _raw(session: Session, keyring: Keyring, complaint_id: str) -> None:
    """Write over what arrived, and delete what was refused of it and put right later."""
    came = select(COMPLAINT.c.submission_id).where(COMPLAINT.c.id == complaint_id).scalar_subquery()
    raw_id = session.execute(select(RAW_SUBMISSION.c.id).where(RAW_SUBMISSION.c.id == came)).scalar_one()
    empty = keyring.seal(b"", binding("raw_submission", "content", raw_id))
    session.execute(update(RAW_SUBMISSION).where(RAW_SUBMISSION.c.id == raw_id).values(content=empty))
    raw = select(RAW_SUBMISSION).where(RAW_SUBMISSION.c.id == raw_id)
    row = session.execute(raw).mappings().one()
    same = (QUARANTINE.c.office_id == row["office_id"]) & (QUARANTINE.c.channel == row["channel"])
    same &= QUARANTINE.c.external_id == row["external_id"]
    session.execute(delete(QUARANTINE).where(or_(QUARANTINE.c.complaint_id == complaint_id, same)))


def _words(session: Session, keyring: Keyring, complaint_id: str, kept: str) -> None:
    """Leave one text of a complaint in place of all its texts."""
    gone = {
        "text": keyring.seal(kept, binding("complaint", "text", complaint_id)),
        "details": keyring.seal(
            canonical_text(dict.fromkeys(DETAILS, "")), binding("complaint", "details", complaint_id)
        ),
        "masked_text": kept,
    }
    session.execute(update(COMPLAINT).where(COMPLAINT.c.id == complaint_id).values(**gone))


def _event_texts(session: Session, case_id: str) -> None:
    events = select(EVENT.c.id).where(EVENT.c.stream == case_id)
    session.execute(delete(EVENT_TEXT).where(EVENT_TEXT.c.event_id.in_(events)))
