"""What a selection asks of a clock, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_

from hotline.reports.clock_states import state_condition
from hotline.reports.narrowing import owner, within
from hotline.store.figures import overdue_condition
from hotline.store.tables import CLOCK
from hotline.store.tally_entries import permission_windows

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.reports.narrowing import Condition
    from hotline.reports.selection import Selection


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
