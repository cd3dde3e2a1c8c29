"""Adopting versions of the calendar and of time limits as pages and commands do it: check, try on open cases, adopt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.proposing import candidate_rules
from hotline.store import rule_adopting
from hotline.store.stale_clocks import count_stale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.records import Actor
    from hotline.services import Services
    from hotline.store.rule_adopting import RuleProposal
    from hotline.trying import RuleTrial


def check_rule(services: Services, proposal: RuleProposal) -> None:
    """What stands against adopting, whatever the content says.

    Raises:
        InvalidInputError: The reason is missing or nothing would change.
    """
    with services.read() as store:
        rule_adopting.check_rule(store.session, proposal)


def adopt_rule(services: Services, proposal: RuleProposal, trial: RuleTrial, by: Actor) -> int:
    """Adopt what was checked and tried, and take it up in this process at once; the number of the version.

    The cached clocks follow in the background (`reclocking`).

    Raises:
        CalendarError, PolicyError, InvalidInputError, ConflictError: See `candidate_rules` and `rule_adopting`.
    """
    candidate_rules(services, proposal)
    with services.write() as store:
        kept = replace(proposal, trial=trial.kept())
        version = rule_adopting.adopt_rule(store, kept, by=by, now=services.now())
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
            rule_adopting.adopt_rule(store, replace(each, trial=trial.kept()), by=by, now=services.now())
            for each in proposals
        )
    services.refresh_rules()
    return versions


def waiting_cases(services: Services, office_id: str) -> int:
    """How many cases of an office still carry clocks of earlier rules."""
    mark = services.rulebook.clock_rules.mark(services.office(office_id))
    with services.read() as store:
        return count_stale(store.session, office_id, mark)
