"""One agency's stretch of a case: what has happened on it, which legs are open, which one leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.records import Leg
from hotline.vocabulary import OPEN_LEG_STATES, Action, LegRole, LegState

if TYPE_CHECKING:
    from hotline.records import CaseSnapshot


FACTS = frozenset(
    {
        Action.CONTACT,
        Action.ACCEPT,
        Action.DECLINE,
        Action.TERMINATE,
        Action.CLUE,
        Action.FILE,
        Action.NOT_FILE,
        Action.DECIDE,
        Action.RESOLVE,
    }
)


@dataclass(frozen=True, slots=True)
class TracedLeg(Leg):
    """A leg with what has happened on it at least once, and the policies extended there, one entry each time.

    The state alone cannot say it: a leg that was sent back is 已签收 again, and was accepted all the same.
    """

    facts: frozenset[Action] = frozenset()
    extended: tuple[str, ...] = ()


def facts_of(leg: Leg) -> frozenset[Action]:
    """The procedural actions that have happened on this leg."""
    return leg.facts if isinstance(leg, TracedLeg) else frozenset()


def times_extended(leg: Leg, policy: str) -> int:
    """How often this clock of the leg was extended."""
    return leg.extended.count(policy) if isinstance(leg, TracedLeg) else 0


def open_legs(snapshot: CaseSnapshot) -> tuple[Leg, ...]:
    """The legs that are being worked on."""
    return tuple(leg for leg in snapshot.legs if leg.state in OPEN_LEG_STATES)


def current_lead(snapshot: CaseSnapshot) -> Leg | None:
    """The lead leg that runs or was resolved last; None before dispatch and while a return is undecided."""
    leads = [leg for leg in snapshot.legs if leg.role is LegRole.LEAD]
    last = leads[-1] if leads else None
    return last if last and last.state in OPEN_LEG_STATES | {LegState.RESOLVED} else None
