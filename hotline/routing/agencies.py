"""The directory of bodies, and which of them does a work on a day: successors, and the body of the nearest place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.routing.adcodes import regions_upwards

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hotline.routing.bodies import Body, Succession


@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """All bodies, by id and by the names used at their place. Compared by identity."""

    version: int
    bodies: Mapping[str, Body]
    by_name: Mapping[tuple[str, str], Body]
    by_system: Mapping[tuple[str, str], tuple[Body, ...]]
    collectives: frozenset[str]

    def find(self, name: str, region: str) -> Body | None:
        """The body that a plan of this region calls by this name."""
        return self.by_name.get((region, name))

    def known(self, name: str, region: str) -> bool:
        """Whether a plan of this region may name it: a body, or a collective such as 各有关部门."""
        return name in self.collectives or (region, name) in self.by_name


def resolve_today(directory: Directory, body: Body, category: str, on: date, region: str | None = None) -> Body | None:
    """The body that does this work on a day, None where nobody is known (a person decides then).

    A succession that names the category comes before one for everything. With `region`, a body of a wider place
    gives way to the one of the same system at the complaint's place, or at the nearest place around it, where the
    directory has it; of several there the one competent for the category.
    """
    current: Body | None = body
    seen: set[str] = set()
    while current is not None and current.id not in seen:
        seen.add(current.id)
        step = _next(current, category, on)
        if step is None:
            return _local(directory, current, category, on, region) if current.exists(on) else None
        current = directory.bodies.get(step.body)
    return None


def _next(body: Body, category: str, on: date) -> Succession | None:
    begun = [step for step in body.successors if step.on <= on]
    named = [step for step in begun if category in step.categories]
    rest = [step for step in begun if not step.categories]
    return next(iter(named or rest), None)


def _local(directory: Directory, body: Body, category: str, on: date, region: str | None) -> Body:
    if not region or not body.system:
        return body
    for place in regions_upwards(region):
        if place == body.region:
            return body
        found = [
            other
            for other in directory.by_system.get((place, body.system), ())
            if other.exists(on) and (other.since is None or other.since <= on)
        ]
        if found:
            return min(found, key=lambda other: other.competence(category) is None)
    return body
