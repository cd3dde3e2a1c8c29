"""What a replay reads: the newest cases of an office as routing sees them, and legs that a new plan would orphan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.moments import local_date
from hotline.routing.replay import ReplayCase
from hotline.store.tables import BODY, CASE, COMPLAINT, LEG

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlmodel import Session

_CHUNK = 2_000
MOST_LEGS = 200


@dataclass(frozen=True, slots=True)
class OpenLeg:
    """An open leg at a body that a new version no longer names."""

    case_id: str
    number: str
    body_id: str
    body: str
    state: str


def recent_cases(session: Session, office_id: str, count: int) -> Iterator[ReplayCase]:
    """The newest cases of an office, the newest first; goods words are looked for in the masked text."""
    statement = (
        select(
            CASE.c.id,
            CASE.c.number,
            CASE.c.category,
            CASE.c.setting,
            COMPLAINT.c.masked_text,
            COMPLAINT.c.region,
            CASE.c.received_at,
            CASE.c.plan,
        )
        .select_from(CASE.join(COMPLAINT, COMPLAINT.c.id == CASE.c.complaint_id))
        .where(CASE.c.office_id == office_id)
        .order_by(CASE.c.received_at.desc(), CASE.c.id.desc())
        .limit(count)
        .execution_options(yield_per=_CHUNK)
    )
    for case_id, number, category, setting, text, region, received_at, plan in session.execute(statement):
        yield ReplayCase(case_id, number, category, setting, text, region, local_date(received_at), plan)


def open_legs(session: Session, office_id: str, plan_ids: Collection[str], bodies: Collection[str]) -> list[OpenLeg]:
    """Open legs at these bodies in the office's cases that these plans routed, at most `MOST_LEGS`."""
    if not bodies:
        return []
    joined = LEG.join(CASE, CASE.c.id == LEG.c.case_id).join(BODY, BODY.c.id == LEG.c.body_id)
    statement = (
        select(CASE.c.id, CASE.c.number, LEG.c.body_id, BODY.c.name, LEG.c.state)
        .select_from(joined)
        .where(CASE.c.office_id == office_id, CASE.c.plan.in_(list(plan_ids)))
        .where(LEG.c.closed_at.is_(None), LEG.c.body_id.in_(list(bodies)))
        .order_by(CASE.c.received_at.desc(), LEG.c.id)
        .limit(MOST_LEGS)
    )
    return [OpenLeg(*row) for row in session.execute(statement)]
