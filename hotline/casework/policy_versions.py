"""Refuses versions of one policy that would run side by side."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from hotline.errors import PolicyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.casework.policy import Policy, Scope


def check_versions(policies: Sequence[Policy]) -> None:
    """Refuse two versions of one id that would both run for the same case."""
    by_id: dict[str, list[Policy]] = {}
    for policy in policies:
        by_id.setdefault(policy.id, []).append(policy)
    for name, rows in by_id.items():
        for one, other in combinations(rows, 2):
            if any(_overlap(a, b) for a in one.scopes for b in other.scopes):
                message = f"时限策略 {name} 有两条在同一机关类型、同一时段生效。请分开日期。"
                raise PolicyError(message)


def _overlap(one: Scope, other: Scope) -> bool:
    meet = one.names(other.agency_type) or other.names(one.agency_type)
    starts = max(one.since or date.min, other.since or date.min)
    return meet and starts <= min(one.until or date.max, other.until or date.max)
