"""What ties a case to others, as its page shows it: links, repeats of the respondent, what is missing, papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.bonds import links_of, open_demands
from hotline.casework.lifecycle import allowed
from hotline.casework.linking import COPIED, MISSING_LABELS, missing_for
from hotline.casework.privacy import at_desk
from hotline.intake.respondents import LABELS
from hotline.noticing import writable
from hotline.store import queries, repeats
from hotline.vocabulary import Action, Kind, Relation

if TYPE_CHECKING:
    from hotline.casework.bonds import Demand, Link
    from hotline.records import Actor, CaseEvent, CaseSnapshot, Complaint
    from hotline.store.casestore import CaseStore
    from hotline.store.lines import CaseLine
    from hotline.store.repeats import Repeat
    from hotline.vocabulary import NoticeSubject

SHOWN_REPEATS = 12


@dataclass(frozen=True, slots=True)
class Linked:
    """A linked case; `line` is None where this reader may not see it."""

    link: Link
    line: CaseLine | None


@dataclass(frozen=True, slots=True)
class Bonds:
    """The panels about other cases, and what this reader may do there."""

    links: tuple[Linked, ...]
    repeats: tuple[Repeat, ...]
    total_repeats: int
    demands: tuple[Demand, ...]
    missing: tuple[str, ...]
    papers: tuple[NoticeSubject, ...]
    may_link: bool
    may_split: bool
    may_supplement: bool
    relations: tuple[Relation, ...] = (Relation.DUPLICATE, Relation.RELATED)

    @property
    def tied(self) -> frozenset[str]:
        """The ids of the linked cases."""
        return frozenset(each.link.case_id for each in self.links)

    def copies(self, action: Action) -> tuple[tuple[str, str], ...]:
        """The linked duplicates, as (case id, number), that this action may be done to as well."""
        if action not in COPIED:
            return ()
        return tuple(
            (each.link.case_id, each.link.number)
            for each in self.links
            if each.link.relation is Relation.DUPLICATE and each.line is not None and each.line.closed_at is None
        )


def evidence_words(repeat: Repeat) -> str:
    """Why a respondent is taken for the same, in words."""
    return "；".join(f"{LABELS[item.field]}“{item.words.split('|')[-1]}”" for item in repeat.evidence)


def bonds_of(
    store: CaseStore, snapshot: CaseSnapshot, events: tuple[CaseEvent, ...], complaint: Complaint, who: Actor
) -> Bonds:
    """Everything that the page says of other cases, cut to what this person may see."""
    desk = at_desk(snapshot, who)
    may = {offer.transition.action for offer in allowed(snapshot, who)}
    linked = tuple(Linked(link, queries.case_line(store.session, link.case_id, who)) for link in links_of(snapshot))
    found = repeats.repeats_of(store.session, complaint) if desk else ()
    tied = {each.link.case_id for each in linked}
    split = any(each.link.relation is Relation.SPLIT for each in linked)
    return Bonds(
        links=linked if desk else tuple(each for each in linked if each.line is not None),
        repeats=tuple(repeat for repeat in found if repeat.member.case_id not in tied)[:SHOWN_REPEATS],
        total_repeats=len(found),
        demands=open_demands(snapshot),
        missing=tuple(MISSING_LABELS[name] for name in missing_for(complaint)),
        papers=writable(snapshot, events) if Action.EVIDENCE in may else (),
        may_link=Action.LINK in may,
        may_split=Action.LINK in may and not split and snapshot.kind is not Kind.INQUIRY,
        may_supplement=Action.SUPPLEMENT in may,
    )
