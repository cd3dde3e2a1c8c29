"""Whether proposed versions of the calendar and of time limits fit what is there, and the rules they would make."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hotline.casework.calendar_years import load_with_years
from hotline.casework.policy_file import parse_policies
from hotline.casework.rule_assembly import BOOK, assemble
from hotline.errors import InvalidInputError, PolicyError
from hotline.moments import local_date
from hotline.store.rule_versions import stored_rules

if TYPE_CHECKING:
    from hotline.casework.clock_rules import ClockRules
    from hotline.services import Services
    from hotline.store.rule_adopting import RuleProposal

FARTHEST_BACK = timedelta(days=366)
FARTHEST_AHEAD = timedelta(days=3660)


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
