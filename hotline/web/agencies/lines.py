"""A leg in the queue as the page shows it: which deadline presses, and how much working time is left."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from hotline.moments import SHANGHAI
from hotline.store.crime_marks import marks_of
from hotline.store.merging import merged_groups
from hotline.store.open_clocks import clock_titles, open_clocks
from hotline.vocabulary import Kind, LegRole, LegState, Urgency
from hotline.web.agencies.worktime import Worktime
from hotline.web.context import account, actor, now, services
from hotline.web.labels import category
from hotline.web.times import moment_in, remaining_at, tag_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlmodel import Session

    from hotline.store.merging import Member
    from hotline.store.open_clocks import OpenClock
    from hotline.store.queues import QueueLeg

_KINDS, _STATES, _ROLES = ({str(term): term.label for term in terms} for terms in (Kind, LegState, LegRole))


class QueueLine(NamedTuple):
    """One row, in the words of the page. `title` is that of the clock that presses, empty where none runs.

    `more` says how many others run, `left` the calendar time that remains and `tag` its badge's class; a clock that is
    `paused` shows neither. `urgency` is empty where it is the usual one; `mark` is that of a possible crime; `callers`
    are those of the same matter, 0 where it is this caller's alone.
    """

    key: str
    case_id: str
    number: str
    title: str
    paused: bool
    left: str
    tag: str
    more: int
    working: str
    unsigned: bool
    late: bool
    urgency: str
    supervised: bool
    mark: tuple[int, str] | None
    callers: int
    state: str
    state_label: str
    suspended: bool
    role: str
    topic: str
    respondent: str
    summary: str
    opened: str
    closed: str


class _Shown(NamedTuple):
    """What all rows of a page are made with."""

    titles: Mapping[str, str]
    marks: Mapping[str, tuple[int, str]]
    groups: Mapping[str, Sequence[Member]]
    worktime: Worktime
    category: Callable[[str | None], str]
    year: int


def queue_lines(session: Session, body_id: str, legs: Sequence[QueueLeg]) -> tuple[QueueLine, ...]:
    """The rows of these legs, with their clocks read at once."""
    case_ids = [leg.case_id for leg in legs]
    clocks = open_clocks(session, body_id, case_ids)
    pressing = [[each for each in clocks.get(leg.case_id, ()) if _presses(leg, each)] for leg in legs]
    nearest = [_nearest(mine) for mine in pressing]
    calendar = services().rulebook.clock_rules.calendar_for(services().office(account().office_id))
    shown = _Shown(
        titles=_titles(session, [clock for clock in nearest if clock]),
        marks=marks_of(session, case_ids),
        groups=merged_groups(session, actor(), case_ids),
        worktime=Worktime(now(), calendar),
        category=cache(category),
        year=now().astimezone(SHANGHAI).year,
    )
    return tuple(_line(leg, mine, clock, shown) for leg, mine, clock in zip(legs, pressing, nearest, strict=True))


def _titles(session: Session, clocks: Sequence[OpenClock]) -> dict[str, str]:
    """The titles of these clocks by id; read only where today's policies do not tell them."""
    known: dict[str, str] = {}
    for policy in services().rulebook.policies:
        known[policy.id] = policy.title if known.get(policy.id, policy.title) == policy.title else ""
    unknown = [clock.id for clock in clocks if not known.get(clock.policy)]
    return {clock.id: known.get(clock.policy, "") for clock in clocks} | clock_titles(session, unknown)


def _nearest(mine: Sequence[OpenClock]) -> OpenClock | None:
    """The nearest that runs, else the nearest that is suspended."""
    return next((each for each in mine if each.paused_since is None), mine[0] if mine else None)


def _line(leg: QueueLeg, mine: Sequence[OpenClock], clock: OpenClock | None, shown: _Shown) -> QueueLine:
    moment = shown.worktime.now
    return QueueLine(
        key=f"{leg.case_id}:{leg.leg_id}",
        case_id=leg.case_id,
        number=leg.number,
        title=shown.titles[clock.id] if clock else "",
        paused=clock is not None and not clock.running(),
        left=remaining_at(moment, clock.due_at, clock.breach_at) if clock else "",
        tag=tag_at(moment, clock.breach_at, clock.warn_at) if clock else "",
        more=max(len(mine) - 1, 0),
        working=shown.worktime.words(clock) if clock else "",
        unsigned=leg.state == LegState.QUEUED,
        late=any(each.paused_since is None and each.breach_at < moment for each in mine),
        urgency="" if leg.urgency == Urgency.NORMAL else leg.urgency,
        supervised=leg.supervised,
        mark=shown.marks.get(leg.case_id),
        callers=len(shown.groups.get(leg.case_id, ())),
        state=leg.state,
        state_label=_STATES[leg.state],
        suspended=leg.suspended,
        role=_ROLES[leg.role],
        topic=f"{_KINDS[leg.kind]} · {shown.category(leg.category)}",
        respondent=leg.respondent or "—",
        summary=leg.summary,
        opened=moment_in(leg.opened_at, shown.year),
        closed=moment_in(leg.closed_at, shown.year) if leg.closed_at else "",
    )


def _presses(leg: QueueLeg, clock: OpenClock) -> bool:
    """The leg's own clocks, and while it is open the clock of the whole case that its body answers for."""
    if clock.leg_id is None:
        return leg.closed_at is None
    return clock.leg_id == leg.leg_id
