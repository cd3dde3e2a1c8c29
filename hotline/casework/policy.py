"""One clock policy: the record, its scopes and its tiers. `policies.toml` holds them, `policies` chooses among them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hotline.errors import PolicyError
from hotline.vocabulary import AgencyType, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hotline.casework.transitions import ExtensionRule
    from hotline.vocabulary import Action, CaseState, Holder, Kind, NoticeSubject, Urgency

LEG, LEAD = "leg", "lead"
"""Starts that are no action of the leg: any leg opens, a lead leg opens."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a policy applies: one agency type between two days, perhaps only for some channels or categories.

    The type `any` stands for every type but those in `but`.
    """

    agency_type: AgencyType
    since: date | None = None
    until: date | None = None
    channels: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    but: frozenset[AgencyType] = frozenset()

    def names(self, agency_type: AgencyType) -> bool:
        """Whether the scope names this agency type."""
        every = self.agency_type is AgencyType.ANY and agency_type not in self.but
        return every or self.agency_type is agency_type

    def covers(self, day: date) -> bool:
        """Whether the day lies within the scope."""
        return (self.since or day) <= day <= (self.until or day)


@dataclass(frozen=True, slots=True)
class Tier:
    """What a hotline clock allows at one urgency."""

    duration: int
    unit: Unit
    extension: ExtensionRule | None = None
    warn: int | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """One deadline rule. `starts` are actions of the leg, `LEG` or `LEAD`; a case clock runs while in `states`.

    `named_only` starts only where the caller gave a name, `reachable_only` only where there is a phone to call.
    """

    id: str
    title: str
    kinds: frozenset[Kind]
    scopes: tuple[Scope, ...]
    by_event: bool
    trigger: str
    starts: frozenset[str]
    states: frozenset[CaseState]
    stop: str
    stop_actions: frozenset[Action]
    stop_notices: frozenset[NoticeSubject]
    holder: Holder
    duration: int
    unit: Unit
    pauses: frozenset[str]
    extension: ExtensionRule | None
    article: str
    confidence: str
    statutory: bool = True
    enabled: bool = True
    named_only: bool = False
    reachable_only: bool = False
    window: bool = False
    fallback: bool = False
    answers: bool = False
    condition: str = ""
    replaces: frozenset[str] = frozenset()
    tiers: Mapping[Urgency, Tier] = field(default_factory=dict)
    node: str = ""
    region: str = ""
    urgency: Urgency | None = None
    warn: int | None = None
    """The share of time left, in percent, at which it warns; None warns as H-WARN has it for the urgency."""

    @property
    def from_receipt(self) -> bool:
        """Whether the 起算点 is the receipt (the leg's opening, once dispatched)."""
        return bool(self.starts & {LEG, LEAD})

    def covers(self, agency_type: AgencyType, day: date) -> bool:
        """Whether a scope names this agency type on this day."""
        return any(scope.names(agency_type) and scope.covers(day) for scope in self.scopes)

    def at(self, urgency: Urgency) -> Policy:
        """The policy with the duration that this urgency allows."""
        tier = self.tiers.get(urgency)
        if tier is None:
            return self
        return replace(self, duration=tier.duration, unit=tier.unit, extension=tier.extension, warn=tier.warn)


def check_duration(policy_id: str, duration: int, unit: Unit) -> None:
    """Refuse a duration that no clock can have; 0 日 means the day itself (当日).

    Raises:
        PolicyError: It is negative, or zero in another unit.
    """
    if isinstance(duration, bool) or not isinstance(duration, int) or duration < (unit is not Unit.DAY):
        message = f"时限策略 {policy_id} 的时长 {duration} {unit.label} 不能用：应是正整数。"
        raise PolicyError(message)
