"""Which clock policies run for which kind, agency type and date (sla-law §2).

A row of `policies.toml` has one start, one duration and one unit; several rows of one id are its versions. Dates are
days in Asia/Shanghai, both ends included: the day of receipt, or for `by_event` policies the day of the event.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.casework.calendars import ONE_DAY
from hotline.casework.policy_key import Same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.casework.policy import Policy
    from hotline.vocabulary import AgencyType, Kind, Urgency


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


def _region_fits(policy_region: str, region: str | None) -> bool:
    """A province's policy serves its cities: adcodes nest by trailing zeros."""
    return not policy_region or (region or "").startswith(policy_region.rstrip("0"))
