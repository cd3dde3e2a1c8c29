"""The composed fields of a policy's row: its scopes, its extension, its tiers by urgency."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hotline.casework.policy import Scope, Tier, check_duration
from hotline.casework.row_values import day_of, terms_of, word_of, words_of
from hotline.casework.transitions import ExtensionRule
from hotline.errors import PolicyError
from hotline.vocabulary import AgencyType, Unit, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.casework.row_values import Row


def scopes_of(name: str, row: Row) -> tuple[Scope, ...]:
    """For which agency types a policy runs, and from when to when."""
    since, until = day_of(row, "since"), day_of(row, "until")
    but = terms_of(AgencyType, row, "except_types")
    scopes = [Scope(word_of(AgencyType, word), since, until, but=but) for word in words_of(row, "agency_types")]
    scopes += [
        Scope(
            word_of(AgencyType, extra["agency_type"]),
            day_of(extra, "since"),
            day_of(extra, "until"),
            frozenset(words_of(extra, "channels")),
            frozenset(words_of(extra, "categories")),
        )
        for extra in cast("Sequence[Row]", row.get("also", ()))
    ]
    if not scopes or any(scope.since and scope.until and scope.until < scope.since for scope in scopes):
        message = f"时限策略 {name} 没有机关类型，或止日早于起日。请改正。"
        raise PolicyError(message)
    return tuple(scopes)


def extension_of(name: str, value: object) -> ExtensionRule | None:
    """What may be added to the clock, None where nothing may."""
    if value is None:
        return None
    rule = cast("Mapping[str, int]", value)
    unit = word_of(Unit, cast("Row", value)["unit"])
    check_duration(name, rule["max"], unit)
    if rule["max"] < 1 or rule["times"] < 1:
        message = f"时限策略 {name} 的延期数额或次数不能用：应是正整数。"
        raise PolicyError(message)
    return ExtensionRule(rule["max"], unit, rule["times"])


def tiers_of(name: str, row: Row) -> dict[Urgency, Tier]:
    """Durations by urgency."""
    tiers = {}
    for urgency, value in cast("Mapping[str, Row]", row.get("tiers", {})).items():
        unit = word_of(Unit, value["unit"])
        duration = cast("int", value["duration"])
        check_duration(name, duration, unit)
        tiers[word_of(Urgency, urgency)] = Tier(duration, unit, extension_of(name, value.get("extension")))
    return tiers
