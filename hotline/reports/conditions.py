"""A selection as conditions in SQL. Overdue, due soon and met are worked out from the clocks at `now`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, false, literal, or_

from hotline.reports.selection import DESK, Answer, ClockState, Figure
from hotline.store.figures import due_soon_condition, overdue_condition, running_condition
from hotline.store.tables import CASE, CASE_FOCUS, CASE_TALLY, CLOCK, FOLLOW_UP_ANSWER, LEG, MERGED_CASE
from hotline.store.tally import TIME, permission_windows
from hotline.vocabulary import LegState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from hotline.casework.timeshare import Part
    from hotline.reports.selection import Selection

    Condition = ColumnElement[bool]


_MERGED = MERGED_CASE.alias("one_of_several")
"""By a name of its own, so that it can stand beside the groups that are counted."""


def state_condition(state: ClockState, now: datetime) -> Condition:
    """A clock in this state; the states exclude each other and leave no clock out."""
    stopped = CLOCK.c.stopped_at
    conditions = {
        ClockState.OVERDUE: lambda: overdue_condition(now),
        ClockState.DUE_SOON: lambda: due_soon_condition(now),
        ClockState.RUNNING: lambda: and_(running_condition(), CLOCK.c.warn_at > now, CLOCK.c.breach_at >= now),
        ClockState.PAUSED: lambda: and_(stopped.is_(None), CLOCK.c.paused_since.is_not(None)),
        ClockState.MET: lambda: and_(stopped.is_not(None), stopped <= CLOCK.c.breach_at),
        ClockState.LATE: lambda: and_(stopped.is_not(None), stopped > CLOCK.c.breach_at),
    }
    return conditions[state]()


def state_of_open(now: datetime) -> ColumnElement[str]:
    """The state of a clock that has not ended, as one value: to group by it costs half of counting each state."""
    return case(
        (CLOCK.c.paused_since.is_not(None), ClockState.PAUSED.value),
        (CLOCK.c.breach_at < now, ClockState.OVERDUE.value),
        (CLOCK.c.warn_at <= now, ClockState.DUE_SOON.value),
        else_=ClockState.RUNNING.value,
    )


def state_of_any(now: datetime) -> ColumnElement[str]:
    """The state of any clock, as one value."""
    stopped = CLOCK.c.stopped_at
    ended = case((stopped <= CLOCK.c.breach_at, ClockState.MET.value), else_=ClockState.LATE.value)
    return case((stopped.is_not(None), ended), else_=state_of_open(now))


def no_window() -> Condition:
    """A deadline that somebody owes, not a permission that runs out."""
    return CLOCK.c.policy.not_in(permission_windows())


def breached_condition(since: datetime | None, until: datetime | None, now: datetime) -> Condition:
    """A clock whose deadline passed in the period (so far), while it neither had stopped nor stood still."""
    breach = CLOCK.c.breach_at
    last = min(until, now) if until else now
    return and_(
        breach < last,
        *([breach >= since] if since else []),
        or_(CLOCK.c.stopped_at.is_(None), CLOCK.c.stopped_at > breach),
        or_(CLOCK.c.paused_since.is_(None), CLOCK.c.paused_since > breach),
        no_window(),
    )


def within(column: ColumnElement[Any], since: datetime | None, until: datetime | None) -> list[Condition]:
    """The column's moment lies in the period."""
    return ([column >= since] if since else []) + ([column < until] if until else [])


def owner(column: ColumnElement[Any], body: str) -> list[Condition]:
    """The column names this body; `DESK` stands for none."""
    if not body:
        return []
    return [column.is_(None) if body == DESK else column == body]


def clock_conditions(selection: Selection, now: datetime) -> list[Condition]:
    """What the selection asks of a clock."""
    conditions = [no_window(), *owner(CLOCK.c.body_id, selection.body)]
    conditions += within(CLOCK.c.started_at, *selection.span())
    if selection.clock is not None:
        conditions.append(state_condition(selection.clock, now))
        conditions += [CLOCK.c.stopped_at <= selection.asof] if selection.asof else []
    if selection.known:
        conditions.append(_known(selection.asof, now))
    if selection.policy:
        conditions.append(CLOCK.c.policy == selection.policy)
    if selection.cause is not None:
        conditions.append(CLOCK.c.cause == str(selection.cause))
    return conditions


def _known(asof: datetime | None, now: datetime) -> Condition:
    """A clock that has ended or is overdue; with `asof` that had, or was (one that ended later may have been)."""
    ended = CLOCK.c.stopped_at.is_not(None)
    if asof is None:
        return or_(ended, overdue_condition(now))
    late = and_(ended, CLOCK.c.stopped_at > asof, CLOCK.c.breach_at < asof)
    return or_(CLOCK.c.stopped_at <= asof, late, overdue_condition(min(now, asof)))


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
        return conditions + _figure_conditions(selection, now)
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


def _time_condition(part: Part, body: str) -> Condition:
    """The part stands among what the closed case has put into the summary (`store.tally.Entry` as JSON)."""
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


def _figure_conditions(selection: Selection, now: datetime) -> list[Condition]:
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
