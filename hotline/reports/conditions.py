"""A selection as conditions in SQL: what it asks of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, literal

from hotline.reports.clock_conditions import clock_conditions
from hotline.reports.figure_conditions import answer_condition, figure_conditions
from hotline.reports.figure_words import DESK
from hotline.reports.narrowing import owner, within
from hotline.store.tables import CASE, CASE_FOCUS, CASE_TALLY, CLOCK, FOLLOW_UP_ANSWER, LEG, MERGED_CASE
from hotline.store.tally_entries import TIME

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.casework.holding import Part
    from hotline.reports.narrowing import Condition
    from hotline.reports.selection import Selection

_MERGED = MERGED_CASE.alias("one_of_several")
"""By a name of its own, so that it can stand beside the groups that are counted."""


def plain_conditions(selection: Selection) -> list[Condition]:
    """What the selection asks of the case itself, whatever is counted."""
    plain = {
        "category": selection.category,
        "channel": selection.channel,
        "kind": str(selection.kind or ""),
        "state": str(selection.state or ""),
    }
    conditions: list[Condition] = [CASE.c[name] == value for name, value in plain.items() if value]
    conditions += [CASE.c.supervised] if selection.supervised else []
    conditions += [CASE.c.silent] if selection.silent else []
    conditions += [exists().where(_MERGED.c.case_id == CASE.c.id)] if selection.merged else []
    if selection.focus:
        marked = exists().where(CASE_FOCUS.c.case_id == CASE.c.id, CASE_FOCUS.c.code == selection.focus)
        conditions.append(marked)
    return conditions


def case_conditions(selection: Selection, now: datetime) -> list[Condition]:
    """What the selection asks of a case."""
    conditions = plain_conditions(selection)
    if selection.figure is not None:
        return conditions + figure_conditions(selection, now)
    if selection.of_clocks:
        return [*conditions, exists().where(CLOCK.c.case_id == CASE.c.id, *clock_conditions(selection, now))]
    if selection.answer is not None:
        mine = "" if selection.body == DESK else selection.body
        said = [answer_condition(selection.answer), *within(FOLLOW_UP_ANSWER.c.at, *selection.span())]
        said += [FOLLOW_UP_ANSWER.c.body_id == mine] if selection.body else []
        return [*conditions, exists().where(FOLLOW_UP_ANSWER.c.case_id == CASE.c.id, *said)]
    conditions += within(CASE.c.received_at, *selection.span())
    if selection.spent is not None:
        return [*conditions, _time_condition(selection.spent, selection.body)]
    return conditions + _with_leg(selection.body)


def _time_condition(part: Part, body: str) -> Condition:
    """The part stands among what the closed case has put into the summary (`store.tally_entries.Entry` as JSON)."""
    ending = f'"{TIME}","{part}",1,'
    counted = CASE_TALLY.c.counted
    if not body:
        found = counted.contains(f'"",{ending}', autoescape=True)
    else:
        named = "" if body == DESK else body
        key = literal(f'"{named}","').concat(CASE.c.category).concat('","').concat(CASE.c.channel)
        found = counted.contains(key.concat(f'","",{ending}'))
    return exists().where(CASE_TALLY.c.case_id == CASE.c.id, found)


def _with_leg(body: str) -> list[Condition]:
    if not body:
        return []
    if body == DESK:
        return owner(CASE.c.lead_body_id, body)
    return [exists().where(LEG.c.case_id == CASE.c.id, LEG.c.body_id == body)]
