"""Time limits and their versions as rows of lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.policy_change import read_terms, terms_words
from hotline.errors import PolicyError
from hotline.vocabulary import Urgency
from hotline.web.context import services

if TYPE_CHECKING:
    from hotline.casework.policy import Policy
    from hotline.store.rule_versions import RuleLine


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of the list: a policy as it is for what the office receives today, and its version."""

    policy: Policy
    terms: str
    since: str
    until: str
    version: str


def hotline_first(row: Limit) -> tuple[bool, bool]:
    """The order of the list: the hotline's own first, what is switched off last."""
    return row.policy.statutory, not row.policy.enabled


def limit_of(policy: Policy, version: int | None) -> Limit:
    """A policy as a row of the list, with the number of its version."""
    levels = [policy.at(level) for level in Urgency]
    spans = list(dict.fromkeys(f"{each.duration} {each.unit.label}" for each in levels))
    terms = spans[0] if len(spans) == 1 else " / ".join(f"{each.duration} {each.unit.label}" for each in levels)
    since = min((scope.since for scope in policy.scopes if scope.since), default=None)
    until = max((scope.until for scope in policy.scopes if scope.until), default=None)
    return Limit(
        policy,
        terms,
        since.isoformat() if since else "",
        until.isoformat() if until else "",
        f"第 {version} 版" if version else "随程序" if not services().rulebook.books else "采用的文件",
    )


def words_of(line: RuleLine) -> str:
    """What a version says, in words."""
    try:
        return terms_words(read_terms(line.subject, line.content))
    except PolicyError as error:
        return error.message
