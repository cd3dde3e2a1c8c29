"""Worklists of the desk: triage by deadline, the decisions behind its lines, one refused record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hotline.errors import NotFoundError
from hotline.records import Assignment, Classification
from hotline.store.casestore import ASSIGNMENT, CLASSIFICATION
from hotline.store.codec import restore
from hotline.store.lines import CaseLine, case_line_of, case_lines
from hotline.store.paging import PAGE, Page, paged
from hotline.store.quarantine import LISTED, QuarantineLine, line_of
from hotline.store.tables import CASE, COMPLAINT, DECISION, QUARANTINE
from hotline.store.tallies import MANY

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlmodel import Session

    from hotline.vocabulary import CaseState

UNKNOWN_RECORD = "没有这条隔离记录，或者它属于另一个办公室。请从隔离列表重新打开。"


def by_deadline(
    session: Session,
    office_id: str,
    states: Collection[CaseState],
    *,
    after: str | None = None,
    limit: int = PAGE,
) -> Page[CaseLine]:
    """The office's cases in these states, the nearest deadline first and those without one last."""
    wanted = [str(state) for state in states]
    statement = case_lines().where(CASE.c.office_id == office_id, CASE.c.state.in_(wanted))
    return paged(session, statement, case_line_of, moment=CASE.c.due_at, key=CASE.c.id, after=after, limit=limit)


def classifications(session: Session, case_ids: Collection[str]) -> dict[str, Classification]:
    """The newest classification of each of these cases, by case id."""
    return {key: restore(Classification, body) for key, body in _newest(session, case_ids, CLASSIFICATION).items()}


def assignments(session: Session, case_ids: Collection[str]) -> dict[str, Assignment]:
    """The newest assignment of each of these cases, by case id."""
    return {key: restore(Assignment, body) for key, body in _newest(session, case_ids, ASSIGNMENT).items()}


def case_of_complaint(session: Session, complaint_id: str) -> str | None:
    """The case that holds a complaint, None where there is none."""
    found: str | None = session.execute(select(COMPLAINT.c.case_id).where(COMPLAINT.c.id == complaint_id)).scalar()
    return found


def quarantine_line(session: Session, office_id: str, quarantine_id: str) -> QuarantineLine:
    """One refused record of this office, without its content.

    Raises:
        NotFoundError: There is none with this id, or it belongs to another office.
    """
    statement = select(*LISTED).where(QUARANTINE.c.id == quarantine_id, QUARANTINE.c.office_id == office_id)
    row = session.execute(statement).mappings().first()
    if row is None:
        raise NotFoundError(UNKNOWN_RECORD)
    return line_of(row)


def waiting_quarantine(session: Session, office_id: str) -> int:
    """How many refused records of the office nobody has dealt with; counted no further than `MANY`."""
    mine = select(QUARANTINE.c.id).where(QUARANTINE.c.office_id == office_id, QUARANTINE.c.resolved_at.is_(None))
    return int(session.execute(select(func.count()).select_from(mine.limit(MANY).subquery())).scalar_one())


def _newest(session: Session, case_ids: Collection[str], kind: str) -> dict[str, Any]:
    """Decisions are ordered by id, so that of several the last one stays."""
    statement = select(DECISION.c.case_id, DECISION.c.body)
    statement = statement.where(DECISION.c.case_id.in_(list(case_ids)), DECISION.c.kind == kind)
    return {row.case_id: row.body for row in session.execute(statement.order_by(DECISION.c.id))}


def last_seqs(session: Session, case_ids: Collection[str]) -> dict[str, int]:
    """The number of the last event of each of these cases, for forms that must notice when somebody acts first."""
    statement = select(CASE.c.id, CASE.c.seq).where(CASE.c.id.in_(list(case_ids)))
    return {row.id: row.seq for row in session.execute(statement)}
