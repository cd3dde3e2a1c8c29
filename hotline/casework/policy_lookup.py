"""Finds one policy, what may be added to its clock, and the agency type behind a channel."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hotline.errors import PolicyError
from hotline.vocabulary import AgencyType, Urgency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.casework.policy import Policy
    from hotline.casework.transitions import ExtensionRule

MERGER = date(2018, 3, 1)
"""From this day the market-supervision bureaus have the work of 工商 and 质监 (design §6)."""


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
