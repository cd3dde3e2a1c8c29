"""What pages show of matters: the panel of a case, and one matter whole, cut to what this person may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.crime_rules import load_crime_rules
from hotline.casework.joint_moves import COOPERATE_ANSWERS, JOINT_ANSWERS
from hotline.casework.matters import matter_of, matter_visible, matters_of
from hotline.casework.privacy import at_desk, texts_for, visible
from hotline.casework.state import replay
from hotline.casework.ties import steps_in
from hotline.casework.transfer_terms import DOCUMENTS
from hotline.casework.unsealing import closed_to
from hotline.errors import NotFoundError
from hotline.store import accounts, queries
from hotline.store.crime_marks import flags_of
from hotline.store.matters import case_of_matter, number_of
from hotline.web.clockview import clock_views
from hotline.web.context import actor
from hotline.web.history import steps_of
from hotline.web.matters.forms import matter_forms

if TYPE_CHECKING:
    from hotline.casework.crime_flag import CrimeFlag
    from hotline.casework.matter_words import Matter
    from hotline.records import CaseEvent, CaseSnapshot, Complaint
    from hotline.store.casestore import CaseStore
    from hotline.web.clockview import ClockView
    from hotline.web.history import Step
    from hotline.web.matters.forms import MatterForm, Tried

UNKNOWN = "没有这个事项，或者您无权查看。请从列表重新打开。"
ANSWERS = dict((*JOINT_ANSWERS, *COOPERATE_ANSWERS, ("forwarded", "已转送"))) | {
    "forward": "已转送",
    "police_file": "立案",
    "police_not_file": "不予立案",
}


@dataclass(frozen=True, slots=True)
class MatterPanel:
    """What the page of a case says of possible crime and of matters, and what may be begun, `seen` so many events."""

    flags: tuple[CrimeFlag, ...]
    matters: tuple[Matter, ...]
    forms: tuple[MatterForm, ...]
    seen: int


@dataclass(frozen=True, slots=True)
class MatterView:
    """One matter: `opens_case` says whether this person may see its case too; the complaint is always masked."""

    snapshot: CaseSnapshot
    matter: Matter
    number: str
    complaint: Complaint
    flags: tuple[CrimeFlag, ...]
    clocks: tuple[ClockView, ...]
    history: tuple[Step, ...]
    forms: tuple[MatterForm, ...]
    crime: str
    documents: tuple[str, ...]
    opens_case: bool
    seen: int


def read_panel(store: CaseStore, snapshot: CaseSnapshot, tried: Tried | None = None) -> MatterPanel:
    """The panel of a case that the signed-in account may see."""
    mine = tuple(matter for matter in matters_of(snapshot) if matter_visible(snapshot, matter, actor()))
    seen = steps_in(store.events(snapshot.case_id))
    flags = flags_of(store.session, snapshot.case_id)
    return MatterPanel(flags, mine, matter_forms(snapshot, "", tried, flags), seen)


def load_matter(store: CaseStore, matter_id: str) -> tuple[CaseSnapshot, Matter, tuple[CaseEvent, ...]]:
    """A matter with its case and events, if the signed-in account may see it.

    Raises:
        NotFoundError: There is no such matter, or the account may not see it: both answers are the same.
    """
    case_id = case_of_matter(store.session, matter_id)
    events = store.events(case_id) if case_id else ()
    snapshot = replay(events) if events else None
    matter = matter_of(snapshot, matter_id) if snapshot else None
    if snapshot is None or matter is None or not matter_visible(snapshot, matter, actor()):
        raise NotFoundError(UNKNOWN)
    return snapshot, matter, events


def read_matter(store: CaseStore, matter_id: str, tried: Tried | None = None) -> MatterView:
    """Everything the page of one matter shows.

    Raises:
        NotFoundError: There is no such matter, or the account may not see it.
    """
    snapshot, matter, events = load_matter(store, matter_id)
    own = tuple(event for event in events if event.data.get("matter_id") == matter_id)
    complaint = store.complaint(snapshot.complaint_id)
    ids = {event.id for event in own}
    texts = {key: text for key, text in store.event_texts(snapshot.case_id).items() if key in ids}
    if not at_desk(snapshot, actor()) or closed_to(snapshot, actor()):
        texts = texts_for(texts, events, complaint, snapshot, actor())
    names = accounts.display_names(store.session, [event.actor_id for event in own])
    clocks = [each for each in queries.clocks_of(store.session, snapshot.case_id) if each.holder_id == matter_id]
    crimes = {rule.id: rule.crime for rule in load_crime_rules()}
    papers = dict(DOCUMENTS)
    return MatterView(
        snapshot=snapshot,
        matter=matter,
        number=number_of(store.session, snapshot.case_id),
        complaint=complaint,
        flags=flags_of(store.session, snapshot.case_id),
        clocks=clock_views(clocks),
        history=steps_of(snapshot, own, texts, names),
        forms=matter_forms(snapshot, matter_id, tried),
        crime=crimes.get(matter.crime, matter.crime),
        documents=tuple(papers.get(each, each) for each in matter.documents),
        opens_case=visible(snapshot, actor()),
        seen=steps_in(events),
    )
