"""What bodies and the office submit each week, and urgently: an event with the text, and a row to find it by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from hotline.errors import ConflictError, InvalidInputError
from hotline.records import NewEvent
from hotline.store import events, free_texts
from hotline.store.ids import new_id
from hotline.store.tables import ACCOUNT, EVENT_TEXT, SUBMISSION
from hotline.vocabulary import Action, Term

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlmodel import Session

    from hotline.records import Actor
    from hotline.store.casestore import CaseStore
    from hotline.store.crypto import Keyring

LONGEST = 5000
OFFICE = ""
"""Stands for a body where the office itself submits, to its own recipients."""


class SubmissionKind(Term):
    """报送的种类."""

    WEEKLY = "weekly", "周报"
    URGENT = "urgent", "重要情况"


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission; `recipient` is named where the office submits. `who` is the account's display name."""

    id: str
    body_id: str
    week: date
    kind: SubmissionKind
    recipient: str
    at: datetime
    who: str
    text: str


def submit(
    store: CaseStore,
    office_id: str,
    week: date,
    kind: SubmissionKind,
    text: str,
    *,
    by: Actor,
    now: datetime,
    body_id: str = OFFICE,
    recipient: str = "",
) -> str:
    """Keep a submission of the week that begins on this Monday and return its id; a later one stands beside it.

    Raises:
        InvalidInputError: The text is empty or too long.
        ConflictError: Somebody else submitted in the same moment.
    """
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        message = "请填写报送内容。本周没有情况的，请写“本周无”。"
        raise InvalidInputError(message, text="请填写")
    if len(text) > LONGEST:
        message = f"报送内容最多 {LONGEST} 字，现有 {len(text)} 字，请精简后再报。"
        raise InvalidInputError(message, text=f"最多 {LONGEST} 字")
    stream, submission_id = f"submission:{office_id}:{week.isoformat()}", new_id()
    named = {"body_id": body_id, "week": week.isoformat(), "kind": str(kind), "recipient": recipient}
    new = NewEvent(Action.NOTE, named | {"submission_id": submission_id, "office_id": office_id}, text)
    expected = events.last_seq(store.session, stream)
    try:
        appended = store.append(stream, [new], expected_seq=expected, actor=by, at=now, recorded_at=now)
    except ConflictError:
        message = "别的单位恰在此刻报送，您的没有存入。请再按一次“报送”。"
        raise ConflictError(message) from None
    row = named | {"id": submission_id, "office_id": office_id, "week": week, "event_id": appended[0].id, "at": now}
    store.session.execute(insert(SUBMISSION), [row | {"submitted_by": by.account_id}])
    return submission_id


def submissions(session: Session, keyring: Keyring, office_id: str, since: date, until: date) -> tuple[Submission, ...]:
    """The submissions of the weeks that begin between two days, in their order."""
    joined = SUBMISSION.outerjoin(EVENT_TEXT, EVENT_TEXT.c.event_id == SUBMISSION.c.event_id)
    joined = joined.outerjoin(ACCOUNT, ACCOUNT.c.id == SUBMISSION.c.submitted_by)
    statement = (
        select(SUBMISSION, EVENT_TEXT.c.content, ACCOUNT.c.display_name)
        .select_from(joined)
        .where(SUBMISSION.c.office_id == office_id, SUBMISSION.c.week.between(since, until))
        .order_by(SUBMISSION.c.at, SUBMISSION.c.id)
    )
    found = []
    for row in session.execute(statement):
        kind = SubmissionKind.URGENT if row.kind == SubmissionKind.URGENT else SubmissionKind.WEEKLY
        text = free_texts.open_text(row.event_id, row.content, keyring) if row.content else "（正文已按规定删除）"
        who = row.display_name or row.submitted_by
        found.append(Submission(row.id, row.body_id, row.week, kind, row.recipient, row.at, who, text))
    return tuple(found)


def submitted_bodies(session: Session, office_id: str, week: date) -> dict[str, datetime]:
    """When each body first submitted the week's report (the office's own stands under `OFFICE` and recipient)."""
    wanted = (SUBMISSION.c.office_id == office_id, SUBMISSION.c.week == week, SUBMISSION.c.kind == "weekly")
    statement = select(SUBMISSION.c.body_id, SUBMISSION.c.recipient, SUBMISSION.c.at).where(*wanted)
    found: dict[str, datetime] = {}
    for body_id, recipient, at in session.execute(statement.order_by(SUBMISSION.c.at)):
        found.setdefault(f"{body_id}{recipient}", at)
    return found
