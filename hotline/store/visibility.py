"""Which cases an actor may see, as a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import false, select, true

from hotline.store.tables import CASE, LEG
from hotline.vocabulary import AGENCY_ROLES, DESK_ROLES, Role

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from hotline.records import Actor


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """The condition on `case_file` that the actor may see it: `casework.privacy.visible`, said to the database."""
    if actor.role is Role.SYSTEM:
        return true()
    if actor.role in DESK_ROLES:
        return CASE.c.office_id == actor.office_id
    if actor.role in AGENCY_ROLES and actor.body_id is not None:
        return CASE.c.id.in_(select(LEG.c.case_id).where(LEG.c.body_id == actor.body_id))
    return false()
