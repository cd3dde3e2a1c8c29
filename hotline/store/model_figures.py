"""What pages about the model count: categories and texts of a time, the least certain cases, recent texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from hotline.store.lines import SUMMARY_CHARACTERS
from hotline.store.tables import CASE, COMPLAINT, MODEL_GUESS
from hotline.vocabulary import OPEN_CASE_STATES, CaseState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

_GUESSED = MODEL_GUESS.join(CASE, CASE.c.id == MODEL_GUESS.c.case_id).join(
    COMPLAINT, COMPLAINT.c.id == CASE.c.complaint_id
)


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A case that nobody has decided, with the model's guess; `summary` begins the masked text."""

    case_id: str
    number: str
    state: str
    received_at: datetime
    category: str
    confidence: float
    setting: str
    setting_confidence: float
    model_version: str
    summary: str


@dataclass(frozen=True, slots=True)
class RecentText:
    """A case's masked text, with the newest decision of a person where there is one."""

    case_id: str
    number: str
    text: str
    decided_category: str | None
    decided_setting: str | None
    decided_at: datetime | None


def category_counts(session: Session, office_id: str, begin: datetime, end: datetime) -> dict[str, int]:
    """How often the model chose each category for the office's cases from `begin` until before `end`."""
    statement = select(MODEL_GUESS.c.category, func.count()).where(
        MODEL_GUESS.c.office_id == office_id, MODEL_GUESS.c.at >= begin, MODEL_GUESS.c.at < end
    )
    rows = session.execute(statement.group_by(MODEL_GUESS.c.category))
    return {row[0]: row[1] for row in rows}


def texts_between(session: Session, office_id: str, begin: datetime, end: datetime, limit: int) -> list[str]:
    """The masked texts of the office's newest cases in a stretch of time, at most `limit`."""
    statement = (
        select(COMPLAINT.c.masked_text)
        .select_from(_GUESSED)
        .where(MODEL_GUESS.c.office_id == office_id, MODEL_GUESS.c.at >= begin, MODEL_GUESS.c.at < end)
        .order_by(MODEL_GUESS.c.at.desc())
        .limit(limit)
    )
    return list(session.execute(statement).scalars())


def least_certain(session: Session, office_id: str, since: datetime, limit: int) -> tuple[Uncertain, ...]:
    """Open cases, and any received since, of which nobody has decided the category, the least certain first."""
    wanted = or_(CASE.c.state.in_([str(state) for state in OPEN_CASE_STATES]), CASE.c.received_at >= since)
    statement = (
        select(
            CASE.c.id,
            CASE.c.number,
            CASE.c.state,
            CASE.c.received_at,
            MODEL_GUESS.c.category,
            MODEL_GUESS.c.confidence,
            MODEL_GUESS.c.setting,
            MODEL_GUESS.c.setting_confidence,
            MODEL_GUESS.c.model_version,
            func.substr(COMPLAINT.c.masked_text, 1, SUMMARY_CHARACTERS),
        )
        .select_from(_GUESSED)
        .where(MODEL_GUESS.c.office_id == office_id, MODEL_GUESS.c.decided_at.is_(None), wanted)
        .where(CASE.c.state != str(CaseState.WITHDRAWN))
        .order_by(MODEL_GUESS.c.confidence, MODEL_GUESS.c.case_id)
        .limit(limit)
    )
    return tuple(Uncertain(*row) for row in session.execute(statement))


def recent_texts(session: Session, office_id: str, limit: int) -> tuple[RecentText, ...]:
    """The office's newest cases with their masked texts, the newest first."""
    decided = (MODEL_GUESS.c.decided_category, MODEL_GUESS.c.decided_setting, MODEL_GUESS.c.decided_at)
    statement = (
        select(CASE.c.id, CASE.c.number, COMPLAINT.c.masked_text, *decided)
        .select_from(_GUESSED)
        .where(CASE.c.office_id == office_id, CASE.c.state != str(CaseState.WITHDRAWN))
        .order_by(CASE.c.received_at.desc(), CASE.c.id.desc())
        .limit(limit)
    )
    return tuple(RecentText(*row) for row in session.execute(statement))
