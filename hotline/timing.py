"""Adopting versions of the calendar and of time limits as pages and commands do it: check, try on open cases, adopt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hotline.casework.calendar_years import load_with_years
from hotline.casework.policy_file import parse_policies
from hotline.casework.reckoning import ClockMove, moves
from hotline.casework.rule_assembly import BOOK, CALENDAR, POLICY, assemble
from hotline.errors import InvalidInputError, PolicyError
from hotline.moments import SHANGHAI, local_date
from hotline.store import rule_versions
from hotline.store.rule_versions import stored_rules
from hotline.store.stale_clocks import count_stale, open_cases

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hotline.casework.clock_rules import ClockRules
    from hotline.records import Actor
    from hotline.store.rule_versions import RuleProposal
    from hotline.wiring import Services

KEPT_MOVES = 500
"""Moves that are kept with the version; their number is always kept whole."""
FARTHEST_BACK = timedelta(days=366)
FARTHEST_AHEAD = timedelta(days=3660)


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


def candidate_rules(services: Services, *proposals: RuleProposal) -> ClockRules:
    """The rules as they would be with these proposals adopted.

    Raises:
        CalendarError, PolicyError: One cannot be read, or does not fit what is there.
        InvalidInputError: The first day of one is impossible.
    """
    with services.read() as store:
        stored = list(stored_rules(store.session))
    for proposal in proposals:
        _check_day(services, proposal)
        version = max((each.version for each in stored if each.kind == proposal.kind), default=0) + 1
        stored.append(proposal.stored(version))
    book = services.rulebook
    base = load_with_years(services.settings.calendar_years)
    rules = assemble(book.policies, base, stored)
    for proposal in proposals:
        if proposal.kind == BOOK:
            _check_book(services, proposal.content)
        for office in services.offices.values():
            # Laying the changes over the file shows what does not fit: an unknown policy, a statutory one.
            rules.policies_for(office, max(proposal.effective_from, local_date(services.now())))
    return rules


def try_rule(services: Services, proposal: RuleProposal, office_id: str) -> RuleTrial:
    """Reckon the clocks of all open cases with and without a proposal; nothing is written.

    Raises:
        CalendarError, PolicyError, InvalidInputError: See `candidate_rules`.
    """
    only = proposal.office_id if proposal.kind == POLICY else None
    return _trial(services, candidate_rules(services, proposal), office_id, only=only)


def try_rules(services: Services, proposals: Sequence[RuleProposal], office_id: str) -> RuleTrial:
    """The same for several that are to be adopted together.

    Raises:
        CalendarError, PolicyError, InvalidInputError: See `candidate_rules`.
    """
    return _trial(services, candidate_rules(services, *proposals), office_id)


def _trial(services: Services, after: ClockRules, office_id: str, *, only: str | None = None) -> RuleTrial:
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


def check_rule(services: Services, proposal: RuleProposal) -> None:
    """What stands against adopting, whatever the content says.

    Raises:
        InvalidInputError: The reason is missing or nothing would change.
    """
    with services.read() as store:
        rule_versions.check_rule(store.session, proposal)


def adopt_rule(services: Services, proposal: RuleProposal, trial: RuleTrial, by: Actor) -> int:
    """Adopt what was checked and tried, and take it up in this process at once; the number of the version.

    The cached clocks follow in the background (`reclocking`).

    Raises:
        CalendarError, PolicyError, InvalidInputError, ConflictError: See `candidate_rules` and `rule_versions`.
    """
    candidate_rules(services, proposal)
    with services.write() as store:
        kept = replace(proposal, trial=trial.kept())
        version = rule_versions.adopt_rule(store, kept, by=by, now=services.now())
    services.refresh_rules()
    return version


def adopt_rules(services: Services, proposals: Sequence[RuleProposal], trial: RuleTrial, by: Actor) -> tuple[int, ...]:
    """Adopt several together, all or none; the numbers of their versions.

    Raises:
        CalendarError, PolicyError, InvalidInputError, ConflictError: See `adopt_rule`.
    """
    candidate_rules(services, *proposals)
    with services.write() as store:
        versions = tuple(
            rule_versions.adopt_rule(store, replace(each, trial=trial.kept()), by=by, now=services.now())
            for each in proposals
        )
    services.refresh_rules()
    return versions


def take_back_rule(services: Services, version: int, note: str, by: Actor) -> None:
    """Withdraw a change of a policy that is not in force yet: the actor's own office's, or one of its region.

    Raises:
        NotFoundError, InvalidInputError, ConflictError: See `rule_versions.withdraw_rule`.
    """
    with services.write() as store:
        place = services.office(by.office_id).region
        rule_versions.withdraw_rule(store, version, note, place=place, by=by, now=services.now())
    services.refresh_rules()


def try_taking_back(services: Services, version: int, note: str, office_id: str) -> RuleTrial:
    """Reckon the clocks of all open cases as they would be without a version of the calendar; nothing is written.

    Raises:
        NotFoundError, InvalidInputError: See `rule_versions.calendar_line`.
        CalendarError: A later year stands on this one, which must be taken back first.
    """
    with services.read() as store:
        rule_versions.calendar_line(store.session, version, note)
        stored = stored_rules(store.session)
    left = [each for each in stored if (each.kind, each.version) != (CALENDAR, version)]
    base = load_with_years(services.settings.calendar_years)
    return _trial(services, assemble(services.rulebook.policies, base, left), office_id)


def take_back_calendar(services: Services, version: int, note: str, by: Actor) -> RuleTrial:
    """Withdraw a version of the calendar, in force or not, and take up what served before; what that moves.

    The version stays in the list with who took it back, when and why; cached clocks follow in the background.

    Raises:
        NotFoundError, InvalidInputError, CalendarError, ConflictError: See `try_taking_back` and `rule_versions`.
    """
    trial = try_taking_back(services, version, note, by.office_id)
    with services.write() as store:
        rule_versions.withdraw_calendar(store, version, note, by=by, now=services.now())
    services.refresh_rules()
    return trial


def waiting_cases(services: Services, office_id: str) -> int:
    """How many cases of an office still carry clocks of earlier rules."""
    mark = services.rulebook.clock_rules.mark(services.office(office_id))
    with services.read() as store:
        return count_stale(store.session, office_id, mark)


def _check_day(services: Services, proposal: RuleProposal) -> None:
    today = local_date(services.now())
    if not today - FARTHEST_BACK <= proposal.effective_from <= today + FARTHEST_AHEAD:
        message = "没有采用。生效日期应在一年前至十年后之间。"
        raise InvalidInputError(message, effective="生效日期应在一年前至十年后之间")


def _check_book(services: Services, content: str) -> None:
    """A file of policies must keep every policy that is known, and each statutory one must cite its article.

    Raises:
        PolicyError: The message names the policy.
    """
    rows = parse_policies(content).policies
    gone = sorted({each.id for each in services.rulebook.policies} - {each.id for each in rows})
    if gone:
        message = f"没有采用。文件里少了 {'、'.join(gone[:5])}：策略不能删除，停用请写 enabled = false。"
        raise PolicyError(message)
    bare = [each.id for each in rows if each.statutory and each.enabled and not each.article.strip()]
    if bare:
        message = f"没有采用。法定时限 {'、'.join(bare[:5])} 没有写明法律依据（article）。"
        raise PolicyError(message)


def _shown(moment: datetime | None) -> str | None:
    return moment.astimezone(SHANGHAI).isoformat(timespec="minutes") if moment else None
