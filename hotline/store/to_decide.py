"""Cases that wait for somebody's decision: on a request for more time, on who is competent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from hotline.store.tables import CASE, EVENT
from hotline.store.visibility import visible_cases
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from sqlmodel import Session

    from hotline.records import Actor

MOST_REQUESTS = 200


def cases_with_requests(session: Session, actor: Actor, *, limit: int = MOST_REQUESTS) -> tuple[str, ...]:
    """Open cases that the actor may see with more requests for time than answers, the oldest request first.

    The events decide: a request whose leg has ended since needs no answer.
    """
    asked = func.sum(case((EVENT.c.action == str(Action.REQUEST_EXTEND), 1), else_=-1))
    answers = [str(action) for action in (Action.REQUEST_EXTEND, Action.EXTEND, Action.REFUSE_EXTEND)]
    statement = (
        select(EVENT.c.stream)
        .select_from(EVENT.join(CASE, CASE.c.id == EVENT.c.stream))
        .where(visible_cases(actor), CASE.c.closed_at.is_(None), EVENT.c.action.in_(answers))
        .group_by(EVENT.c.stream)
        .having(asked > 0)
        .order_by(func.min(EVENT.c.at), EVENT.c.stream)
        .limit(limit)
    )
    return tuple(session.execute(statement).scalars())


def cases_to_rule(session: Session, actor: Actor, returns: int) -> tuple[str, ...]:
    """Cases that the actor may see that stand disputed after so many returns, the longest waiting first."""
    statement = select(CASE.c.id).where(visible_cases(actor), CASE.c.state == "disputed", CASE.c.returns >= returns)
    return tuple(session.execute(statement.order_by(CASE.c.due_at, CASE.c.id)).scalars())
