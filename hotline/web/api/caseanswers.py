"""A case as an agency's system may read it: what the page shows without a look at the caller, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hotline.casework.bonds import lacking_of
from hotline.casework.privacy import unnamed
from hotline.casework.receipt import clocks_for, day_only, start_of_receipt
from hotline.errors import NotFoundError
from hotline.store import queries
from hotline.store.api_lists import Listed, updated_at
from hotline.vocabulary import Kind
from hotline.web.api.action_shapes import Choice, Needed, Possible
from hotline.web.api.asking import local, local_or_none
from hotline.web.api.case_shapes import CaseStatus, ClockStatus, LegStatus, ListedCase, RespondentStatus
from hotline.web.cases import UNKNOWN, load_events, offers_of
from hotline.web.caseview import LOOKS
from hotline.web.context import actor
from hotline.web.labels import agency

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hotline.casework.transitions import Offer
    from hotline.records import CaseSnapshot, Clock, Complaint, Leg
    from hotline.store.casestore import CaseStore
    from hotline.vocabulary import Action


def listed_case(listed: Listed) -> ListedCase:
    """A line of the list."""
    line = listed.line
    return ListedCase(
        case_id=line.case_id,
        case_number=line.number,
        state=line.state,
        kind=line.kind,
        urgency=line.urgency,
        category=line.category,
        lead_body_id=line.lead_body_id,
        received_at=local(start_of_receipt(line.received_at) if line.kind == Kind.REPORT else line.received_at),
        updated_at=local(listed.updated_at),
        closed_at=local_or_none(line.closed_at),
        due_at=local_or_none(line.due_at),
    )


def read_status(store: CaseStore, case_id: str) -> CaseStatus:
    """One case, if the token's body may see it.

    Raises:
        NotFoundError: There is none, or it is not the body's: both answers are the same.
    """
    who = actor()
    snapshot, _ = load_events(store, case_id)
    line = queries.case_line(store.session, case_id, who)
    changed = updated_at(store.session, case_id)
    if line is None or changed is None:
        raise NotFoundError(UNKNOWN)
    complaint = store.complaint(snapshot.complaint_id)
    clocks = clocks_for(queries.clocks_of(store.session, case_id), snapshot, who)
    listed = listed_case(Listed(line, changed))
    if day_only(snapshot, who):
        listed = listed.model_copy(update={"received_at": local(start_of_receipt(line.received_at))})
    return CaseStatus(
        **listed.model_dump(),
        **_content(complaint, snapshot),
        setting=line.setting,
        channel=line.channel,
        legs=[_leg(leg, who.body_id) for leg in snapshot.legs],
        clocks=[_clock(clock) for clock in clocks],
        lacking=list(lacking_of(snapshot)) if snapshot.kind is Kind.DISPUTE else [],
        actions=list(_actions(snapshot, clocks)),
    )


def _content(complaint: Complaint, snapshot: CaseSnapshot) -> dict[str, Any]:
    """What was said, without the one who said it: free texts are masked."""
    other = complaint.respondent
    return {
        "text": complaint.masked_text,
        "region": complaint.region.adcode if complaint.region else None,
        "region_name": complaint.region.name if complaint.region else None,
        "goods": unnamed(complaint.goods, complaint, snapshot),
        "amount": None if complaint.amount is None else format(complaint.amount, "f"),
        "happened_on": complaint.happened_on.isoformat() if complaint.happened_on else None,
        "happened_where": unnamed(complaint.happened_where, complaint, snapshot),
        "demand": unnamed(complaint.demand, complaint, snapshot),
        "evidence_note": unnamed(complaint.evidence_note, complaint, snapshot),
        "respondent": RespondentStatus(
            name=other.name, address=other.address, phone=other.phone, platform=other.platform, url=other.url
        ),
    }


def _leg(leg: Leg, own_body: str | None) -> LegStatus:
    return LegStatus(
        leg_id=leg.id,
        body_id=leg.body_id,
        body=agency(leg.body_id),
        role=leg.role.value,
        state=leg.state.value,
        own=leg.body_id == own_body,
        opened_at=local(leg.opened_at),
        signed_at=local_or_none(leg.signed_at),
        closed_at=local_or_none(leg.closed_at),
    )


def _clock(clock: Clock) -> ClockStatus:
    return ClockStatus(
        policy=clock.policy,
        title=clock.title,
        statutory=clock.statutory,
        article=clock.article,
        leg_id=clock.leg_id,
        body_id=clock.body_id,
        started_at=local(clock.started_at),
        due_at=local(clock.due.due_at),
        breach_at=local(clock.due.breach_at),
        paused_since=local_or_none(clock.paused_since),
        stopped_at=local_or_none(clock.stopped_at),
    )


def _actions(snapshot: CaseSnapshot, clocks: Sequence[Clock]) -> Iterator[Possible]:
    for offer in offers_of(snapshot, clocks)[0]:
        if offer.transition.form and offer.transition.action not in LOOKS:
            yield _possible(offer.transition.action, offer)


def _possible(action: Action, offer: Offer) -> Possible:
    needs = [
        Needed(
            name=need.name,
            label=need.label,
            kind=need.kind.value,
            required=need.required,
            choices=[Choice(code=code, label=label) for code, label in need.choices],
        )
        for need in offer.needs
    ]
    return Possible(
        action=action.value, label=action.label, leg_id=offer.leg_id, says=offer.transition.says, needs=needs
    )
