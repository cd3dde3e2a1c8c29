"""Adopting a new version of a plan as pages and commands do it: examine, try on recent cases, adopt, end, take back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hotline.errors import InvalidInputError
from hotline.routing.plan_candidate import Candidate, examine
from hotline.routing.plans import with_annex
from hotline.routing.replay import Move, named_bodies, replay
from hotline.store.plan_adopting import adopt, check_adoption
from hotline.store.plan_versions import version_lines
from hotline.store.plan_withdrawing import withdraw
from hotline.store.replaying import OpenLeg, open_legs, recent_cases

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hotline.records import Actor
    from hotline.routing.plan_records import Plan
    from hotline.services import Services
    from hotline.store.plan_stream import Proposal

USUAL_CASES, MOST_CASES = 1_000, 100_000
KEPT_MOVES = 500
"""Moves that are kept with the version; their number is always kept whole."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a new version would do: how many cases were routed again, which would move, which legs lose their body."""

    on: date
    cases: int
    moves: tuple[Move, ...]
    legs: tuple[OpenLeg, ...]

    def kept(self) -> dict[str, Any]:
        """What is stored with the version: numbers, codes and names of bodies, no text of a caller."""
        moves = [
            {"number": move.number, "category": move.category, "from": move.before.lead, "to": move.after.lead}
            for move in self.moves[:KEPT_MOVES]
        ]
        legs = sorted({f"{leg.number} {leg.body}" for leg in self.legs})
        return {
            "on": self.on.isoformat(),
            "cases": self.cases,
            "moved": len(self.moves),
            "moves": moves,
            "orphaned": legs,
        }


def examine_file(
    services: Services, office_id: str, plan_id: str, content: str, *, source: str | None, on: date
) -> Candidate:
    """Read and check a file as the version that serves an office from a day on."""
    book = services.rulebook
    return examine(
        content,
        plan_id=plan_id,
        file=f"{plan_id}.toml",
        plans=book.plans_on(on, office_id),
        directory=book.directory,
        taxonomy=book.taxonomy,
        source_text=source,
    )


def try_out(services: Services, office_id: str, plan_id: str, plan: Plan | None, *, on: date, count: int) -> Trial:
    """Route the newest cases of an office with and without the new version, as if they had come on its first day.

    `plan` None tries what happens when the plan ends. Nothing is classified again and nothing is written.
    """
    book, office = services.rulebook, services.office(office_id)
    before = book.plans_on(on, office_id)
    after = {**before, plan_id: plan} if plan else {key: each for key, each in before.items() if key != plan_id}
    touched = _touched(before, plan_id)
    gone = _bodies(before, touched, services, on) - _bodies(after, touched, services, on)
    with services.read() as store:
        cases = list(recent_cases(store.session, office_id, count))
        legs = open_legs(store.session, office_id, touched, gone)
    moves = replay(cases, before, after, book.directory, office=office, on=on)
    return Trial(on, len(cases), tuple(moves), tuple(legs))


def check_proposal(services: Services, proposal: Proposal, plan: Plan | None, by: Actor) -> None:
    """What stands against a proposal beside what the file's own check says.

    Raises:
        InvalidInputError: The day is impossible, the reason is missing, or another plan forwards one that would end.
    """
    with services.read() as store:
        lines = version_lines(store.session, proposal.plan_id, by.office_id)
    check_adoption(lines, proposal, now=services.now())
    if plan is not None and plan.begins > proposal.effective_from:
        message = f"没有采用。生效日期早于文件的印发日期 {plan.begins.isoformat()}。"
        raise InvalidInputError(message, effective=f"不能早于印发日期 {plan.begins.isoformat()}")
    plans = services.rulebook.plans_on(proposal.effective_from, by.office_id)
    users = [each.title for each in plans.values() if each.extends == proposal.plan_id]
    if plan is None and users:
        message = f"不能停用：《{users[0]}》转发了这个方案。请先采用不再转发它的版本。"
        raise InvalidInputError(message, effective="有方案转发它")


def adopt_proposal(services: Services, proposal: Proposal, plan: Plan | None, by: Actor) -> int:
    """Adopt what was examined and tried, and take it up in this process at once; the number of the version.

    Raises:
        InvalidInputError, ConflictError: See `check_proposal` and `plan_adopting.adopt`.
    """
    check_proposal(services, proposal, plan, by)
    with services.write() as store:
        version = adopt(store, proposal, by=by, now=services.now())
    services.refresh_rules()
    return version


def take_back(services: Services, plan_id: str, version: int, note: str, by: Actor) -> None:
    """Withdraw a version that is not in force yet.

    Raises:
        NotFoundError, InvalidInputError, ConflictError: See `plan_withdrawing.withdraw`.
    """
    with services.write() as store:
        withdraw(store, plan_id, version, note, by=by, now=services.now())
    services.refresh_rules()


def _touched(plans: Mapping[str, Plan], plan_id: str) -> frozenset[str]:
    """The plan itself and those that forward it, directly or not."""
    found = {plan_id}
    for _ in plans:
        found |= {each.id for each in plans.values() if each.extends in found}
    return frozenset(found)


def _bodies(plans: Mapping[str, Plan], plan_ids: frozenset[str], services: Services, on: date) -> frozenset[str]:
    """The bodies that these plans send cases to on a day."""
    directory = services.rulebook.directory
    named = [named_bodies(with_annex(plans[each], plans), directory, on) for each in plan_ids if each in plans]
    return frozenset().union(*named)
