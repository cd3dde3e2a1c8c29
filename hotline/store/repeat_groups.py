"""Groups of complaints against one respondent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.intake.respondents import same_respondent
from hotline.store.respondent_members import Member, members_with
from hotline.store.tables import RESPONDENT_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlmodel import Session

    from hotline.intake.respondents import Evidence

MOST_KEYS = 40_000


@dataclass(frozen=True, slots=True)
class Group:
    """Complaints against one respondent, the newest first; `evidence` is of every field that joined two of them."""

    members: tuple[Member, ...]
    evidence: tuple[Evidence, ...]

    @property
    def name(self) -> str:
        """The name most of them use."""
        names = Counter(member.respondent.name for member in self.members if member.respondent.name)
        return names.most_common(1)[0][0] if names else ""

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels they came by."""
        return tuple(sorted({member.channel for member in self.members}))

    @property
    def regions(self) -> tuple[str, ...]:
        """The places they speak of."""
        return tuple(sorted({member.region for member in self.members if member.region}))

    @property
    def open_cases(self) -> tuple[str, ...]:
        """The ids of the cases that still run."""
        return tuple(dict.fromkeys(member.case_id for member in self.members if member.closed_at is None))


def groups(session: Session, office_id: str, since: datetime, *, least: int = 2) -> tuple[Group, ...]:
    """The office's groups of complaints received since then, the largest first.

    Only complaints that share a key are compared, each with one of every group that the key has so far.
    """
    statement = (
        select(RESPONDENT_KEY.c.key, RESPONDENT_KEY.c.complaint_id)
        .where(RESPONDENT_KEY.c.office_id == office_id, RESPONDENT_KEY.c.received_at >= since)
        .order_by(RESPONDENT_KEY.c.received_at.desc(), RESPONDENT_KEY.c.complaint_id.desc())
        .limit(MOST_KEYS)
    )
    blocks: dict[str, list[str]] = {}
    for row in session.execute(statement):
        blocks.setdefault(row.key, []).append(row.complaint_id)
    shared = {key: ids for key, ids in blocks.items() if len(ids) > 1}
    members = members_with(session, {each for ids in shared.values() for each in ids})
    joined = _join(shared, members)
    found = [Group(tuple(_once(group)), evidence) for group, evidence in joined]
    kept = [group for group in found if len(group.members) >= least]
    return tuple(sorted(kept, key=lambda group: (-len(group.members), group.members[0].number)))


def _join(
    blocks: Mapping[str, Sequence[str]], members: Mapping[str, Member]
) -> list[tuple[list[Member], tuple[Evidence, ...]]]:
    """Union of what is the same respondent, with the evidence of every step."""
    parent = {each: each for each in members}
    evidence: dict[str, dict[tuple[str, str], Evidence]] = {each: {} for each in members}

    def root(each: str) -> str:
        while parent[each] != each:
            parent[each] = parent[parent[each]]
            each = parent[each]
        return each

    for ids in blocks.values():
        apart: list[str] = []
        for each in ids:
            if each not in members or any(root(each) == root(other) for other in apart):
                continue
            for other in apart:
                why = same_respondent(members[other].respondent, members[each].respondent)
                if why:
                    into, gone = root(other), root(each)
                    parent[gone] = into
                    evidence[into] |= evidence[gone] | {(item.field, item.words): item for item in why}
                    break
            else:
                apart.append(each)
    gathered: dict[str, list[Member]] = {}
    for each, member in members.items():
        gathered.setdefault(root(each), []).append(member)
    return [(group, tuple(evidence[top].values())) for top, group in gathered.items()]


def _once(group: Iterable[Member]) -> list[Member]:
    """The members, the newest first, without the second half of a split."""
    kept: list[Member] = []
    ordered = sorted(group, key=lambda member: (member.received_at, member.complaint_id), reverse=True)
    for member in ordered:
        if not any(member.complaint_id == other.linked_to or other.complaint_id == member.linked_to for other in kept):
            kept.append(member)
    return kept
