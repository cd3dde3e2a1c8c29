"""The tabs of a body's queue, and the conditions that make a leg part of one."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam

from hotline.store.figures import running_condition
from hotline.store.tables import CLOCK, LEG
from hotline.store.tallies import is_code, one_of
from hotline.store.types import FAR
from hotline.vocabulary import OPEN_LEG_STATES, LegState

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

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


OPEN_LEGS = LEG.c.closed_at.is_(None)
TABS: dict[Tab, ColumnElement[bool]] = {
    Tab.OPEN: OPEN_LEGS,
    Tab.UNSIGNED: and_(OPEN_LEGS, is_code(LEG.c.state, LegState.QUEUED)),
    # Named one by one, so that the index by state finds them among many that are not signed.
    Tab.WORKING: and_(OPEN_LEGS, _WORKING),
    # Its states are said too, so that the index by state passes by all that is open.
    Tab.OWED: and_(LEG.c.closed_at.is_not(None), LEG.c.due_at < FAR, _ENDED),
    Tab.RETURNED: is_code(LEG.c.state, LegState.RETURNED),
    Tab.DONE: _FINISHED,
}
# A leg is open by its state (`OPEN_LEG_STATES`), so what is counted stands whole in the index by state.
COUNTED: dict[Tab, ColumnElement[bool]] = {
    Tab.UNSIGNED: is_code(LEG.c.state, LegState.QUEUED),
    Tab.WORKING: _WORKING,
    Tab.OWED: and_(_ENDED, LEG.c.due_at < FAR),
    Tab.RETURNED: TABS[Tab.RETURNED],
    Tab.DONE: TABS[Tab.DONE],
}


# Made once: to build and to compare a statement of this size costs more than to run it.
BODY = bindparam("body", type_=CLOCK.c.body_id.type)
NOW = bindparam("now", type_=CLOCK.c.warn_at.type)
OVERDUE = and_(running_condition(), CLOCK.c.breach_at < NOW)
DUE_SOON = and_(running_condition(), CLOCK.c.warn_at <= NOW, CLOCK.c.breach_at >= NOW)
