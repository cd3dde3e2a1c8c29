"""What the model guessed and what people made of it: written with the events; `desk_decisions` reads it.

A decision of a person is 改类, or a registration whose category or setting is not the model's. One that keeps the
model's guess is a confirmation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from hotline.store.dialect import upsert
from hotline.store.tables import COMPLAINT, DESK_VERDICT, MODEL_GUESS
from hotline.vocabulary import Action, Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlmodel import Session

    from hotline.records import CaseEvent, Classification

OTHER = "other"


def agrees(guess: tuple[str, str], decided: tuple[str, str]) -> bool:
    """Whether a decision (category, setting) keeps the guess; the setting of `other` does not count."""
    return guess[0] == decided[0] and (guess[0] == OTHER or guess[1] == decided[1])


def note_guess(session: Session, case_id: str, complaint_id: str, classification: Classification, at: datetime) -> None:
    """Keep what the model said of a case."""
    office = select(COMPLAINT.c.office_id).where(COMPLAINT.c.id == complaint_id)
    row = guess_row(case_id, session.execute(office).scalar_one(), classification, at)
    upsert(session, MODEL_GUESS, [row], key=("case_id",))


def guess_row(case_id: str, office_id: str, classification: Classification, at: datetime) -> dict[str, Any]:
    """The row of what the model said of a case."""
    return {
        "case_id": case_id,
        "office_id": office_id,
        "at": at,
        "model_version": classification.model_version,
        "category": classification.category,
        "setting": classification.setting,
        "confidence": classification.confidence,
        "setting_confidence": classification.setting_confidence,
    }


def note_verdicts(session: Session, events: Iterable[CaseEvent]) -> None:
    """Keep what people decided in these new events; what the program itself does is no verdict."""
    for event in events:
        if event.action in {Action.CLASSIFY, Action.REGISTER} and event.actor_role is not Role.SYSTEM:
            _note(session, event)


def _note(session: Session, event: CaseEvent) -> None:
    row = session.execute(select(MODEL_GUESS).where(MODEL_GUESS.c.case_id == event.case_id)).mappings().first()
    if row is None:
        return
    decided = (str(event.data.get("category", "")), str(event.data.get("setting", "")))
    same = agrees((row["category"], row["setting"]), decided)
    if event.action is Action.REGISTER and same:  # Nobody can tell a confirmation from not having looked.
        return
    verdict = {
        "event_id": event.id,
        "case_id": event.case_id,
        "office_id": row["office_id"],
        "at": event.recorded_at,
        "actor_id": event.actor_id,
        "actor_role": str(event.actor_role),
        "category": decided[0],
        "setting": decided[1],
        "agrees": same,
    }
    session.execute(insert(DESK_VERDICT), [verdict])
    newest = {"decided_at": event.recorded_at, "decided_category": decided[0], "decided_setting": decided[1]}
    session.execute(update(MODEL_GUESS).where(MODEL_GUESS.c.case_id == event.case_id).values(newest))
