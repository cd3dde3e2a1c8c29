"""What callers said at the follow-up, kept with the events: the ground of 解决率 and 满意率."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.store.dialect import upsert
from hotline.store.tables import CASE, FOLLOW_UP_ANSWER
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlmodel import Session

    from hotline.records import CaseEvent


def note_answers(session: Session, events: Iterable[CaseEvent]) -> None:
    """Keep the answer of each follow-up among these events; a later one of the same case takes the place of it."""
    for event in events:
        if event.action is not Action.FOLLOW_UP:
            continue
        found = select(CASE.c.office_id, CASE.c.lead_body_id).where(CASE.c.id == event.case_id)
        row = session.execute(found).first()
        if row is None:
            continue
        solved = event.data.get("solved")
        answer = {
            "case_id": event.case_id,
            "office_id": row.office_id,
            "body_id": row.lead_body_id or "",
            "at": event.at,
            "satisfied": str(event.data.get("satisfied") or ""),
            "solved": solved if isinstance(solved, bool) else None,
        }
        upsert(session, FOLLOW_UP_ANSWER, [answer], key=("case_id",))
