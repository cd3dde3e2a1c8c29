"""What a model may learn: the masked texts of cases with what people decided about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.store.tables import CASE, COMPLAINT, MODEL_GUESS
from hotline.store.verdicts import agrees
from hotline.vocabulary import CaseState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Labelled:
    """The newest decision of a person about a case, with the masked text: what a model may learn."""

    case_id: str
    number: str
    text: str
    category: str
    setting: str
    channel: str
    kind: str
    at: datetime
    agrees: bool


def labelled(session: Session, office_id: str | None = None) -> tuple[Labelled, ...]:
    """The newest decision of every case that may be learnt from, by case number.

    Withdrawn cases and cases whose text is gone are left out; `office_id` None means every office.
    """
    joined = MODEL_GUESS.join(CASE, CASE.c.id == MODEL_GUESS.c.case_id).join(
        COMPLAINT, COMPLAINT.c.id == CASE.c.complaint_id
    )
    statement = (
        select(
            CASE.c.id,
            CASE.c.number,
            COMPLAINT.c.masked_text,
            MODEL_GUESS.c.category,
            MODEL_GUESS.c.setting,
            MODEL_GUESS.c.decided_category,
            MODEL_GUESS.c.decided_setting,
            MODEL_GUESS.c.decided_at,
            CASE.c.channel,
            CASE.c.kind,
        )
        .select_from(joined)
        .where(MODEL_GUESS.c.decided_at.is_not(None), CASE.c.state != str(CaseState.WITHDRAWN))
        .order_by(CASE.c.number)
    )
    if office_id is not None:
        statement = statement.where(MODEL_GUESS.c.office_id == office_id)
    return tuple(
        Labelled(
            case_id=row.id,
            number=row.number,
            text=row.masked_text,
            category=row.decided_category,
            setting=row.decided_setting,
            channel=row.channel,
            kind=row.kind,
            at=row.decided_at,
            agrees=agrees((row.category, row.setting), (row.decided_category, row.decided_setting)),
        )
        for row in session.execute(statement)
        if row.masked_text.strip()
    )
