"""The clocks of one case under the rules in force, and what other rules would make of them (a dry run).

Pure functions of events, rules and `now`: registering, acting, the dry run and the recomputation all call these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.clocks import derive, derive_from
from hotline.casework.state import replay
from hotline.casework.stretches import cut
from hotline.casework.timeshare import shares
from hotline.moments import local_date
from hotline.vocabulary import OPEN_CASE_STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from hotline.casework.clock_rules import ClockRules
    from hotline.casework.history import History
    from hotline.casework.timeshare import Share
    from hotline.records import CaseEvent, CaseSnapshot, Clock, Office
    from hotline.routing.bodies import Body
    from hotline.vocabulary import AgencyType


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case as a dry run needs it."""

    case_id: str
    number: str
    events: tuple[CaseEvent, ...]


@dataclass(frozen=True, slots=True)
class ClockMove:
    """A clock that would end otherwise; `old` or `new` is None where it would start or vanish.

    The moments are those that breach is told by; `overdue` says that the move itself makes it overdue. Where both are
    alike only the earlier of two possible last days moves, by which it warns.
    """

    case_id: str
    number: str
    policy: str
    title: str
    old: datetime | None
    new: datetime | None
    overdue: bool

    @property
    def stays(self) -> bool:
        """Whether the date stays by which it is late."""
        return self.old == self.new


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What stands beside a case's events: its clocks, and of a closed case whose time it took.

    `mark` is the fingerprint: the seq of the last event and the mark of the rules.
    """

    clocks: tuple[Clock, ...]
    spent: tuple[Share, ...]
    mark: tuple[int, str]


def reckon_all(history: History, *, office: Office, rules: ClockRules, bodies: Mapping[str, Body]) -> Reckoning:
    """Everything that is reckoned from a history, in one pass over it.

    Raises:
        CalendarError, PolicyError: See `reckon`.
    """
    case, cuts, calendar = history.case, cut(history.seen), rules.calendar_for(office)
    clocks = derive_from(
        history,
        cuts,
        policies=rules.policies_for(office, local_date(case.received_at)),
        calendar=calendar,
        body_types=_types(case, bodies),
        region=office.region,
    )
    closed = case.closed_at if case.state not in OPEN_CASE_STATES else None
    spent = shares(cuts, calendar, closed) if closed else ()
    return Reckoning(clocks, spent, (case.seq, rules.mark(office)))


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
        body_types=_types(snapshot, bodies),
        region=office.region,
    )


def _types(case: CaseSnapshot, bodies: Mapping[str, Body]) -> dict[str, AgencyType]:
    """The agency type of each body that has a leg."""
    return {leg.body_id: bodies[leg.body_id].type for leg in case.legs if leg.body_id in bodies}


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
