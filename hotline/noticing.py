"""告知书: written where the law says 告知, kept sealed with the case, before the telling stops the clock.

The telling itself (how, when, to whom) is the event NOTIFY; this makes the paper it speaks of. A notice names its
caller only where whoever writes it may know the name; such a paper is then handed out to nobody who may not.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hotline.casework import notices
from hotline.casework.desk import act
from hotline.casework.legs import current_lead
from hotline.casework.privacy import look_fields, texts_for
from hotline.casework.state import replay
from hotline.casework.unsealing import guarded
from hotline.errors import NotFoundError, TransitionError
from hotline.intake.channels import load_channels
from hotline.moments import local_date
from hotline.records import Command
from hotline.reports.notice_paper import DOCX_TYPE, notice_docx
from hotline.store import queries
from hotline.store.ids import new_id
from hotline.store.respondent_members import number_of
from hotline.vocabulary import DESK_ROLES, Action, Kind, NoticeSubject

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.casework.desk import Desk
    from hotline.records import Actor, CaseEvent, CaseSnapshot, Complaint, Json, Leg
    from hotline.store.casestore import CaseStore
    from hotline.store.evidence import Evidence

ON_THE_SPOT = {
    Action.ACCEPT: NoticeSubject.ACCEPTANCE,
    Action.DECLINE: NoticeSubject.ACCEPTANCE,
    Action.TERMINATE: NoticeSubject.TERMINATION,
}
"""Steps in which the caller can be told at once."""


def subject_told(command: Command) -> NoticeSubject | None:
    """What a command tells the caller, None where it tells nothing."""
    if command.action is Action.NOTIFY:
        return next((each for each in NoticeSubject if each == command.data.get("subject")), None)
    return ON_THE_SPOT.get(command.action) if command.data.get("told") is True else None


def writable(snapshot: CaseSnapshot, events: tuple[CaseEvent, ...]) -> tuple[NoticeSubject, ...]:
    """The subjects that are decided and have no notice yet; none for an anonymous caller or a question."""
    lead = current_lead(snapshot)
    if lead is None or not snapshot.named or snapshot.kind is Kind.INQUIRY:
        return ()
    return tuple(
        subject
        for subject in NoticeSubject
        if notices.decision_on(events, lead.id, subject) and not notices.notice_of(events, lead.id, subject)
    )


def ensure_notice(
    store: CaseStore, case_id: str, subject: NoticeSubject, *, desk: Desk, actor: Actor, now: datetime, reply: str = ""
) -> Evidence | None:
    """Write the notice of a subject if it is not written yet and there is somebody to tell.

    Raises:
        ForbiddenError, TransitionError: The actor may not keep papers in this case now.
    """
    events = store.events(case_id)
    snapshot = replay(events)
    lead = current_lead(snapshot)
    if lead is None or not snapshot.named or snapshot.kind is Kind.INQUIRY:
        return None
    if notices.notice_of(events, lead.id, subject) is not None:
        return None
    if notices.decision_on(events, lead.id, subject) is None and subject is not NoticeSubject.RESULT:
        message = f"还没有作出决定，不能写“{subject.label}”的告知书；请先登记相应的步骤。"
        raise TransitionError(message)
    return _write(store, snapshot, events, lead, subject, desk=desk, actor=actor, now=now, reply=reply)


def hidden_from(snapshot: CaseSnapshot, events: tuple[CaseEvent, ...], actor: Actor, now: datetime) -> frozenset[str]:
    """The papers of a case that name its caller, where this actor may not know the name."""
    sees = any("name" in look_fields(snapshot, leg, actor, now) for leg in (None, *snapshot.legs))
    if sees:
        return frozenset()
    return frozenset(
        str(event.data["evidence_id"])
        for event in events
        if event.action is Action.EVIDENCE and event.data.get("to_caller") is True
    )


def _write(
    store: CaseStore,
    snapshot: CaseSnapshot,
    events: tuple[CaseEvent, ...],
    lead: Leg,
    subject: NoticeSubject,
    *,
    desk: Desk,
    actor: Actor,
    now: datetime,
    reply: str,
) -> Evidence:
    complaint = store.complaint(snapshot.complaint_id)
    matter = _matter(store, snapshot, events, lead, complaint, desk=desk, actor=actor, now=now)
    number = notices.next_number(matter.number, events, now)
    paper = notices.paper_for(matter, subject, number, now, reply=reply)
    content, evidence_id = notice_docx(paper, now), new_id()
    leg_id = None if actor.role in DESK_ROLES else lead.id
    data: dict[str, Json] = {
        "evidence_id": evidence_id,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "notice": subject.value,
        "notice_number": number,
        "to_caller": bool(matter.caller),
    }
    act(store, snapshot.case_id, Command(Action.EVIDENCE, leg_id, data), desk=desk, actor=actor, now=now)
    return store.add_evidence(
        case_id=snapshot.case_id,
        leg_id=leg_id,
        filename=f"{paper.title} {number}.docx",
        media_type=DOCX_TYPE,
        content=content,
        uploaded_by=actor.account_id,
        at=now,
        evidence_id=evidence_id,
    )


def _matter(
    store: CaseStore,
    snapshot: CaseSnapshot,
    events: tuple[CaseEvent, ...],
    lead: Leg,
    complaint: Complaint,
    *,
    desk: Desk,
    actor: Actor,
    now: datetime,
) -> notices.Matter:
    number = number_of(store.session, snapshot.case_id)
    if number is None:
        message = "没有这件工单，请核对编号。"
        raise NotFoundError(message)
    body, channel = desk.rulebook.directory.bodies.get(lead.body_id), load_channels().get(snapshot.channel)
    named = "name" in look_fields(snapshot, None if actor.role in DESK_ROLES else lead, actor, now)
    texts = store.event_texts(snapshot.case_id)
    if not named:
        # Whoever may not know the caller may not learn of it from a note either. Others read the paper: what its maker
        # wrote stands unmasked for the maker alone, so of a 举报 it is left out, whatever it says.
        own = {event.id for event in events if event.actor_id == actor.account_id} if guarded(snapshot) else set()
        shown = texts_for(texts, events, complaint, snapshot, actor)
        texts = {key: text for key, text in shown.items() if key not in own}
    return notices.Matter(
        snapshot=snapshot,
        number=number,
        events=events,
        texts=texts,
        clocks=queries.clocks_of(store.session, snapshot.case_id),
        policies=desk.rulebook.clock_rules.policies_for(desk.office, local_date(snapshot.received_at)),
        leg=lead,
        body=body.name if body else lead.body_id,
        caller=complaint.reporter.name.strip() if named else "",
        respondent=complaint.respondent.name,
        channel=f"{channel.name}（{channel.code}）" if channel else snapshot.channel,
    )
