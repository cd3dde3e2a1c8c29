"""What ties a case to others and to its supervisors: links that can be undone, and demands that wait for a reply.

A linked case keeps its own caller, clocks, notices and follow-up; a link is an event on both cases. A 督办 or 催办 that
carries a `demand_id` is a demand: its clock (H-SUPERVISE, H-REPLY) runs until the reply, or until the lead resolves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from hotline.records import CaseSnapshot
from hotline.vocabulary import OPEN_CASE_STATES, Action, LegRole, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hotline.casework.matter_words import Matter
    from hotline.casework.unseal_request import Unsealing
    from hotline.records import CaseEvent

DEMANDS = frozenset({Action.SUPERVISE, Action.REMIND})
TIES = frozenset({Action.LINK, Action.UNLINK})
"""Events that not everybody who sees the case may see: see `ties`."""
T = TypeVar("T", bound=CaseSnapshot)


@dataclass(frozen=True, slots=True)
class Link:
    """Another case of the same office, by id and by the number that people read."""

    case_id: str
    number: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Demand:
    """A 督办 or 催办 (`kind`) that asks for a reply; `replied_at` once there is one."""

    id: str
    kind: Action
    at: datetime
    replied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TracedCase(CaseSnapshot):
    """A case with its links, demands, matters (移送, 联合执法, 协查) and requests to unseal, the oldest first.

    `lacking` is what 第10条 asks and was not told yet (`completeness.LACKING`).
    `released` says that the public may find it (Open311).
    `opened_by` are the accounts by whose act alone a 举报 would be open: see `unsealing.closed_to`;
    `agreed` says that another person of the desk has judged the case since.
    `protected` says that it is, or once was, a 举报 or came out of one: see `unsealing.guarded`.
    `registrar` is the account that registered it.
    """

    links: tuple[Link, ...] = ()
    demands: tuple[Demand, ...] = ()
    matters: tuple[Matter, ...] = ()
    unsealings: tuple[Unsealing, ...] = ()
    opened_by: frozenset[str] = frozenset()
    agreed: bool = False
    protected: bool = False
    registrar: str = ""
    released: bool = False
    lacking: tuple[str, ...] = ()


def links_of(snapshot: CaseSnapshot) -> tuple[Link, ...]:
    """The cases this one is linked to."""
    return snapshot.links if isinstance(snapshot, TracedCase) else ()


def demands_of(snapshot: CaseSnapshot) -> tuple[Demand, ...]:
    """Every demand that was made in the case."""
    return snapshot.demands if isinstance(snapshot, TracedCase) else ()


def open_demands(snapshot: CaseSnapshot) -> tuple[Demand, ...]:
    """The demands that wait for a reply; a closed case owes none."""
    if snapshot.state not in OPEN_CASE_STATES:
        return ()
    return tuple(demand for demand in demands_of(snapshot) if demand.replied_at is None)


def link(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """LINK: one more case beside this one."""
    if not isinstance(snapshot, TracedCase):
        return snapshot
    data = event.data
    relation = next((each for each in Relation if each == data.get("relation")), Relation.RELATED)
    after = replace(snapshot, links=(*snapshot.links, Link(_text(data, "case"), _text(data, "number"), relation)))
    if data.get("out_of_report") is not True:
        return after
    return replace(after, opened_by=snapshot.opened_by | {event.actor_id}, agreed=False, protected=True)


def unlink(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """UNLINK: the two cases stand alone again; what was done while they were linked stays."""
    if not isinstance(snapshot, TracedCase):
        return snapshot
    other = _text(event.data, "case")
    return replace(snapshot, links=tuple(each for each in snapshot.links if each.case_id != other))


def demand(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """SUPERVISE and REMIND: the case is a 督办件 from the first one on; a demand waits for its reply."""
    after = replace(snapshot, supervised=True) if event.action is Action.SUPERVISE else snapshot
    demand_id = _text(event.data, "demand_id")
    if not demand_id or not isinstance(after, TracedCase):
        return after
    return replace(after, demands=(*after.demands, Demand(demand_id, event.action, event.at)))


def released(snapshot: CaseSnapshot) -> bool:
    """Whether the public may find the case's category, district, state and dates."""
    return isinstance(snapshot, TracedCase) and snapshot.released


def release(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """RELEASE and WITHHOLD: the public finds the case, or finds it no longer."""
    if not isinstance(snapshot, TracedCase):
        return snapshot
    return replace(snapshot, released=event.action is Action.RELEASE)


def reply(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """REPLY: the demand it names is answered."""
    return _answered(snapshot, event.at, _text(event.data, "demand_id"))


def resolved(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """RESOLVE by the lead answers every demand: what it writes is the report that was asked for."""
    leg = snapshot.leg(_text(event.data, "leg_id"))
    return _answered(snapshot, event.at) if leg is not None and leg.role is LegRole.LEAD else snapshot


def supplement(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """SUPPLEMENT: what was told stands in the sealed row; the event says whether it names the caller, what lacks."""
    after = replace(snapshot, named=True) if event.data.get("named") is True else snapshot
    return replace(after, lacking=codes(event.data, "lacking")) if isinstance(after, TracedCase) else after


def lacking_of(snapshot: CaseSnapshot) -> tuple[str, ...]:
    """What 第10条 asks and nobody has told yet; a name may be lacking also where the case was registered without."""
    found = snapshot.lacking if isinstance(snapshot, TracedCase) else ()
    return found if snapshot.named or "name" in found else ("name", *found)


def codes(data: Mapping[str, object], key: str) -> tuple[str, ...]:
    """A list of codes of an event; empty where there is none."""
    value = data.get(key)
    return tuple(str(each) for each in value) if isinstance(value, tuple | list) else ()


def _answered(snapshot: T, at: datetime, demand_id: str | None = None) -> T:
    if not isinstance(snapshot, TracedCase):
        return snapshot
    demands = tuple(
        replace(each, replied_at=at) if each.replied_at is None and demand_id in {None, each.id} else each
        for each in snapshot.demands
    )
    return replace(snapshot, demands=demands)


def _text(data: Mapping[str, object], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""
