"""What proposed rules would do to the clocks of open cases; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hotline.casework.reckoning import ClockMove, moves
from hotline.casework.rule_assembly import POLICY
from hotline.moments import SHANGHAI
from hotline.proposing import candidate_rules
from hotline.store.stale_clocks import open_cases

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hotline.casework.clock_rules import ClockRules
    from hotline.services import Services
    from hotline.store.rule_adopting import RuleProposal

KEPT_MOVES = 500
"""Moves that are kept with the version; their number is always kept whole."""


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """What a version would do to open cases; `moves` are the own office's, `elsewhere` counts those of others.

    `warned` counts clocks of all offices whose date stays and that only warn by another day; they are not listed.
    """

    cases: int
    moves: tuple[ClockMove, ...]
    elsewhere: int
    elsewhere_overdue: int
    warned: int

    @property
    def moved(self) -> int:
        """How many deadlines would move, in all offices."""
        return len(self.moves) + self.elsewhere

    @property
    def overdue(self) -> int:
        """How many of them would be overdue at once."""
        return sum(move.overdue for move in self.moves) + self.elsewhere_overdue

    @property
    def words(self) -> str:
        """`将改变 412 个到期日，其中 9 个随即超期；另有 3 个只改预警的日子，逾期日不变`."""
        rest = f"；另有 {self.warned} 个只改预警的日子，逾期日不变" if self.warned else ""
        return f"将改变 {self.moved} 个到期日，其中 {self.overdue} 个随即超期{rest}"

    def kept(self) -> dict[str, Any]:
        """What is stored with the version: numbers, codes and dates, no text of a caller."""
        listed = [
            {"number": move.number, "policy": move.policy, "old": _shown(move.old), "new": _shown(move.new)}
            for move in self.moves[:KEPT_MOVES]
        ]
        counts = {"cases": self.cases, "moved": self.moved, "overdue": self.overdue, "warned": self.warned}
        return {**counts, "moves": listed}


def try_rule(services: Services, proposal: RuleProposal, office_id: str) -> RuleTrial:
    """Reckon the clocks of all open cases with and without a proposal; nothing is written.

    Raises:
        CalendarError, PolicyError, InvalidInputError: See `candidate_rules`.
    """
    only = proposal.office_id if proposal.kind == POLICY else None
    return trial_of(services, candidate_rules(services, proposal), office_id, only=only)


def try_rules(services: Services, proposals: Sequence[RuleProposal], office_id: str) -> RuleTrial:
    """The same for several that are to be adopted together.

    Raises:
        CalendarError, PolicyError, InvalidInputError: See `candidate_rules`.
    """
    return trial_of(services, candidate_rules(services, *proposals), office_id)


def trial_of(services: Services, after: ClockRules, office_id: str, *, only: str | None = None) -> RuleTrial:
    """What other rules than those in force would do to open cases, of all offices or of one."""
    before = services.rulebook.clock_rules
    bodies, now = services.rulebook.directory.bodies, services.now()
    counted = warned = 0
    mine: tuple[ClockMove, ...] = ()
    others: list[ClockMove] = []
    for office in services.offices.values():
        if only not in {None, office.id}:
            continue
        if before.mark(office) == after.mark(office):
            continue
        with services.read() as store:
            cases = tuple(open_cases(store.session, office.id))
        every = tuple(moves(cases, before, after, office=office, bodies=bodies, now=now))
        found = tuple(move for move in every if not move.stays)
        counted, warned = counted + len(cases), warned + len(every) - len(found)
        if office.id == office_id:
            mine = found
        else:
            others += found
    return RuleTrial(counted, mine, len(others), sum(move.overdue for move in others), warned)


def _shown(moment: datetime | None) -> str | None:
    return moment.astimezone(SHANGHAI).isoformat(timespec="minutes") if moment else None
