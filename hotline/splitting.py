"""拆分: out of one case the second matter it holds becomes a case of its own (121号令第9、27条).

The new case keeps the day of receipt, so that its own clocks run from there; the two stay linked. The same serves to
take the clue of a dispute as a report: also where nobody gave a name, or where the caller has withdrawn.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.casework.bonds import links_of
from hotline.casework.linking import link, related_kind
from hotline.casework.preparation import Choice, Prepared, decide, focus_marks
from hotline.casework.privacy import knows_caller
from hotline.casework.state import replay
from hotline.casework.unsealing import guarded
from hotline.errors import ForbiddenError, NotFoundError, TransitionError
from hotline.intake.normalise import hidden, normalise
from hotline.records import RawSubmission
from hotline.registering import register_together
from hotline.store.ids import new_id
from hotline.store.respondent_members import number_of
from hotline.vocabulary import Kind, Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.casework.desk import Registered
    from hotline.records import Actor, CaseSnapshot, Complaint
    from hotline.registering import Opened
    from hotline.services import Services
    from hotline.store.casestore import CaseStore

UNKNOWN = "没有这件工单，请核对编号。"


def split_off(
    services: Services, case_id: str, actor: Actor, *, text: str = "", told: str = "", dispatch: bool = False
) -> Registered:
    """Make the other matter a case of its own, linked to this one; route it as its kind asks.

    `text` is why; `told` is the second matter in words of its own, empty where it keeps the first one's. Equal texts
    tell an agency that has both cases that one person told both.

    Raises:
        ForbiddenError: Own words, where who called is closed to the actor.
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
    if told and guarded(snapshot) and not knows_caller(snapshot, actor, services.now()):
        # What of these words is hidden would tell which of the names in them is the informer's.
        message = "来电人身份对您密封，不能另写拆出的内容；请由登记人拆分，或先申请启封。"
        raise ForbiddenError(message)
    prepared = _prepared(services, snapshot, complaint, content, told)
    desk, now = services.desk(snapshot.office_id), services.now()

    def tie(store: CaseStore, opened: Sequence[Opened]) -> None:
        """Link it to the case that it came out of, in the transaction that registers it."""
        other = opened[0].case_id
        number_of_other = opened[0].number or number_of(store.session, other) or ""
        link(
            store,
            (case_id, number),
            (other, number_of_other),
            Relation.SPLIT,
            desk=desk,
            actor=actor,
            now=now,
            text=text,
            out_of_report=guarded(snapshot),
        )

    (made,) = register_together(services, [prepared], actor, dispatch=dispatch, then=tie)
    return made


def _read(store: CaseStore, case_id: str) -> tuple[CaseSnapshot, Complaint, str]:
    events, number = store.events(case_id), number_of(store.session, case_id)
    if not events or number is None:
        raise NotFoundError(UNKNOWN)
    snapshot = replay(events)
    return snapshot, store.complaint(snapshot.complaint_id), number


def _in_own_words(complaint: Complaint, told: str, *, whole: bool) -> Complaint:
    """The complaint as the second matter is told; demand and sum stay with the first one where it has own words."""
    if not told:
        return hidden(complaint, whole=whole)
    read = normalise(told, received_at=complaint.received_at, reporter=complaint.reporter, whole=whole)
    own = replace(complaint, text=read.text, masked_text=read.masked_text, demand="", evidence_note="", amount=None)
    return hidden(own, whole=whole)


def _prepared(services: Services, snapshot: CaseSnapshot, complaint: Complaint, content: bytes, told: str) -> Prepared:
    """The second complaint: of the same person, of the other kind, under a key of its own."""
    kind = related_kind(snapshot.kind)
    complaint_id, submission_id = new_id(), new_id()
    second = replace(
        _in_own_words(complaint, told, whole=kind is Kind.REPORT),
        id=complaint_id,
        submission_id=submission_id,
        external_id=f"{complaint.external_id}-{kind.value}",
        kind=kind,
        urgency=snapshot.urgency,
        linked_to=complaint.id,
    )
    office, book = services.office(snapshot.office_id), services.rulebook
    # No word of the split stands beside the route: agencies read it, and it would tell them whose report this is.
    chosen = Choice(snapshot.category, snapshot.setting)
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
