"""The clocks of one case under the rules in force, and what other rules would make of them (a dry run).

Pure functions of events, rules and `now`: registering, acting, the dry run and the recomputation all call these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.clocks import derive
from hotline.casework.state import replay
from hotline.moments import local_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from hotline.casework.clock_rules import ClockRules
    from hotline.records import CaseEvent, CaseSnapshot, Clock, Office
    from hotline.routing.agencies import Body


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case as a dry run needs it."""

    case_id: str
    number: str
    events: tuple[CaseEvent, ...]


@dataclass(frozen=True, slots=True)
class ClockMove:
    """A clock whose deadline would move; `old` or `new` is None where it would start or vanish.

    The moments are those that breach is told by; `overdue` says that the move itself makes it overdue.
    """

    case_id: str
    number: str
    policy: str
    title: str
    old: datetime | None
    new: datetime | None
    overdue: bool


def reckon(
    events: Sequence[CaseEvent],
    snapshot: CaseSnapshot,
    *,
    office: Office,
    rules: ClockRules,
    bodies: Mapping[str, Body],
) -> tuple[Clock, ...]:
    """The clocks of a case; `snapshot` is what its events make, `bodies` is the directory.

    Raises:
        CalendarError: A clock began in a past year without data.
        PolicyError: A change of a policy does not fit the file.
    """
    return derive(
        events,
        policies=rules.policies_for(office, local_date(snapshot.received_at)),
        calendar=rules.calendar_for(office),
        body_types={leg.body_id: bodies[leg.body_id].type for leg in snapshot.legs if leg.body_id in bodies},
        region=office.region,
    )


def moves(
    cases: Iterable[OpenCase],
    before: ClockRules,
    after: ClockRules,
    *,
    office: Office,
    bodies: Mapping[str, Body],
    now: datetime,
) -> Iterator[ClockMove]:
    """The running clocks of these cases whose deadline the candidate would move, start or take away."""
    for case in cases:
        snapshot = replay(case.events)
        old, new = (
            {
                clock.id: clock
                for clock in reckon(case.events, snapshot, office=office, rules=rules, bodies=bodies)
                if clock.stopped_at is None
            }
            for rules in (before, after)
        )
        for clock_id in dict.fromkeys([*old, *new]):
            move = _move(case, old.get(clock_id), new.get(clock_id), now)
            if move is not None:
                yield move


def _move(case: OpenCase, old: Clock | None, new: Clock | None, now: datetime) -> ClockMove | None:
    one, other = _ends(old), _ends(new)
    shown = new or old
    if one == other or shown is None:
        return None
    late_before = old is not None and old.overdue(now)
    overdue = new is not None and new.overdue(now) and not late_before
    was, becomes = (clock.due.breach_at if clock else None for clock in (old, new))
    return ClockMove(case.case_id, case.number, shown.policy, shown.title, was, becomes, overdue)


def _ends(clock: Clock | None) -> tuple[datetime, datetime] | None:
    return (clock.due.due_at, clock.due.breach_at) if clock else None
