"""What the events of the stream `model` amount to: which model serves, and with which thresholds set by hand. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hotline.records import CaseEvent

PROMOTED, ROLLED_BACK = "model_promoted", "model_rolled_back"
THRESHOLD, TARGET, REVERTED = "threshold_set", "target_set", "threshold_reverted"
SHIPPED = ""
"""The version that stands for the model that the deployment was installed with."""


@dataclass(frozen=True, slots=True)
class Promoted:
    """A version that was promoted once: the hashes of its data and of its manifest."""

    version: str
    data_hash: str
    manifest: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Manual:
    """A threshold set by hand for one version; `code` empty holds for every class, `target` says for what precision."""

    version: str
    facet: str
    code: str
    value: float
    target: float | None
    by: str
    at: datetime
    event_id: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The sum of all events; `seq` is the number of the last one, `version` empty where the shipped model serves."""

    seq: int = 0
    version: str = SHIPPED
    promoted: Mapping[str, Promoted] = field(default_factory=dict)
    manual: Mapping[tuple[str, str, str], Manual] = field(default_factory=dict)

    def thresholds(self, version: str) -> dict[tuple[str, str], float]:
        """The thresholds set by hand for a version, by (facet, class)."""
        return {(each.facet, each.code): each.value for each in self.of(version)}

    def of(self, version: str) -> tuple[Manual, ...]:
        """What was set by hand for a version."""
        return tuple(each for each in self.manual.values() if each.version == version)

    @property
    def serving(self) -> Promoted | None:
        """The promoted version that serves, None where it is the shipped model."""
        return self.promoted.get(self.version)


def standing(events: Iterable[CaseEvent]) -> Standing:
    """Fold the events; one of a later program that is not known here changes nothing."""
    found = Standing()
    for event in events:
        found = replace(_after(found, event), seq=event.seq)
    return found


def _after(before: Standing, event: CaseEvent) -> Standing:
    data = event.data
    what, version = data.get("what"), str(data.get("version", ""))
    if what == PROMOTED:
        made = Promoted(
            version, str(data.get("data_hash", "")), str(data.get("manifest", "")), event.actor_id, event.at
        )
        return replace(before, version=version, promoted={**before.promoted, version: made})
    if what == ROLLED_BACK:
        return replace(before, version=version)
    key = (version, str(data.get("facet", "")), str(data.get("code", "")))
    if what in {THRESHOLD, TARGET}:
        target = cast("float | None", data.get("target"))
        value = float(cast("float", data["value"]))
        made_by_hand = Manual(*key, value, target, event.actor_id, event.at, event.id)
        return replace(before, manual={**before.manual, key: made_by_hand})
    if what == REVERTED:
        return replace(before, manual={own: each for own, each in before.manual.items() if own != key})
    return before
