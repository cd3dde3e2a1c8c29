"""The queue of one body: its legs by tab, the clocks that run on them, and open requests for more time."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, case, exists, func, or_, select

from hotline.store.dialect import among_given, is_postgresql
from hotline.store.figures import Count, running_condition
from hotline.store.lines import PAGE, SUMMARY, Page, cut, near, page_statement, read_page, visible_cases
from hotline.store.tables import CASE, CLOCK, COMPLAINT, EVENT, LEG
from hotline.store.tallies import MANY, at_most, is_code, one_of, written
from hotline.store.types import FAR
from hotline.vocabulary import OPEN_LEG_STATES, Action, LegState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.sql.selectable import ScalarSelect
    from sqlmodel import Session

    from hotline.records import Actor

MOST_REQUESTS = 200
CLOCKS_A_CASE, FEW_CLOCKS = 10, 3
_WORKING = one_of(LEG.c.state, OPEN_LEG_STATES - {LegState.QUEUED})
_FINISHED = one_of(LEG.c.state, (LegState.RESOLVED, LegState.WAIVED, LegState.CLOSED))
_ENDED = one_of(LEG.c.state, frozenset(LegState) - OPEN_LEG_STATES)


class Tab(StrEnum):
    """A part of the queue. `OWED` are finished legs with a notice that the law still wants.

    `OVERDUE` and `DUE_SOON` cut across the others: legs with such a clock at this moment.
    """

    OPEN = "open"
    UNSIGNED = "unsigned"
    WORKING = "working"
    OWED = "owed"
    RETURNED = "returned"
    DONE = "done"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"


_OPEN = LEG.c.closed_at.is_(None)
_TABS: dict[Tab, ColumnElement[bool]] = {
    Tab.OPEN: _OPEN,
    Tab.UNSIGNED: and_(_OPEN, is_code(LEG.c.state, LegState.QUEUED)),
    # Named one by one, so that the index by state finds them among many that are not signed.
    Tab.WORKING: and_(_OPEN, _WORKING),
    # Its states are said too, so that the index by state passes by all that is open.
    Tab.OWED: and_(LEG.c.closed_at.is_not(None), LEG.c.due_at < FAR, _ENDED),
    Tab.RETURNED: is_code(LEG.c.state, LegState.RETURNED),
    Tab.DONE: _FINISHED,
}
# A leg is open by its state (`OPEN_LEG_STATES`), so what is counted stands whole in the index by state.
_COUNTED: dict[Tab, ColumnElement[bool]] = {
    Tab.UNSIGNED: is_code(LEG.c.state, LegState.QUEUED),
    Tab.WORKING: _WORKING,
    Tab.OWED: and_(_ENDED, LEG.c.due_at < FAR),
    Tab.RETURNED: _TABS[Tab.RETURNED],
    Tab.DONE: _TABS[Tab.DONE],
}
_PAST = frozenset({Tab.RETURNED, Tab.DONE})


# Made once: to build and to compare a statement of this size costs more than to run it.
_BODY = bindparam("body", type_=CLOCK.c.body_id.type)
_NOW = bindparam("now", type_=CLOCK.c.warn_at.type)
_OVERDUE = and_(running_condition(), CLOCK.c.breach_at < _NOW)
_DUE_SOON = and_(running_condition(), CLOCK.c.warn_at <= _NOW, CLOCK.c.breach_at >= _NOW)


class QueueLeg(NamedTuple):
    """A leg with as much of its case as a row of the queue shows; `due_at` is None where no deadline runs."""

    leg_id: str
    role: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    suspended: bool
    case_id: str
    number: str
    kind: str
    category: str
    urgency: str
    supervised: bool
    respondent: str
    summary: str
    due_at: datetime | None


class OpenClock(NamedTuple):
    """A clock that has not ended, as a list shows it; `leg_id` is None for the clock of the whole case."""

    id: str
    policy: str
    leg_id: str | None
    due_at: datetime
    breach_at: datetime
    warn_at: datetime
    paused_since: datetime | None

    def running(self) -> bool:
        """Whether it is not suspended."""
        return self.paused_since is None

    def overdue(self, now: datetime) -> bool:
        """Whether the deadline has passed at `now`, or had passed when the clock was suspended."""
        return (self.paused_since or now) > self.breach_at


def queue(
    session: Session, body_id: str, tab: Tab, now: datetime, *, after: str | None = None, limit: int = PAGE
) -> Page[QueueLeg]:
    """The body's legs of a tab: the nearest deadline first, what is over by its end, the newest first.

    Working time runs with the calendar, so the order of deadlines is the order of the working time that remains.

    Raises:
        InvalidInputError: The cursor is none of ours.
    """
    given = {"body": body_id, **({} if tab in _TABS else {"now": now})}
    statement = _queue_statement(tab, beyond=after is not None)
    return read_page(session, statement, _queue_leg, after=after, limit=limit, given=given)


@lru_cache(maxsize=2 * len(Tab))
def _queue_statement(tab: Tab, *, beyond: bool) -> Select[Any]:
    """The page of a tab, the first or a later one, with body and moment as parameters."""
    past = tab in _PAST
    moment: ColumnElement[Any] = LEG.c.closed_at if past else LEG.c.due_at
    statement = _QUEUE_LEGS.where(LEG.c.body_id == _BODY, _condition(tab))
    return page_statement(statement, moment=moment, key=LEG.c.id, beyond=beyond, newest_first=past)


_QUEUE_LEGS = select(
    *(LEG.c[name] for name in ("id", "role", "state", "opened_at", "closed_at", "suspended")),
    *(CASE.c[name] for name in ("id", "number", "kind", "category", "urgency", "supervised")),
    COMPLAINT.c.respondent_name,
    SUMMARY,
    LEG.c.due_at,
).select_from(LEG.join(CASE, CASE.c.id == LEG.c.case_id).join(COMPLAINT, COMPLAINT.c.id == CASE.c.complaint_id))


def _queue_leg(row: Row[Any]) -> QueueLeg:
    """A leg from its row, whose columns stand in the order of the fields."""
    values: tuple[Any, ...] = row[: len(QueueLeg._fields)]
    return QueueLeg._make((*values[:-2], cut(values[-2]), near(values[-1])))


def _condition(tab: Tab) -> ColumnElement[bool]:
    """What makes a leg part of a tab; the clock of the whole case presses the open leg of the body it names."""
    if tab in _TABS:
        return _TABS[tab]
    state = _OVERDUE if tab is Tab.OVERDUE else _DUE_SOON
    of_leg = or_(CLOCK.c.leg_id == LEG.c.id, and_(CLOCK.c.leg_id.is_(None), _OPEN))
    pressing = and_(CLOCK.c.case_id == LEG.c.case_id, CLOCK.c.body_id == LEG.c.body_id, of_leg, state)
    # What is overdue is due: said too, so that the index by deadline ends there.
    return and_(exists().where(pressing), LEG.c.due_at < _NOW) if tab is Tab.OVERDUE else exists().where(pressing)


def queue_figures(session: Session, body_id: str, now: datetime) -> tuple[dict[Tab, int], Count]:
    """`queue_counts` and `body_figures` in one statement, as the head of each page shows both."""
    head = _HEAD[is_postgresql(session)]
    *counted, overdue, soon = session.execute(head, {"body": body_id, "now": now}).one()
    return _by_tab(counted), Count(body_id, overdue, soon)


def queue_counts(session: Session, body_id: str) -> dict[Tab, int]:
    """How many legs each tab holds that does not depend on the moment, each counted up to `tallies.MANY`."""
    return _by_tab(session.execute(_LEG_COUNTS, {"body": body_id}).one())


def _by_tab(row: Sequence[int]) -> dict[Tab, int]:
    counts = dict(zip(_COUNTED, row, strict=True))
    return {Tab.OPEN: min(counts[Tab.UNSIGNED] + counts[Tab.WORKING], MANY), **counts}


def body_figures(session: Session, body_id: str, now: datetime) -> Count:
    """How many cases have a clock of this body that is overdue, and one that is due soon; up to `tallies.MANY`."""
    figures = _FIGURES[is_postgresql(session)]
    overdue, soon = session.execute(figures, {"body": body_id, "now": now}).one()
    return Count(body_id, overdue, soon)


def _overdue() -> ScalarSelect[int]:
    """How many cases have an overdue clock of the body, counted up to `MANY`.

    SQLite's reading ends with the last of them.
    """
    return _count(_PRESSING.where(_OVERDUE))


def _pressed(condition: ColumnElement[bool], clocks: int = MANY * CLOCKS_A_CASE) -> ScalarSelect[int]:
    """The same over so many clocks at most, those warned of last, which is what is due soon; a case has no more."""
    newest = _PRESSING.where(condition).order_by(CLOCK.c.warn_at.desc()).limit(written(clocks)).subquery()
    return _count(select(newest.c.case_id))


def _in_two_steps(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """The same for PostgreSQL, which reads all it is given before it tells cases apart: few at first."""
    many = written(MANY)
    return case((_pressed(condition, MANY * FEW_CLOCKS) >= many, many), else_=_pressed(condition))


def _count(cases: Select[tuple[str]]) -> ScalarSelect[int]:
    return select(func.count()).select_from(cases.distinct().limit(written(MANY)).subquery()).scalar_subquery()


_PRESSING = select(CLOCK.c.case_id).where(CLOCK.c.body_id == _BODY, CLOCK.c.warn_at <= _NOW)
_LEG_COUNTS = select(*(at_most(LEG.c.body_id == _BODY, condition) for condition in _COUNTED.values()))
# By whether it is PostgreSQL that is asked.
_FIGURES = {
    False: select(_overdue(), _pressed(_DUE_SOON)),
    True: select(_in_two_steps(_OVERDUE), _in_two_steps(_DUE_SOON)),
}
_HEAD = {on: select(*_LEG_COUNTS.selected_columns, *figures.selected_columns) for on, figures in _FIGURES.items()}
_CLOCKS = {
    on_postgresql: select(CLOCK.c.case_id, *(CLOCK.c[name] for name in OpenClock._fields))
    .where(CLOCK.c.body_id == _BODY, among_given(CLOCK.c.case_id, "cases", on_postgresql=on_postgresql))
    .where(CLOCK.c.stopped_at.is_(None))
    for on_postgresql in _FIGURES
}
_TITLES = select(CLOCK.c.id, CLOCK.c.body["title"].as_string()).where(
    CLOCK.c.id.in_(bindparam("clocks", expanding=True))
)


def legs_in(session: Session, body_id: str, case_ids: Iterable[str]) -> tuple[QueueLeg, ...]:
    """The body's legs in these cases, the newest first in each, the cases in the order given."""
    wanted = list(case_ids)
    statement = _QUEUE_LEGS.where(LEG.c.body_id == body_id, LEG.c.case_id.in_(wanted)).order_by(LEG.c.opened_at.desc())
    lines = [_queue_leg(row) for row in session.execute(statement)]
    return tuple(sorted(lines, key=lambda line: wanted.index(line.case_id)))


def open_clocks(session: Session, body_id: str, case_ids: Iterable[str]) -> dict[str, tuple[OpenClock, ...]]:
    """By case, the clocks that the body must keep and that have not ended, the nearest deadline first.

    The clock of the whole case (办结) is the lead body's and names no leg. The clocks' bodies are not read.
    """
    found: dict[str, list[OpenClock]] = {}
    for row in session.execute(_CLOCKS[is_postgresql(session)], {"body": body_id, "cases": list(case_ids)}).all():
        found.setdefault(row[0], []).append(OpenClock._make(row[1:]))
    # Few in each case: a database would sort those of all cases together.
    return {
        case_id: tuple(sorted(clocks, key=lambda each: (each.due_at, each.id))) for case_id, clocks in found.items()
    }


def clock_titles(session: Session, clock_ids: Collection[str]) -> dict[str, str]:
    """The titles of these clocks by id, as they stood when the clocks were reckoned."""
    if not clock_ids:
        return {}
    rows = session.execute(_TITLES, {"clocks": list(clock_ids)})
    return {row[0]: row[1] for row in rows}


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
