"""Which clock policies run for which kind, agency type and date (sla-law §2).

A row of `policies.toml` has one start, one duration and one unit; several rows of one id are its versions. Dates are
days in Asia/Shanghai, both ends included: the day of receipt, or for `by_event` policies the day of the event.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from hotline.casework.calendars import ONE_DAY
from hotline.casework.policy import LEAD, LEG, Policy, Scope, Tier, check_duration
from hotline.casework.policy_change import check_terms
from hotline.casework.policy_file import load_policies
from hotline.errors import PolicyError
from hotline.vocabulary import AgencyType, Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hotline.casework.policy_change import NewTerms, PolicyChange
    from hotline.casework.transitions import ExtensionRule
    from hotline.records import ClockOverride
    from hotline.vocabulary import Kind

__all__ = [
    "LEAD",
    "LEG",
    "Policy",
    "Scope",
    "Tier",
    "applicable",
    "changed",
    "check_duration",
    "default_agency_type",
    "extension_rule",
    "known_policy",
    "load_policies",
    "with_overrides",
]

MERGER = date(2018, 3, 1)
"""From this day the market-supervision bureaus have the work of 工商 and 质监 (design §6)."""


def applicable(
    policies: Sequence[Policy],
    *,
    kind: Kind,
    agency_type: AgencyType,
    channel: str,
    urgency: Urgency,
    received_on: date,
    region: str | None = None,
    category: str | None = None,
) -> tuple[Policy, ...]:
    """The policies whose 适用 line names this case, each with the duration of its urgency.

    A policy chosen by the day of its event is among them whatever that day; ask `covers` when the event is known.
    A fallback (消保法第46条) stays out where another time limit for accepting or settling applies; a shorter rule takes
    the place of those it `replaces`. `category` is needed only by rules for one matter (假冒专利).
    """
    every = Same(tuple(policies))
    day = _first_alike(every, received_on)
    return _applicable(every, kind, agency_type, channel, urgency, day, region, category)


def _first_alike(policies: Same, day: date) -> date:
    """The first day from which on to this one every scope covers the same: one answer serves them all."""
    changes = _changes(policies)
    found = bisect_right(changes, day)
    return changes[found - 1] if found else date.min


@lru_cache(maxsize=64)
def _changes(policies: Same) -> tuple[date, ...]:
    """The days on which some scope begins or is over."""
    scopes = [scope for policy in policies.value for scope in policy.scopes]
    begun = {scope.since for scope in scopes if scope.since}
    return tuple(sorted(begun | {scope.until + ONE_DAY for scope in scopes if scope.until and scope.until < date.max}))


@lru_cache(maxsize=64)
def _tiered(policies: Same, urgency: Urgency) -> tuple[Policy, ...]:
    """Every policy that is in use, with the duration of an urgency."""
    return tuple(policy.at(urgency) for policy in policies.value if policy.enabled)


@lru_cache(maxsize=2048)
def _applicable(  # noqa: PLR0917 - the key of a cache: every case of an era and kind asks the same.
    policies: Same,
    kind: Kind,
    agency_type: AgencyType,
    channel: str,
    urgency: Urgency,
    received_on: date,
    region: str | None,
    category: str | None,
) -> tuple[Policy, ...]:
    chosen = [
        policy
        for policy in _tiered(policies, urgency)
        if kind in policy.kinds
        and policy.urgency in {None, urgency}
        and _region_fits(policy.region, region)
        and any(
            scope.names(agency_type)
            and (policy.by_event or scope.covers(received_on))
            and (not scope.channels or channel in scope.channels)
            and (not scope.categories or category in scope.categories)
            for scope in policy.scopes
        )
    ]
    replaced = frozenset[str]().union(*(policy.replaces for policy in chosen))
    answered = any(policy.answers for policy in chosen)
    return tuple(policy for policy in chosen if policy.id not in replaced and not (policy.fallback and answered))


def with_overrides(policies: Sequence[Policy], overrides: Iterable[ClockOverride]) -> tuple[Policy, ...]:
    """The policies with an office's own durations for its hotline clocks.

    Raises:
        PolicyError: The policy is unknown or statutory, or the duration cannot be used.
    """
    return _with_overrides(Same(tuple(policies)), tuple(overrides))


class Same:
    """Policies as the key of a cache: the very same tuple is the same, an equal one is not."""

    __slots__ = ("value",)

    def __init__(self, value: tuple[Policy, ...]) -> None:
        """Hold on to the tuple, so that no other can take its identity."""
        self.value = value

    def __eq__(self, other: object) -> bool:
        """Whether it is the same tuple."""
        return isinstance(other, Same) and self.value is other.value

    def __hash__(self) -> int:
        """The identity of the tuple."""
        return id(self.value)


@lru_cache(maxsize=32)
def _with_overrides(policies: Same, overrides: tuple[ClockOverride, ...]) -> tuple[Policy, ...]:
    """Kept, so that what is asked of the result can be kept too."""
    result = policies.value
    for override in overrides:
        check_duration(override.policy, override.duration, override.unit)
        result = _laid_over(result, override.policy, override.urgency, partial(_longer, override))
    return result


def changed(policies: tuple[Policy, ...], change: PolicyChange) -> tuple[Policy, ...]:
    """The policies with a change that was adopted for an office or a region: its terms take the place of the clock's.

    Raises:
        PolicyError: The policy is unknown or statutory, or no clock could follow the terms.
    """
    check_terms(change.policy, change.terms)
    return _laid_over(policies, change.policy, change.terms.urgency, partial(_other, change.terms))


def _laid_over(
    policies: tuple[Policy, ...], policy_id: str, urgency: Urgency | None, change: Callable[[Tier], Tier]
) -> tuple[Policy, ...]:
    if known_policy(policies, policy_id) and any(each.statutory for each in policies if each.id == policy_id):
        message = f"{policy_id} 是法定时限，办公室不能改。只有热线时限（H- 开头）可以调整。"
        raise PolicyError(message)
    return tuple(_overridden(each, urgency, change) if each.id == policy_id else each for each in policies)


def _longer(override: ClockOverride, tier: Tier) -> Tier:
    return replace(tier, duration=override.duration, unit=override.unit)


def _other(terms: NewTerms, tier: Tier) -> Tier:
    return Tier(terms.duration, terms.unit, terms.extension, terms.warn or tier.warn)


def default_agency_type(channel: str, on: date) -> AgencyType:
    """The agency type behind a channel on a day: 12315 工商 and 12365 质监, both 市场监管 from 2018-03 (design §6)."""
    types = {
        "12315": (AgencyType.AIC, AgencyType.MARKET_REGULATION),
        "12330": (AgencyType.PATENT, AgencyType.PATENT),
        "12365": (AgencyType.QUALITY, AgencyType.MARKET_REGULATION),
        "12390": (AgencyType.COPYRIGHT, AgencyType.COPYRIGHT),
    }
    return types.get(channel, (AgencyType.ANY, AgencyType.ANY))[on >= MERGER]


def extension_rule(
    policies: Sequence[Policy],
    policy_id: str,
    urgency: Urgency | None = None,
    agency_type: AgencyType | None = None,
) -> ExtensionRule | None:
    """What may be added to a clock, or None where nothing may.

    Without `urgency` a hotline clock answers for 一般; without `agency_type` a policy that differs by it (CASE-90: the
    30 days stand in the market bureaus' own rules only) answers for the type that may extend.
    """
    rows = [
        policy.at(urgency or Urgency.NORMAL)
        for policy in policies
        if policy.id == policy_id
        and policy.enabled
        and (agency_type is None or any(scope.names(agency_type) for scope in policy.scopes))
    ]
    rules = [policy.extension for policy in rows if policy.extension]
    return rules[-1] if rules else None


def known_policy(policies: Sequence[Policy], policy_id: str) -> Policy:
    """The newest version of a policy by its id.

    Raises:
        PolicyError: There is none.
    """
    rows = [policy for policy in policies if policy.id == policy_id]
    if not rows:
        message = f"没有编号为 {policy_id} 的时限策略，请核对编号。"
        raise PolicyError(message)
    return rows[-1]


def _region_fits(policy_region: str, region: str | None) -> bool:
    """A province's policy serves its cities: adcodes nest by trailing zeros."""
    return not policy_region or (region or "").startswith(policy_region.rstrip("0"))


def _overridden(policy: Policy, only: Urgency | None, change: Callable[[Tier], Tier]) -> Policy:
    tiers = dict(policy.tiers)
    for urgency in [only] if only else list(Urgency):
        tiers[urgency] = change(tiers.get(urgency, Tier(policy.duration, policy.unit, policy.extension, policy.warn)))
    return replace(policy, tiers=tiers)
