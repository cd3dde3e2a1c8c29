"""The cases behind a figure: how many, page by page, and the clocks that put them there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, func, select

from hotline.reports.clock_conditions import breached_condition, clock_conditions, no_window
from hotline.reports.conditions import case_conditions, plain_conditions
from hotline.reports.figure_words import ClockState, Figure
from hotline.reports.narrowing import owner
from hotline.store.figures import running_condition
from hotline.store.lines import CaseLine, case_line_of, case_lines
from hotline.store.paging import PAGE, Page, paged
from hotline.store.tables import CASE, CLOCK, MERGED_CASE
from hotline.store.visibility import visible_cases
from hotline.vocabulary import DESK_ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlmodel import Session

    from hotline.records import Actor
    from hotline.reports.narrowing import Condition
    from hotline.reports.selection import Selection

CHUNK = 500
_BY_DEADLINE = frozenset({ClockState.OVERDUE, ClockState.DUE_SOON, ClockState.RUNNING})


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock in a list: whose it is (None the desk's own) and how it stands."""

    case_id: str
    policy: str
    statutory: bool
    body_id: str | None
    due_at: datetime
    breach_at: datetime
    warn_at: datetime
    stopped_at: datetime | None
    paused_since: datetime | None


def count_cases(session: Session, actor: Actor, selection: Selection, now: datetime) -> int:
    """How many cases that the actor may see are in the selection."""
    wanted = select(func.count()).select_from(CASE).where(visible_cases(actor), *case_conditions(selection, now))
    return int(session.execute(wanted).scalar_one())


def count_clocks(session: Session, actor: Actor, selection: Selection, now: datetime) -> int:
    """How many clocks put cases into a selection that chooses cases by their clocks: the number in the cube.

    A clock bears its office, so that the desk's are counted from an index where nothing is asked of the case itself.
    """
    of_case, of_clock = plain_conditions(selection), clock_conditions(selection, now)
    at_desk = actor.role in DESK_ROLES
    mine = CLOCK.c.office_id == actor.office_id if at_desk else visible_cases(actor)
    source = CLOCK if at_desk and not of_case else CLOCK.join(CASE, CASE.c.id == CLOCK.c.case_id)
    counted = select(func.count()).select_from(source).where(mine, *of_case, *of_clock)
    return int(session.execute(counted).scalar_one())


def count_matters(session: Session, actor: Actor, selection: Selection, now: datetime, total: int) -> int:
    """How many matters the `total` cases of the selection are: duplicates that are linked count once."""
    asked = (visible_cases(actor), *case_conditions(selection, now))
    shared, groups = count_merged(session, asked)
    return total - shared + groups


def count_merged(session: Session, asked: Iterable[Condition]) -> tuple[int, int]:
    """How many of these cases are one matter with others, and how many matters those are.

    It goes out from the few cases that have duplicates, however many cases there are.
    """
    mine = exists(select(CASE.c.id).where(CASE.c.id == MERGED_CASE.c.case_id, *asked))
    counted = select(func.count(), func.count(MERGED_CASE.c.group_id.distinct())).select_from(MERGED_CASE)
    shared, groups = session.execute(counted.where(mine)).one()
    return int(shared), int(groups)


def case_page(
    session: Session,
    actor: Actor,
    selection: Selection,
    now: datetime,
    *,
    after: str | None = None,
    limit: int = PAGE,
) -> Page[CaseLine]:
    """One page of the selection: by the nearest deadline where open clocks are asked for, else the newest first.

    Raises:
        InvalidInputError: The cursor is none of ours.
    """
    statement = case_lines().where(visible_cases(actor), *case_conditions(selection, now))
    by_deadline = selection.figure is None and selection.clock in _BY_DEADLINE
    return paged(
        session,
        statement,
        case_line_of,
        moment=CASE.c.due_at if by_deadline else CASE.c.received_at,
        key=CASE.c.id,
        after=after,
        limit=limit,
        newest_first=not by_deadline,
    )


def every_case(session: Session, actor: Actor, selection: Selection, now: datetime) -> Iterator[CaseLine]:
    """The whole selection, read in pieces."""
    after: str | None = None
    while True:
        page = case_page(session, actor, selection, now, after=after, limit=CHUNK)
        yield from page.lines
        after = page.next
        if after is None:
            return


def clocks_behind(
    session: Session, case_ids: Iterable[str], selection: Selection, now: datetime
) -> dict[str, tuple[ClockLine, ...]]:
    """Of each case the clocks for which it is in the selection; where no clock is asked for, those that run."""
    names = list(ClockLine.__dataclass_fields__)
    asked = _asked(selection, now)
    statement = select(*[CLOCK.c[name] for name in names]).where(CLOCK.c.case_id.in_(list(case_ids)), *asked)
    found: dict[str, tuple[ClockLine, ...]] = {}
    for row in session.execute(statement.order_by(CLOCK.c.due_at, CLOCK.c.id)).mappings():
        line = ClockLine(**row)
        found[line.case_id] = (*found.get(line.case_id, ()), line)
    return found


def _asked(selection: Selection, now: datetime) -> list[Condition]:
    if selection.figure is Figure.BREACHED:  # The deadlines that passed in the period, also those met too late since.
        passed = breached_condition(*selection.span(), selection.seen_at(now))
        return [*owner(CLOCK.c.body_id, selection.body), passed]
    return clock_conditions(selection, now) if selection.of_clocks else [no_window(), running_condition()]


def policies_met(session: Session, office_id: str) -> frozenset[str]:
    """The policies that have ever run on a case of this office: what a list can be narrowed to."""
    return frozenset(session.execute(_MET, {"office": office_id}).scalars())


# From each policy to the next one in the index: as many steps as policies, however many clocks there are.
_FIRST = select(func.min(CLOCK.c.policy).label("policy")).cte("met", recursive=True)
_NEXT = select(func.min(CLOCK.c.policy)).where(CLOCK.c.policy > _FIRST.c.policy).scalar_subquery()
_STEPS = _FIRST.union_all(select(_NEXT).where(_FIRST.c.policy.is_not(None)))
_OWN = CLOCK.c.office_id == bindparam("office", type_=CLOCK.c.office_id.type)
_MET = select(_STEPS.c.policy).where(exists().where(CLOCK.c.policy == _STEPS.c.policy, _OWN))
