"""The focuses (专项整治) that cases fall under: kept with the case, shown on it, and what lists are filtered by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from hotline.store.tables import CASE, CASE_FOCUS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session

    from hotline.routing.focus import FocusMark


@dataclass(frozen=True, slots=True)
class FocusLine:
    """A focus of a case: which plan in which version sets it, and what made it fit."""

    code: str
    plan: str
    plan_version: int
    clause: str
    name: str
    because: str


def save_focuses(session: Session, case_id: str, marks: Sequence[FocusMark]) -> None:
    """Write the marks of a case in place of those it had."""
    session.execute(delete(CASE_FOCUS).where(CASE_FOCUS.c.case_id == case_id))
    rows = focus_rows(case_id, marks)
    if rows:
        session.execute(insert(CASE_FOCUS), rows)


def focus_rows(case_id: str, marks: Sequence[FocusMark]) -> list[dict[str, Any]]:
    """The rows of a case's marks, one for each focus."""
    rows: dict[str, dict[str, Any]] = {
        mark.code: {
            "case_id": case_id,
            "code": mark.code,
            "plan": mark.plan,
            "plan_version": mark.plan_version,
            "clause": mark.focus.clause,
            "name": mark.focus.name,
            "because": mark.because,
        }
        for mark in marks
    }
    return list(rows.values())


def focuses_of(session: Session, case_id: str) -> tuple[FocusLine, ...]:
    """The focuses of a case by code."""
    columns = [CASE_FOCUS.c[name] for name in FocusLine.__dataclass_fields__]
    rows = session.execute(select(*columns).where(CASE_FOCUS.c.case_id == case_id).order_by(CASE_FOCUS.c.code))
    return tuple(FocusLine(**row) for row in rows.mappings())


def focus_codes(session: Session, office_id: str) -> list[tuple[str, str, str]]:
    """Code, plan and name of every focus that some case of an office falls under, for lists to offer."""
    joined = CASE_FOCUS.join(CASE, CASE.c.id == CASE_FOCUS.c.case_id)
    columns = (CASE_FOCUS.c.code, CASE_FOCUS.c.plan, CASE_FOCUS.c.name)
    statement = select(*columns).select_from(joined).where(CASE.c.office_id == office_id)
    return [(row.code, row.plan, row.name) for row in session.execute(statement.distinct().order_by(CASE_FOCUS.c.code))]
