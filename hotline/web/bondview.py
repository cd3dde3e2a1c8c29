"""What ties a case to others, as its page shows it: links, repeats of the respondent, what is missing, papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.bonds import links_of, open_demands
from hotline.casework.completeness import LACKING, SUPPLEMENTS, missing_for
from hotline.casework.lifecycle import allowed
from hotline.casework.linking import COPIED, TOLD_EACH
from hotline.casework.privacy import IDENTITY_LABELS, MEDIATION_FIELDS, at_desk
from hotline.casework.supplementing import stands
from hotline.intake.respondents import LABELS
from hotline.noticing import writable
from hotline.store import queries, repeats
from hotline.store.merging import members_of
from hotline.vocabulary import Action, Kind, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.casework.bonds import Demand, Link
    from hotline.records import Actor, CaseEvent, CaseSnapshot, Complaint
    from hotline.store.casestore import CaseStore
    from hotline.store.lines import CaseLine
    from hotline.store.merging import Member
    from hotline.store.repeats import Repeat
    from hotline.vocabulary import NoticeSubject

SHOWN_REPEATS = 12
FIELD_NAMES = {"respondent_platform": "platform", "respondent_url": "url"}
"""Where the field of the form is called otherwise than the code of the event."""
CODES = {form: code for code, form in FIELD_NAMES.items()}
UNASKED = frozenset({"facts"})
"""Asked in a field of its own, of several lines."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A linked case; `line` is None where this reader may not see it."""

    link: Link
    line: CaseLine | None


@dataclass(frozen=True, slots=True)
class Tried:
    """One of these panels' forms that was refused: which it is, why, and what was typed, so that nothing is lost."""

    form: str
    problem: str
    typed: Mapping[str, str]

    def kept(self, form: str, name: str) -> str:
        """What was typed into this field; empty where another form was sent."""
        return self.typed.get(name, "") if form == self.form else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of the form that completes a complaint.

    `missing` where 第10条 asks for it and nothing is there, `replaces` where what is filled in takes the place of what
    this reader may put right.
    """

    name: str
    label: str
    missing: bool
    replaces: bool


@dataclass(frozen=True, slots=True)
class Bonds:
    """The panels about other cases, and what this reader may do there.

    `told` is how often something was completed: a form that says less was written before somebody else's.
    """

    links: tuple[Linked, ...]
    repeats: tuple[Repeat, ...]
    total_repeats: int
    demands: tuple[Demand, ...]
    missing: tuple[str, ...]
    asked: tuple[Asked, ...]
    papers: tuple[NoticeSubject, ...]
    group: tuple[Member, ...]
    others: tuple[Member, ...]
    may_link: bool
    may_split: bool
    may_supplement: bool
    told: int
    relations: tuple[Relation, ...] = (Relation.DUPLICATE, Relation.RELATED)

    @property
    def tied(self) -> frozenset[str]:
        """The ids of the linked cases."""
        return frozenset(each.link.case_id for each in self.links)

    def copies(self, action: Action) -> tuple[tuple[str, str], ...]:
        """The other open cases of the same matter, as (case id, number), that this action may be done to as well."""
        if action not in COPIED | TOLD_EACH:
            return ()
        return tuple((each.case_id, each.number) for each in self.others if each.closed_at is None)


def evidence_words(repeat: Repeat) -> str:
    """Why a respondent is taken for the same, in words."""
    return "；".join(f"{LABELS[item.field]}“{item.words.split('|')[-1]}”" for item in repeat.evidence)


def bonds_of(
    store: CaseStore,
    snapshot: CaseSnapshot,
    events: tuple[CaseEvent, ...],
    complaint: Complaint,
    who: Actor,
    *,
    ties: frozenset[str],
    free: frozenset[str],
) -> Bonds:
    """Everything that the page says of other cases, cut to what this person may see.

    `ties` are the linked cases of which they may know (`casework.ties`); the others count here as any other case.
    `free` are the caller's fields that they may look at.
    """
    desk = at_desk(snapshot, who)
    may = {offer.transition.action for offer in allowed(snapshot, who)}
    known = (link for link in links_of(snapshot) if link.case_id in ties)
    linked = tuple(Linked(link, queries.case_line(store.session, link.case_id, who)) for link in known)
    tied = {each.link.case_id for each in linked}
    split = any(each.link.relation is Relation.SPLIT for each in linked)
    found = repeats.repeats_of(store.session, complaint, with_half=not split) if desk else ()
    group = members_of(store.session, who, snapshot.case_id)
    return Bonds(
        links=linked if desk else tuple(each for each in linked if each.line is not None),
        repeats=tuple(repeat for repeat in found if repeat.member.case_id not in tied)[:SHOWN_REPEATS],
        total_repeats=len(found),
        demands=open_demands(snapshot),
        missing=tuple(LACKING[name] for name in missing_for(complaint)),
        asked=_asked(complaint, free, desk=desk) if Action.SUPPLEMENT in may else (),
        papers=writable(snapshot, events) if Action.EVIDENCE in may else (),
        group=group,
        others=tuple(each for each in group if each.case_id != snapshot.case_id),
        may_link=Action.LINK in may,
        may_split=Action.LINK in may and not split and snapshot.kind is not Kind.INQUIRY,
        may_supplement=Action.SUPPLEMENT in may,
        told=told_so_far(events),
    )


def told_so_far(events: Sequence[CaseEvent]) -> int:
    """How often the complaint has been completed."""
    return sum(event.action is Action.SUPPLEMENT for event in events)


def asked_label(name: str) -> str:
    """What the form calls an item; 姓名 and 电话 alone, beside those of the 被投诉人, do not say whose they are."""
    return f"来电人{SUPPLEMENTS[name]}" if name in IDENTITY_LABELS else SUPPLEMENTS[name]


def _asked(complaint: Complaint, free: frozenset[str], *, desk: bool) -> tuple[Asked, ...]:
    """The fields that may be completed, what is missing first.

    An agency is asked only for what is empty, and for name and phone, which it may put right where it may look at
    them; the desk puts right whatever stands there. That something stands there is told only to who may look at it.
    """
    missing = missing_for(complaint)
    there = {name for name in SUPPLEMENTS if name not in UNASKED and stands(complaint, name)}
    offered = [name for name in SUPPLEMENTS if name not in UNASKED and (desk or name != "id_number")]
    names = [name for name in offered if desk or name in MEDIATION_FIELDS or name not in there]
    fields = [
        Asked(
            FIELD_NAMES.get(name, name),
            asked_label(name),
            missing=name in missing,
            replaces=name in there and (name in free if name in IDENTITY_LABELS else desk),
        )
        for name in names
    ]
    return tuple(sorted(fields, key=lambda field: not field.missing))
