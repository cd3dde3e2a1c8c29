"""Policies with what an office or a region laid over them: other durations for the hotline's own clocks."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from hotline.casework.policy import Tier, check_duration
from hotline.casework.policy_change import check_terms
from hotline.casework.policy_key import Same
from hotline.casework.policy_lookup import known_policy
from hotline.errors import PolicyError
from hotline.vocabulary import Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hotline.casework.policy import Policy
    from hotline.casework.policy_change import NewTerms, PolicyChange
    from hotline.records import ClockOverride


def with_overrides(policies: Sequence[Policy], overrides: Iterable[ClockOverride]) -> tuple[Policy, ...]:
    """The policies with an office's own durations for its hotline clocks.

    Raises:
        PolicyError: The policy is unknown or statutory, or the duration cannot be used.
    """
    return _with_overrides(Same(tuple(policies)), tuple(overrides))


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


def _overridden(policy: Policy, only: Urgency | None, change: Callable[[Tier], Tier]) -> Policy:
    tiers = dict(policy.tiers)
    for urgency in [only] if only else list(Urgency):
        tiers[urgency] = change(tiers.get(urgency, Tier(policy.duration, policy.unit, policy.extension, policy.warn)))
    return replace(policy, tiers=tiers)
