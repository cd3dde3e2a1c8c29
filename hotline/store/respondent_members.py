"""Complaints against a respondent, each with its case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.records import Respondent
from hotline.store.tables import CASE, COMPLAINT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlmodel import Session

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


def number_of(session: Session, case_id: str) -> str | None:
    """The number of a case, None where there is none."""
    found: str | None = session.execute(select(CASE.c.number).where(CASE.c.id == case_id)).scalar()
    return found


def members_with(session: Session, complaint_ids: Collection[str]) -> dict[str, Member]:
    """The members that these complaints are, by complaint."""
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
