"""Everything the page of one case shows, read in one view of the database and cut to what this person may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from hotline.casework.bonds import TIES
from hotline.casework.legs import current_lead, open_legs
from hotline.casework.policy_lookup import extension_rule
from hotline.casework.privacy import IDENTITY_LABELS, at_desk, texts_for, unnamed
from hotline.casework.receipt import clocks_for, day_only, events_for
from hotline.casework.scene import is_hotline_policy
from hotline.casework.stretches import stretches
from hotline.casework.ties import shown_ties, without_hidden
from hotline.casework.timeshare import shares
from hotline.casework.unsealing import LOOK_WHYS, NEEDS_ANOTHER, closed_to, sealed
from hotline.errors import NotFoundError
from hotline.noticing import hidden_from
from hotline.store import accounts, queries
from hotline.store.focus_marks import focuses_of
from hotline.store.related import related_to
from hotline.vocabulary import Action, Kind, LegRole, LegState
from hotline.web.actionforms import Attempt, Background, Form, asked_clock, forms_of
from hotline.web.bondview import Bonds, bonds_of
from hotline.web.cases import UNKNOWN, load_events, look_leg, offers_of, policies_of
from hotline.web.clockview import ClockView, clock_views
from hotline.web.codes import proof_asked
from hotline.web.context import actor, now, services
from hotline.web.history import Step, steps_of
from hotline.web.labels import policy_title
from hotline.web.quantities import money
from hotline.web.reads import Read, reads_of
from hotline.web.rendering import masked_name, masked_tail
from hotline.web.times import day, moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hotline.casework.calendars import Calendar
    from hotline.casework.timeshare import Share
    from hotline.casework.transitions import Offer
    from hotline.records import Actor, Assignment, CaseEvent, CaseSnapshot, Classification, Clock, Complaint
    from hotline.store.casestore import CaseStore
    from hotline.store.evidence import Evidence
    from hotline.store.focus_marks import FocusLine
    from hotline.store.lines import CaseLine
    from hotline.store.related import Related

LOOKS = frozenset({Action.LOOK, Action.ASK_UNSEAL, Action.UNSEAL, Action.REFUSE_UNSEAL})
KEPT, THERE = "已登记，不公开", "已登记"


@dataclass(frozen=True, slots=True)
class Caller:
    """The reporter panel: `shown` are (label, value), masked unless somebody just looked; `fields` may be looked at."""

    shown: tuple[tuple[str, str], ...]
    fields: frozenset[str]
    open: bool
    anonymous: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """The page. `full` says that the text is the caller's own and not the masked one.

    `closed` says of what is offered no longer why, and what to do instead. `code_on` is what a new code to follow the
    case by is given on, empty where this person gives none.
    """

    snapshot: CaseSnapshot
    received: str
    line: CaseLine
    complaint: Complaint
    text: str
    full: bool
    facts: tuple[tuple[str, str], ...]
    caller: Caller
    clocks: tuple[ClockView, ...]
    classification: Classification | None
    assignment: Assignment | None
    history: tuple[Step, ...]
    evidence: tuple[Evidence, ...]
    reads: tuple[Read, ...]
    bonds: Bonds
    related: Related | None
    forms: tuple[Form, ...]
    closed: tuple[str, ...]
    upload: Offer | None
    focuses: tuple[FocusLine, ...]
    body_id: str | None
    requested: tuple[tuple[str, str, str], ...]
    spent: tuple[Share, ...]
    code_on: str

    look_whys: ClassVar = LOOK_WHYS

    @property
    def looks(self) -> tuple[Step, ...]:
        """Who looked at the caller, when and why, and every request to unseal, the newest first."""
        return tuple(step for step in self.history if step.event.action in LOOKS)

    @property
    def awaited(self) -> tuple[str, ...]:
        """The bodies whose open co legs keep the lead, who is at work, from finishing."""
        lead = current_lead(self.snapshot)
        at_work = lead is not None and lead.state is not LegState.QUEUED and lead in open_legs(self.snapshot)
        waiting = [leg.body_id for leg in open_legs(self.snapshot) if leg.role is LegRole.CO]
        return tuple(waiting) if at_work else ()

    @property
    def main_clocks(self) -> tuple[ClockView, ...]:
        """Running deadlines that this reader answers for: the desk for all, an agency for its own and the case's."""
        return tuple(view for view in self.clocks if view.running and self._answers_for(view))

    @property
    def other_clocks(self) -> tuple[ClockView, ...]:
        """The other running ones: windows, and other agencies' deadlines."""
        return tuple(view for view in self.clocks if view.running and not self._answers_for(view))

    @property
    def ended(self) -> tuple[ClockView, ...]:
        """Clocks that have ended."""
        return tuple(view for view in self.clocks if not view.running)

    def _answers_for(self, view: ClockView) -> bool:
        return not view.window and (self.body_id is None or view.clock.body_id in (None, self.body_id))


