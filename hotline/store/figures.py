"""Counts of what is overdue and due soon. Both are worked out from the clocks at `now`, never stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, case, func, or_, select

from hotline.store.tables import CASE, CLOCK

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlmodel import Session

TOTAL = ("", "")
_LATE, _SOON = "late", "soon"
_BETWEEN, _WITHIN = ";", "/"
"""Between clocks and within one; neither stands in the id of a body or a policy."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases have a running clock that is overdue, and one that is due soon, under one key."""

    key: str
    overdue: int
    due_soon: int


@dataclass(frozen=True, slots=True)
class OverdueCounts:
    """The office's figures. Bodies are those whose clock it is; the desk's own clocks stand under the empty key."""

    total: Count
    by_body: tuple[Count, ...]
    by_category: tuple[Count, ...]
    by_channel: tuple[Count, ...]
    by_policy: tuple[Count, ...]


def running_condition() -> ColumnElement[bool]:
    """A clock that is neither stopped nor suspended."""
    return and_(CLOCK.c.stopped_at.is_(None), CLOCK.c.paused_since.is_(None))


def overdue_condition(now: datetime) -> ColumnElement[bool]:
    """A running clock whose deadline has passed."""
    return and_(running_condition(), CLOCK.c.breach_at < now)


def due_soon_condition(now: datetime) -> ColumnElement[bool]:
    """A running clock that has reached its warning and not its deadline."""
    return and_(running_condition(), CLOCK.c.warn_at <= now, CLOCK.c.breach_at >= now)


def overdue_counts(session: Session, office_id: str, now: datetime) -> OverdueCounts:
    """The office's overdue and due-soon cases: in all, by body, by category and by channel.

    Each number counts cases once and equals the length of `queries.case_list` with the same filters.
    """
    late: Counter[tuple[str, str]] = Counter()
    soon: Counter[tuple[str, str]] = Counter()
    for clocks, category, channel, cases in session.execute(_REACHED, {"office": office_id, "now": now}):
        found: dict[str, set[tuple[str, str]]] = {_LATE: set(), _SOON: set()}
        for clock in clocks.split(_BETWEEN):
            body, policy, state = clock.split(_WITHIN)
            found[state] |= {TOTAL, ("body", body), ("policy", policy), ("category", category), ("channel", channel)}
        late.update(dict.fromkeys(found[_LATE], cases))
        soon.update(dict.fromkeys(found[_SOON], cases))
    body, category, channel, policy = (_counts(side, late, soon) for side in ("body", "category", "channel", "policy"))
    return OverdueCounts(Count("", late[TOTAL], soon[TOTAL]), body, category, channel, policy)


def _counts(side: str, late: Counter[tuple[str, str]], soon: Counter[tuple[str, str]]) -> tuple[Count, ...]:
    counts = [Count(named[1], late[named], soon[named]) for named in late | soon if named[0] == side]
    return tuple(sorted(counts, key=lambda count: (-count.overdue, -count.due_soon, count.key)))


_NOW = bindparam("now", type_=CLOCK.c.breach_at.type)
_CLOCK = (
    func.coalesce(CLOCK.c.body_id, "")
    .concat(_WITHIN)
    .concat(CLOCK.c.policy)
    .concat(case((CLOCK.c.breach_at < _NOW, _WITHIN + _LATE), else_=_WITHIN + _SOON))
)
# Cases with the same clocks are counted together, read in the order of the index: one that counts the cases of each
# side by themselves sorts all of them for each.
_CASES = (
    select(CLOCK.c.case_id, func.aggregate_strings(_CLOCK, _BETWEEN).label("clocks"))
    .where(
        running_condition(),
        CLOCK.c.office_id == bindparam("office", type_=CLOCK.c.office_id.type),
        or_(CLOCK.c.warn_at <= _NOW, CLOCK.c.breach_at < _NOW),
    )
    .group_by(CLOCK.c.case_id)
    .subquery()
)
_REACHED = (
    select(_CASES.c.clocks, CASE.c.category, CASE.c.channel, func.count())
    .select_from(_CASES.join(CASE, CASE.c.id == _CASES.c.case_id))
    .group_by(_CASES.c.clocks, CASE.c.category, CASE.c.channel)
)
