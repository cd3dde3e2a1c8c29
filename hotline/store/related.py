"""What may be the same matter as a complaint: the same caller, the same respondent, much the same text.

Candidates come from three indexes and are judged by `intake.likeness`. Of another office's cases only their existence
is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from hotline.intake.likeness import Sameness, Told
from hotline.records import Reporter
from hotline.store.related_callers import ID_NUMBER, PHONE, of_caller
from hotline.store.related_candidates import WORDS, read_candidates
from hotline.store.related_judging import judge_candidate
from hotline.store.related_lines import RelatedLine, lines_of
from hotline.store.related_respondents import of_respondent, respondent_elsewhere
from hotline.store.text_grams import sharing

if TYPE_CHECKING:
    from sqlmodel import Session

    from hotline.records import Complaint
    from hotline.store.casestore import CaseStore

Indexes: TypeAlias = str | tuple[str, ...] | None
"""A blind index, or the same under each key while the key changes."""
_ORDER = (Sameness.SAME, Sameness.GROUP, None, Sameness.COPY)


@dataclass(frozen=True, slots=True)
class Related:
    """The office's related complaints; `elsewhere` says that another office has some, and no more."""

    lines: tuple[RelatedLine, ...]
    elsewhere: bool


def related(
    session: Session,
    office_id: str,
    told: Told,
    *,
    phone_index: Indexes = None,
    id_index: Indexes = None,
    exclude_complaint: str | None = None,
    limit: int = 20,
) -> Related:
    """The office's complaints that may be the same matter as what is told, the likeliest first.

    Args:
        session: A reading unit of work.
        office_id: The office that asks.
        told: The masked text, the kind where it is known, and the respondent, as typed so far.
        phone_index: `Keyring.blind_index("phone", …)` or `blind_indexes` of the caller's phone.
        id_index: Likewise of the ID number, with kind `id_number`.
        exclude_complaint: The complaint itself, where it is saved already.
        limit: How many at most.
    """
    caller = {PHONE: _given(phone_index), ID_NUMBER: _given(id_index)}
    ids = {each for reason, indexes in caller.items() for each in of_caller(session, reason, indexes)}
    keyed = set(of_respondent(session, office_id, told.respondent))
    ids |= {*keyed, *sharing(session, told.text)}
    ids.discard(exclude_complaint or "")
    found = [judge_candidate(row, told, caller, keyed=row["id"] in keyed) for row in read_candidates(session, ids)]
    judged = [each for each in found if each.reasons]
    own = [each for each in judged if each.row["office_id"] == office_id]
    own.sort(key=lambda each: each.row["id"], reverse=True)
    own.sort(key=lambda each: (_ORDER.index(each.sameness), -len(set(each.reasons) - {WORDS}), -each.likeness))
    elsewhere = len(own) < len(judged) or respondent_elsewhere(session, office_id, told.respondent)
    return Related(lines_of(session, own[:limit], told), elsewhere)


def related_to(store: CaseStore, complaint: Complaint, *, of_caller: bool, limit: int = 20) -> Related:
    """The same of a complaint that is kept; by who called only for who may know that: one of these may be an informer.

    Args:
        store: A reading unit of work.
        complaint: What the others are compared with.
        of_caller: Whether those of the same caller are looked for too.
        limit: How many at most.
    """
    reporter, keyring = complaint.reporter if of_caller else Reporter(), store.keyring
    return related(
        store.session,
        complaint.office_id,
        Told(complaint.masked_text, complaint.kind, complaint.respondent),
        phone_index=keyring.blind_indexes("phone", reporter.phone) if reporter.phone else None,
        id_index=keyring.blind_indexes("id_number", reporter.id_number) if reporter.id_number else None,
        exclude_complaint=complaint.id,
        limit=limit,
    )


def _given(indexes: Indexes) -> tuple[str, ...]:
    return (indexes,) if isinstance(indexes, str) else indexes or ()
