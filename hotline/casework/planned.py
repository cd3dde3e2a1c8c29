"""The clocks that will start if a prepared complaint is saved and dispatched now: what the operator's preview shows.

A dry run of an import asks whether they can be reckoned at all.

They are not reckoned a second way: the events that saving would append are made up, and `clocks.derive` reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from hotline.casework.clocks import derive, explain
from hotline.casework.deadlines import EXACT_UNITS
from hotline.casework.desk import proposed_legs, registration_data
from hotline.casework.lifecycle import decide
from hotline.casework.state import replay
from hotline.moments import local_date
from hotline.records import Actor, CaseEvent, Command, NewEvent
from hotline.vocabulary import Action, CaseState, Kind, Role

if TYPE_CHECKING:
    from datetime import date, datetime

    from hotline.casework.preparation import Prepared
    from hotline.casework.rulebook import Rulebook
    from hotline.records import Clock, Office

CASE = "planned"


@dataclass(frozen=True, slots=True)
class PlannedClock:
    """A clock that would start; `exact` where it ends at `due_at` (hours, minutes), else at 24:00 of `due`.

    `body_id` is whose clock it is, None for the desk's own. `why` explains the date line by line.
    """

    policy: str
    title: str
    body_id: str | None
    statutory: bool
    article: str
    trigger: str
    due: date
    due_at: datetime
    exact: bool
    provisional: bool
    why: tuple[str, ...]


def planned_clocks(
    prepared: Prepared, *, office: Office, rulebook: Rulebook, now: datetime
) -> tuple[PlannedClock, ...]:
    """The clocks that run once the complaint is registered and, where the plan names a lead, dispatched at `now`.

    The nearest deadline first. Permission windows (退单) are no duty of anybody and are left out, as is the
    dispatch clock where dispatch follows at once.

    Raises:
        CalendarError: The complaint was received in a past year without a calendar.
    """
    actor = Actor(CASE, Role.OPERATOR, office.id)
    events = _events(prepared, actor, now)
    bodies = rulebook.directory.bodies
    body_types = {leg.body_id: bodies[leg.body_id].type for leg in replay(events).legs}
    clocks = derive(
        events,
        policies=rulebook.clock_rules.policies_for(office, local_date(prepared.complaint.received_at)),
        calendar=rulebook.clock_rules.calendar_for(office),
        body_types=body_types,
        region=office.region,
    )
    running = [clock for clock in clocks if clock.running()]
    return tuple(_planned(clock) for clock in sorted(running, key=lambda clock: (clock.due.due_at, clock.id)))


def _events(prepared: Prepared, actor: Actor, now: datetime) -> tuple[CaseEvent, ...]:
    at = min(prepared.complaint.received_at, now)
    data = registration_data(prepared, CaseState.TRIAGE if prepared.doubt else CaseState.READY)
    first = _event(NewEvent(Action.REGISTER, data), 1, actor, at)
    command = Command(Action.DISPATCH, data=proposed_legs(prepared.assignment))
    undecided = prepared.assignment.silent or prepared.complaint.kind is Kind.INQUIRY
    if undecided or not command.data["lead"]:
        return (first,)
    ids = (f"{CASE}-{n}" for n in count(1))
    dispatched = decide(
        replay((first,)), command, actor, now=now, new_id=lambda: next(ids), extension_rule=lambda _policy: None
    )
    return (first, *(_event(event, seq, actor, now) for seq, event in enumerate(dispatched, start=2)))


def _event(event: NewEvent, seq: int, actor: Actor, at: datetime) -> CaseEvent:
    return CaseEvent(
        id=f"{CASE}-event-{seq}",
        case_id=CASE,
        seq=seq,
        action=event.action,
        actor_id=actor.account_id,
        actor_role=actor.role,
        at=at,
        recorded_at=at,
        data=event.data,
    )


def _planned(clock: Clock) -> PlannedClock:
    return PlannedClock(
        policy=clock.policy,
        title=clock.title,
        body_id=clock.body_id,
        statutory=clock.statutory,
        article=clock.article,
        trigger=clock.trigger,
        due=clock.due.due,
        due_at=clock.due.due_at,
        exact=clock.unit in EXACT_UNITS,
        provisional=clock.due.provisional,
        why=tuple(explain(clock)),
    )
