"""Repeats: the other complaints against the same respondent, found through the key table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.intake.respondents import respondent_keys, same_respondent
from hotline.store.respondent_members import Member, members_with
from hotline.store.tables import RESPONDENT_KEY

if TYPE_CHECKING:
    from sqlmodel import Session

    from hotline.intake.respondents import Evidence
    from hotline.records import Complaint

PER_KEY = 60


@dataclass(frozen=True, slots=True)
class Repeat:
    """An earlier or later complaint against the same respondent, and why it is taken for the same."""

    member: Member
    evidence: tuple[Evidence, ...]


def repeats_of(session: Session, complaint: Complaint, *, with_half: bool = False) -> tuple[Repeat, ...]:
    """The office's other complaints against the same respondent, the newest first; never more than an index gives.

    The other half of a split is the same matter and no repeat. For somebody who may not know that it is one
    (`with_half`) it stands among the others: what is missing there would tell them.
    """
    candidates: set[str] = set()
    for key in respondent_keys(complaint.respondent):
        statement = (
            select(RESPONDENT_KEY.c.complaint_id)
            .where(RESPONDENT_KEY.c.office_id == complaint.office_id, RESPONDENT_KEY.c.key == key)
            .order_by(RESPONDENT_KEY.c.complaint_id.desc())
            .limit(PER_KEY)
        )
        candidates.update(session.execute(statement).scalars())
    candidates -= {complaint.id, "" if with_half else complaint.linked_to or ""}
    found = []
    for member in members_with(session, candidates).values():
        evidence = same_respondent(complaint.respondent, member.respondent)
        if evidence and (with_half or member.linked_to != complaint.id):
            found.append(Repeat(member, evidence))
    return tuple(sorted(found, key=lambda repeat: repeat.member.received_at, reverse=True))
