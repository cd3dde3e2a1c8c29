"""拆分: out of one case the second matter it holds becomes a case of its own (121号令第9、27条).

The new case keeps the day of receipt, so that its own clocks run from there; the two stay linked. The same serves to
take the clue of a dispute as a report: also where nobody gave a name, or where the caller has withdrawn.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.casework.bonds import links_of
from hotline.casework.desk import register
from hotline.casework.linking import link, related_kind
from hotline.casework.preparation import Choice, Prepared, decide, focus_marks
from hotline.casework.state import replay
from hotline.casework.unsealing import closed_to
from hotline.errors import NotFoundError, TransitionError
from hotline.moments import SHANGHAI
from hotline.records import RawSubmission
from hotline.store.ids import new_id
from hotline.store.numbers import take_numbers
from hotline.store.repeats import number_of
from hotline.vocabulary import Relation

if TYPE_CHECKING:
    from hotline.casework.desk import Registered
    from hotline.records import Actor, CaseSnapshot, Complaint
    from hotline.store.casestore import CaseStore
    from hotline.wiring import Services

UNKNOWN = "没有这件工单，请核对编号。"


def split_off(services: Services, case_id: str, actor: Actor, *, text: str = "", dispatch: bool = False) -> Registered:
    """Make the other matter a case of its own, linked to this one; route it as its kind asks.

    Raises:
        NotFoundError: No such case.
        TransitionError: It was split before.
        ConflictError: It is a question, or somebody split it a moment ago.
    """
    with services.read() as store:
        snapshot, complaint, number = _read(store, case_id)
        content = store.raw_content(complaint.submission_id)
    if any(each.relation is Relation.SPLIT for each in links_of(snapshot)):
        message = "本件已经拆分过，请从“关联工单”打开另一件。"
        raise TransitionError(message)
    prepared = _prepared(services, snapshot, complaint, content)
    year = services.now().astimezone(SHANGHAI).year
    office = services.office(snapshot.office_id)
    taken = take_numbers(services.engine, office.number_prefix, year, 1)[0]
    desk, now = services.desk(snapshot.office_id), services.now()
    with services.write() as store:
        made = register(store, prepared, desk=desk, actor=actor, now=now, number=taken, dispatch=dispatch)
        link(
            store,
            (case_id, number),
            (made.case_id, taken),
            Relation.SPLIT,
            desk=desk,
            actor=actor,
            now=now,
            text=text,
            out_of_report=closed_to(snapshot, actor),
        )
    return made


def _read(store: CaseStore, case_id: str) -> tuple[CaseSnapshot, Complaint, str]:
    events, number = store.events(case_id), number_of(store.session, case_id)
    if not events or number is None:
        raise NotFoundError(UNKNOWN)
    snapshot = replay(events)
    return snapshot, store.complaint(snapshot.complaint_id), number


def _prepared(services: Services, snapshot: CaseSnapshot, complaint: Complaint, content: bytes) -> Prepared:
    """The second complaint: the same words of the same person, of the other kind, under a key of its own."""
    kind = related_kind(snapshot.kind)
    complaint_id, submission_id = new_id(), new_id()
    second = replace(
        complaint,
        id=complaint_id,
        submission_id=submission_id,
        external_id=f"{complaint.external_id}-{kind.value}",
        kind=kind,
        urgency=snapshot.urgency,
        linked_to=complaint.id,
    )
    office, book = services.office(snapshot.office_id), services.rulebook
    chosen = Choice(snapshot.category, snapshot.setting, reason="拆分自另一件工单")
    classification, assignment = decide(second, office=office, rulebook=book, chosen=chosen)
    return Prepared(
        raw=RawSubmission(
            id=submission_id,
            office_id=snapshot.office_id,
            channel=complaint.channel,
            external_id=second.external_id,
            received_at=complaint.received_at,
            content=content,
            digest=services.keyring.sign(content + kind.value.encode()),
        ),
        complaint=second,
        classification=classification,
        assignment=assignment,
        category=snapshot.category,
        setting=snapshot.setting,
        chosen=chosen,
        focuses=focus_marks(second, snapshot.category, snapshot.setting, office=office, rulebook=book),
    )