def read_case(store: CaseStore, case_id: str, *, attempt: Attempt | None, looked: bool) -> CaseView:
    """Read one case for the signed-in account.

    Raises:
        NotFoundError: There is no such case, or the account may not see it.
    """
    who = actor()
    snapshot, events = load_events(store, case_id)
    line = queries.case_line(store.session, case_id, who)
    if line is None:  # The database and the events disagree; the narrower one wins.
        raise NotFoundError(UNKNOWN)
    complaint = store.complaint(snapshot.complaint_id)
    _, fields = look_leg(snapshot, who)
    # Of a 举报 the text too is closed until the look is recorded: it may say who the informer is.
    full = bool(fields) and (looked or not closed_to(snapshot, who))
    texts = store.event_texts(case_id)
    if not full:
        texts = texts_for(texts, events, complaint, snapshot, who)
    names = accounts.display_names(store.session, [event.actor_id for event in events])
    clocks, assignment = clocks_for(queries.clocks_of(store.session, case_id), snapshot, who), store.assignment(case_id)
    offers, closed = offers_of(snapshot, clocks)
    hidden = hidden_from(snapshot, events, who, now())
    evidence = tuple(each for each in store.evidence_list(case_id) if each.id not in hidden)
    ties = shown_ties(store, snapshot, events, who, now())
    seen = events_for(seen_by(store, events, ties, who), snapshot, who)
    return CaseView(
        snapshot=snapshot,
        received=(day if day_only(snapshot, who) else moment)(snapshot.received_at),
        line=line,
        complaint=complaint,
        text=complaint.text if full else complaint.masked_text,
        full=full,
        facts=tuple(_facts(complaint, snapshot, full=full)),
        caller=_caller(complaint, fields, looked=looked, snapshot=snapshot, who=who),
        clocks=clock_views(clocks),
        classification=store.classification(case_id),
        assignment=assignment,
        history=steps_of(snapshot, seen, texts, names),
        evidence=evidence,
        reads=reads_of(store, case_id, evidence),
        bonds=bonds_of(store, snapshot, events, complaint, who, ties=ties, free=fields),
        related=related_to(store, complaint, of_caller=full) if at_desk(snapshot, who) else None,
        forms=forms_of(offers, Background(snapshot, assignment, clocks, attempt)),
        closed=closed,
        upload=_upload(offers),
        focuses=focuses_of(store.session, case_id),
        body_id=who.body_id,
        requested=tuple(_requested(snapshot, clocks)),
        code_on=proof_asked(snapshot, complaint, who) if services().settings.follow else "",
        spent=shares(stretches(events), _calendar(snapshot), snapshot.closed_at or now()),
    )


def seen_by(store: CaseStore, events: Sequence[CaseEvent], ties: frozenset[str], who: Actor) -> list[CaseEvent]:
    """The events that this person may see: not a link that tells who reports, nor one to a case that they may not see.

    How many there are is what a form says the person has seen: a number that is left out would tell of a link.
    """
    events = without_hidden(events, ties)
    linked = {str(event.data.get("case", "")) for event in events if event.action in TIES}
    open_ones = {case_id for case_id in linked if queries.case_line(store.session, case_id, who) is not None}
    return [event for event in events if event.action not in TIES or event.data.get("case") in open_ones]


def _calendar(snapshot: CaseSnapshot) -> Calendar:
    """The calendar at the place of the case's office."""
    return services().rulebook.clock_rules.calendar_for(services().office(snapshot.office_id))


def _requested(snapshot: CaseSnapshot, clocks: Sequence[Clock]) -> Iterator[tuple[str, str, str]]:
    """Open requests for more time on clocks that still run: which clock, how much, and who decides."""
    policies = policies_of(snapshot)
    for request in snapshot.extensions:
        rule = extension_rule(policies, request.policy, snapshot.urgency)
        if rule is not None and asked_clock(clocks, request) is not None:
            approver = "办公室督办员" if is_hotline_policy(request.policy) else "本单位负责人"
            yield policy_title(request.policy), f"{request.amount} {rule.unit.label}", approver


def _facts(complaint: Complaint, snapshot: CaseSnapshot, *, full: bool) -> list[tuple[str, str]]:
    def free(text: str) -> str:
        return text if full else unnamed(text, complaint, snapshot)

    respondent = complaint.respondent
    rows = [
        ("被投诉人", respondent.name),
        ("被投诉人地址", respondent.address),
        ("被投诉人电话", respondent.phone),
        ("平台", respondent.platform),
        ("网址", respondent.url),
        ("商品或服务", complaint.goods),
        ("金额", money(complaint.amount)),
        ("发生日期", day(complaint.happened_on)),
        ("发生地点", free(complaint.happened_where)),
        ("地区", complaint.region.name if complaint.region else ""),
        ("地点提示", free(complaint.location_hint)),
        ("诉求", free(complaint.demand)),
        ("证据说明", free(complaint.evidence_note)),
    ]
    return [(label, value) for label, value in rows if value]


def _caller(
    complaint: Complaint, fields: frozenset[str], *, looked: bool, snapshot: CaseSnapshot, who: Actor
) -> Caller:
    reporter = complaint.reporter
    shown = []
    for name, label in IDENTITY_LABELS.items():
        value = getattr(reporter, name)
        if value:
            hidden = _hidden(name, value) if name in fields else KEPT
            shown.append((label, value if looked and name in fields else hidden))
    if reporter.role:
        shown.append(("身份", reporter.role))
    there = frozenset(name for name in fields if getattr(reporter, name))
    why_not = _why_not(snapshot, who)
    return Caller(tuple(shown), there, open=looked, anonymous=reporter.anonymous, why_not=why_not)


def _why_not(snapshot: CaseSnapshot, who: Actor) -> str:
    """What to tell somebody who may not look."""
    if sealed(snapshot):
        return "举报人身份密封。确需联系，请用“申请启封”写明理由，由另一位督办员同意后查看。"
    if closed_to(snapshot, who):
        return NEEDS_ANOTHER
    lead = "和办理中的牵头单位" if snapshot.kind is Kind.DISPUTE else ""
    return f"身份只对派单台{lead}开放，需要联系请通过派单台。"


def _hidden(name: str, value: str) -> str:
    """For who may look: enough to tell two callers apart. Who may not look learns only that it is there."""
    if name == "address":
        return THERE
    return masked_name(value) if name == "name" else masked_tail(value)


def _upload(offers: Sequence[Offer]) -> Offer | None:
    return next((offer for offer in offers if offer.transition.action is Action.EVIDENCE), None)
