"""Cases that are one matter told by several callers: groups of duplicates, as lists, counts and figures read them.

A link between duplicates is an event on both cases, and each keeps its own clocks, notices and follow-up. What is kept
here follows from those events: cases that are tied, directly or by way of others, carry the same `group_id`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from hotline.casework.bonds import links_of
from hotline.casework.state import replay
from hotline.store.dialect import among_given, is_postgresql
from hotline.store.events import read_events
from hotline.store.tables import CASE, MERGED_CASE
from hotline.store.visibility import visible_cases
from hotline.vocabulary import Action, Relation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlmodel import Session

    from hotline.records import Actor, CaseEvent


@dataclass(frozen=True, slots=True)
class Member:
    """One caller's case in a group, the earliest received first; the first one leads."""

    case_id: str
    number: str
    state: str
    received_at: datetime
    closed_at: datetime | None


def note_merges(session: Session, events: Iterable[CaseEvent]) -> None:
    """Bring the groups along with what these events tie and untie."""
    for event in events:
        other = str(event.data.get("case", ""))
        if event.action is Action.LINK and event.data.get("relation") == Relation.DUPLICATE:
            _join(session, event.case_id, other)
        elif event.action is Action.UNLINK:
            _part(session, event.case_id)


def members_of(session: Session, actor: Actor, case_id: str) -> tuple[Member, ...]:
    """The group of a case as this person may see it; empty where that is the case alone."""
    return merged_groups(session, actor, [case_id]).get(case_id, ())


def merged_groups(session: Session, actor: Actor, case_ids: Collection[str]) -> dict[str, tuple[Member, ...]]:
    """Of each case that has callers beside its own, everyone of its group.

    A group shows only what the reader may see, and a 举报 (or what once was one) never beside a 投诉: that both are one
    matter would tell who reports.
    """
    mine = session.execute(_GROUPS[is_postgresql(session)], {"cases": list(case_ids)}).all()
    if not mine:
        return {}
    found: dict[tuple[str, bool], list[Member]] = {}
    columns = [CASE.c[name] for name in ("number", "state", "received_at", "closed_at")]
    rows = select(MERGED_CASE.c.group_id, CASE.c.protected, CASE.c.id, *columns).select_from(
        MERGED_CASE.join(CASE, CASE.c.id == MERGED_CASE.c.case_id)
    )
    rows = rows.where(MERGED_CASE.c.group_id.in_({row.group_id for row in mine}), visible_cases(actor))
    for group_id, protected, *line in session.execute(rows.order_by(CASE.c.received_at, CASE.c.id)):
        found.setdefault((group_id, protected), []).append(Member(*line))
    together = {row.case_id: tuple(found.get((row.group_id, row.protected), ())) for row in mine}
    return {case_id: members for case_id, members in together.items() if len(members) > 1}


_GROUPS = {
    on_postgresql: select(MERGED_CASE.c.case_id, MERGED_CASE.c.group_id, CASE.c.protected)
    .select_from(MERGED_CASE.join(CASE, CASE.c.id == MERGED_CASE.c.case_id))
    .where(among_given(MERGED_CASE.c.case_id, "cases", on_postgresql=on_postgresql))
    for on_postgresql in (False, True)
}


def ties_of(events: Sequence[CaseEvent]) -> frozenset[str]:
    """The cases that the events of a case name as its duplicates.

    Raises:
        TransitionError, ConflictError: These are not the events of one case.
    """
    if not any(event.action is Action.LINK for event in events):
        return frozenset()
    return frozenset(link.case_id for link in links_of(replay(events)) if link.relation is Relation.DUPLICATE)


def parts_of(ties: Mapping[str, Collection[str]]) -> Iterator[set[str]]:
    """The groups that ties make, directly or by way of others; a case that nothing ties is a group alone.

    Undoing a link is an event on one case, then on the other: a tie counts while both name each other.
    """
    left = set(ties)
    while left:
        part, waiting = set[str](), [min(left)]
        while waiting:
            each = waiting.pop()
            part.add(each)
            waiting += [other for other in ties[each] if each in ties.get(other, ()) and other not in part]
        left -= part
        yield part


def _join(session: Session, one: str, other: str) -> None:
    """Make one group of the groups of both, by the smallest id among theirs; both must be cases that are kept here."""
    offices = dict(session.execute(select(CASE.c.id, CASE.c.office_id).where(CASE.c.id.in_([one, other]))).all())
    if len(offices) < len({one, other}):
        return
    there = dict(
        session.execute(
            select(MERGED_CASE.c.case_id, MERGED_CASE.c.group_id).where(MERGED_CASE.c.case_id.in_([one, other]))
        ).all()
    )
    group_id = min({one, other, *there.values()})
    if there:
        known = MERGED_CASE.c.group_id.in_(set(there.values()))
        session.execute(update(MERGED_CASE).where(known).values(group_id=group_id))
    fresh = [each for each in (one, other) if each not in there]
    rows = [{"case_id": each, "office_id": offices[each], "group_id": group_id} for each in fresh]
    if rows:
        session.execute(insert(MERGED_CASE), rows)


def _part(session: Session, case_id: str) -> None:
    """Find the groups anew that are left of a case's group; a case alone is in none."""
    group = select(MERGED_CASE.c.group_id).where(MERGED_CASE.c.case_id == case_id)
    members = set(
        session.execute(
            select(MERGED_CASE.c.case_id).where(MERGED_CASE.c.group_id == group.scalar_subquery())
        ).scalars()
    )
    for part in parts_of({each: ties_of(read_events(session, each)) for each in members}):
        mine = MERGED_CASE.c.case_id.in_(part)
        if len(part) == 1:
            session.execute(delete(MERGED_CASE).where(mine))
        else:
            session.execute(update(MERGED_CASE).where(mine).values(group_id=min(part)))
