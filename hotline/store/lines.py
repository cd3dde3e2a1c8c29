"""Lines of lists: a case as a small frozen row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hotline.store.tables import BODY, CASE, COMPLAINT
from hotline.store.types import FAR

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row, Select
    from sqlmodel import Session

SUMMARY_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list. `summary` is the beginning of the masked text; `due_at` the nearest running deadline."""

    case_id: str
    number: str
    office_id: str
    complaint_id: str
    state: str
    kind: str
    urgency: str
    channel: str
    category: str
    setting: str
    needs_review: bool
    doubt: str
    plan: str | None
    clause: str | None
    silent: bool
    supervised: bool
    returns: int
    lead_body_id: str | None
    lead_name: str | None
    respondent: str
    summary: str
    received_at: datetime
    closed_at: datetime | None
    due_at: datetime | None


SUMMARY = func.substr(COMPLAINT.c.masked_text, 1, SUMMARY_CHARACTERS + 1).label("summary")
"""What `cut` is given; one character more than is shown tells that there are more."""
CASE_COLUMNS = (
    CASE.c.id.label("case_id"),
    CASE.c.number,
    CASE.c.office_id,
    CASE.c.complaint_id,
    CASE.c.state,
    CASE.c.kind,
    CASE.c.urgency,
    CASE.c.channel,
    CASE.c.category,
    CASE.c.setting,
    CASE.c.needs_review,
    CASE.c.doubt,
    CASE.c.plan,
    CASE.c.clause,
    CASE.c.silent,
    CASE.c.supervised,
    CASE.c.returns,
    CASE.c.lead_body_id,
    BODY.c.name.label("lead_name"),
    COMPLAINT.c.respondent_name.label("respondent"),
    SUMMARY,
    CASE.c.received_at,
    CASE.c.closed_at,
    CASE.c.due_at,
)
WIDTH = len(CASE_COLUMNS)
CASES = CASE.join(COMPLAINT, COMPLAINT.c.id == CASE.c.complaint_id).outerjoin(BODY, BODY.c.id == CASE.c.lead_body_id)


def case_lines() -> Select[Any]:
    """The select of case lines, to be narrowed and ordered."""
    return select(*CASE_COLUMNS).select_from(CASES)


def read_cases(session: Session, statement: Select[Any]) -> tuple[CaseLine, ...]:
    """Run a select of case lines."""
    return tuple(case_line_of(row) for row in session.execute(statement))


def case_line_of(row: Row[Any]) -> CaseLine:
    """A case line from a row of `case_lines`, whose first columns stand in the order of the fields."""
    return case_line_from(row[:WIDTH])


def case_line_from(row: tuple[Any, ...]) -> CaseLine:
    """A case line from the values of `CASE_COLUMNS`."""
    summary, received_at, closed_at, due_at = row[-4:]
    values: list[Any] = [*row[:-4], cut(summary), received_at, closed_at, near(due_at)]
    return CaseLine(*values)


def cut(summary: str) -> str:
    """The beginning of a text as a list shows it."""
    return summary if len(summary) <= SUMMARY_CHARACTERS else summary[: SUMMARY_CHARACTERS - 1] + "…"


def near(due_at: datetime) -> datetime | None:
    """A deadline as people read it: None where the ordering column says that there is none."""
    return None if due_at == FAR else due_at
