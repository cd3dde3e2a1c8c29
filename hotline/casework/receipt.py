"""When a 举报 came in, as an agency may know it: the day.

Where one agency has the 投诉 and the 举报 of one call, the same minute on both would tell that one person made it. The
day is what the law's terms run from; what runs from the receipt in hours or minutes is the desk's own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.casework.clocks import LONG_UNITS
from hotline.casework.day_bounds import start_of
from hotline.casework.unsealing import guarded
from hotline.moments import local_date
from hotline.vocabulary import AGENCY_ROLES, Action

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hotline.records import Actor, CaseEvent, CaseSnapshot, Clock


def day_only(snapshot: CaseSnapshot, actor: Actor) -> bool:
    """Whether this reader is told only the day of receipt."""
    return actor.role in AGENCY_ROLES and guarded(snapshot)


def start_of_receipt(moment: datetime) -> datetime:
    """The beginning of the day of receipt, in the place of the moment."""
    return start_of(local_date(moment))


def clocks_for(clocks: Iterable[Clock], snapshot: CaseSnapshot, actor: Actor) -> tuple[Clock, ...]:
    """The clocks as this reader may see them."""
    if not day_only(snapshot, actor):
        return tuple(clocks)
    start = start_of_receipt(snapshot.received_at)
    kept = [clock for clock in clocks if clock.unit in LONG_UNITS or clock.body_id is not None]
    return tuple(
        replace(clock, started_at=start)
        if clock.started_at == snapshot.received_at and clock.unit in LONG_UNITS
        else clock
        for clock in kept
    )


def events_for(events: Iterable[CaseEvent], snapshot: CaseSnapshot, actor: Actor) -> list[CaseEvent]:
    """The events as this reader may see them: of the registration only the day."""
    if not day_only(snapshot, actor):
        return list(events)
    start = start_of_receipt(snapshot.received_at)
    return [
        replace(event, at=start, recorded_at=start) if event.action is Action.REGISTER else event for event in events
    ]
