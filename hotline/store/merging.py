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
from hotline.store.events import read_events
from hotline.store.lines import visible_cases
from hotline.store.tables import CASE, MERGED_CASE
from hotline.vocabulary import Action, Relation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
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
    asked = select(MERGED_CASE.c.case_id, MERGED_CASE.c.group_id, CASE.c.protected).select_from(
        MERGED_CASE.join(CASE, CASE.c.id == MERGED_CASE.c.case_id)
    )
    mine = session.execute(asked.where(MERGED_CASE.c.case_id.in_(list(case_ids)))).all()
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
    tied = {each: _duplicates(session, each) & members for each in members}
    left = set(members)
    while left:
        part, waiting = set[str](), [min(left)]
        while waiting:
            each = waiting.pop()
            part.add(each)
            # Undoing a link is an event on one case, then on the other: a tie counts while both name each other.
            waiting += [other for other in tied[each] if each in tied[other] and other not in part]
        left -= part
        mine = MERGED_CASE.c.case_id.in_(part)
        if len(part) == 1:
            session.execute(delete(MERGED_CASE).where(mine))
        else:
            session.execute(update(MERGED_CASE).where(mine).values(group_id=min(part)))


def _duplicates(session: Session, case_id: str) -> set[str]:
    links = links_of(replay(read_events(session, case_id)))
    return {link.case_id for link in links if link.relation is Relation.DUPLICATE}
