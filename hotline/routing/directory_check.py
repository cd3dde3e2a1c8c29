"""Refuses a directory of bodies that contradicts itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.errors import PlanError
from hotline.routing.taxonomy import DELIVERY, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hotline.routing.bodies import Body


def names_of(body: Body) -> tuple[str, ...]:
    """The name of a body and the other names it is called by."""
    return (body.name, *(alias for alias in body.aliases if alias != body.name))


def check_bodies(bodies: Iterable[Body], file: str) -> None:
    """Refuse a name or id used twice at one place, an unknown successor or category, an end without an heir."""
    ids: set[str] = set()
    names: set[tuple[str, str]] = set()
    bodies = list(bodies)
    known = {body.id for body in bodies}
    for body in bodies:
        here = {(body.region, name) for name in names_of(body)}
        if body.id in ids or names & here:
            message = f"{file}: 机构“{body.name}”的代码或名称在同一地区重复。请改正后重新载入"
            raise PlanError(message)
        ids.add(body.id)
        names |= here
        if any(step.body not in known for step in body.successors):
            message = f"{file}: 机构“{body.name}”的承接机构不在名录中。请改正后重新载入"
            raise PlanError(message)
        listed = [item.categories for item in body.remit] + [step.categories for step in body.successors]
        codes = {code for categories in listed for code in categories}
        if codes - set(load_taxonomy().categories) - {DELIVERY}:
            message = f"{file}: 机构“{body.name}”的职权含有未知类别。请改正后重新载入"
            raise PlanError(message)
        if {code for item in body.remit for code in item.settings} - set(load_taxonomy().settings):
            message = f"{file}: 机构“{body.name}”的职权含有未知环节。请改正后重新载入"
            raise PlanError(message)
