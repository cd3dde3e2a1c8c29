"""What a figure of a period counts, in SQL: received, dispatched, resolved, breached, answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, false

from hotline.reports.clock_conditions import breached_condition
from hotline.reports.figure_words import DESK, Answer, Figure
from hotline.reports.narrowing import owner, within
from hotline.store.tables import CASE, CLOCK, FOLLOW_UP_ANSWER, LEG
from hotline.vocabulary import LegState

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.reports.narrowing import Condition
    from hotline.reports.selection import Selection


def answer_condition(answer: Answer) -> Condition:
    """A caller's answer of this kind; whoever could not be reached has given none."""
    said = FOLLOW_UP_ANSWER.c
    reached = said.satisfied.in_(("yes", "no"))
    conditions = {
        Answer.SOLVED: and_(reached, said.solved.is_(True)),
        Answer.SOLVED_ASKED: and_(reached, said.solved.is_not(None)),
        Answer.SATISFIED: said.satisfied == "yes",
        Answer.SATISFIED_ASKED: reached,
    }
    return conditions[answer]


def figure_conditions(selection: Selection, now: datetime) -> list[Condition]:
    """The cases that the selection's figure counts."""
    span = selection.span()
    if selection.figure is Figure.RECEIVED:
        return within(CASE.c.received_at, *span) + owner(CASE.c.lead_body_id, selection.body)
    if selection.figure is Figure.BREACHED:
        mine = owner(CLOCK.c.body_id, selection.body)
        late = breached_condition(*span, selection.seen_at(now))
        return [exists().where(CLOCK.c.case_id == CASE.c.id, late, *mine)]
    if selection.body == DESK:
        return [false()]
    legs = leg_conditions(selection.figure, *span) + owner(LEG.c.body_id, selection.body)
    return [exists().where(LEG.c.case_id == CASE.c.id, *legs)]


def leg_conditions(figure: Figure | None, since: datetime | None, until: datetime | None) -> list[Condition]:
    """A leg that was opened, or resolved, in the period."""
    if figure is Figure.RESOLVED:
        return [LEG.c.state == str(LegState.RESOLVED), *within(LEG.c.closed_at, since, until)]
    return within(LEG.c.opened_at, since, until)
