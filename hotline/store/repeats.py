"""Repeats: complaints against the same respondent, found through the key table, and the groups they make."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.intake.respondents import respondent_keys, same_respondent
from hotline.records import Respondent
from hotline.store.tables import CASE, COMPLAINT, RESPONDENT_KEY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlmodel import Session

    from hotline.intake.respondents import Evidence
    from hotline.records import Complaint

PER_KEY = 60
MOST_KEYS = 40_000
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Member:
    """A complaint against a respondent, with its case."""

    complaint_id: str
    case_id: str
    number: str
    state: str
    kind: str
    channel: str
    region: str
    received_at: datetime
    closed_at: datetime | None
    supervised: bool
    linked_to: str | None
    respondent: Respondent


@dataclass(frozen=True, slots=True)
class Repeat:
    """An earlier or later complaint against the same respondent, and why it is taken for the same."""

    member: Member
    evidence: tuple[Evidence, ...]


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


def number_of(session: Session, case_id: str) -> str | None:
    """The number of a case, None where there is none."""
    found: str | None = session.execute(select(CASE.c.number).where(CASE.c.id == case_id)).scalar()
    return found


def repeats_of(session: Session, complaint: Complaint, *, with_half: bool = False) -> tuple[Repeat, ...]:
    """The office's other complaints against the same respondent, the newest first; never more than an index gives.

    The other half of a split is the same matter and no repeat. For somebody who may not know that it is one
    (`with_half`) it stands among the others: what is missing there would tell them.
    """
    candidates: set[str] = set()
    for key in respondent_keys(complaint.respondent):
        statement = (
            select(RESPONDENT_KEY.c.complaint_id)
            .where(RESPONDENT_KEY.c.office_id == complaint.office_id, RESPONDENT_KEY.c.key == key)
            .order_by(RESPONDENT_KEY.c.complaint_id.desc())
            .limit(PER_KEY)
        )
        candidates.update(session.execute(statement).scalars())
    candidates -= {complaint.id, "" if with_half else complaint.linked_to or ""}
    found = []
    for member in _members(session, candidates).values():
        evidence = same_respondent(complaint.respondent, member.respondent)
        if evidence and (with_half or member.linked_to != complaint.id):
            found.append(Repeat(member, evidence))
    return tuple(sorted(found, key=lambda repeat: repeat.member.received_at, reverse=True))


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
    members = _members(session, {each for ids in shared.values() for each in ids})
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


def _members(session: Session, complaint_ids: Collection[str]) -> dict[str, Member]:
    found: dict[str, Member] = {}
    wanted = sorted(complaint_ids)
    for start in range(0, len(wanted), MOST_AT_ONCE):
        statement = (
            select(
                *(COMPLAINT.c[name] for name in ("id", "channel", "region_name", "kind", "received_at", "linked_to")),
                *(COMPLAINT.c[f"respondent_{name}"] for name in Respondent.__dataclass_fields__),
                *(CASE.c[name] for name in ("number", "state", "supervised", "closed_at")),
                CASE.c.id.label("case_id"),
            )
            .select_from(COMPLAINT.join(CASE, CASE.c.id == COMPLAINT.c.case_id))
            .where(COMPLAINT.c.id.in_(wanted[start : start + MOST_AT_ONCE]))
        )
        found |= {row["id"]: _member(row) for row in session.execute(statement).mappings()}
    return found


def _member(row: Mapping[Any, Any]) -> Member:
    return Member(
        complaint_id=row["id"],
        case_id=row["case_id"],
        number=row["number"],
        state=row["state"],
        kind=row["kind"],
        channel=row["channel"],
        region=row["region_name"] or "",
        received_at=row["received_at"],
        closed_at=row["closed_at"],
        supervised=row["supervised"],
        linked_to=row["linked_to"],
        respondent=Respondent(*(row[f"respondent_{name}"] for name in Respondent.__dataclass_fields__)),
    )
