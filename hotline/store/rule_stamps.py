"""Stamps of the kinds of rules: each change moves one, by which workers see that there is something to take up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.store.dialect import insert_for
from hotline.store.tables import RULES_STAMP

if TYPE_CHECKING:
    from sqlmodel import Session

PLANS = "plans"


def read_stamps(session: Session) -> dict[str, int]:
    """The stamps of all kinds of rules: one small read."""
    return {row.name: row.value for row in session.execute(select(RULES_STAMP.c.name, RULES_STAMP.c.value))}


def bump(session: Session, name: str) -> None:
    """Tell the workers that rules of this kind have changed."""
    statement = insert_for(session, RULES_STAMP).values(name=name, value=1)
    moved = statement.on_conflict_do_update(index_elements=["name"], set_={"value": RULES_STAMP.c.value + 1})
    session.execute(moved)
