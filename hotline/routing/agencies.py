"""The directory of bodies: who exists on a day, what it is competent for, and who took over which remit.

A body is identified by place and office, never by its name: 区质监局 is one body in Xicheng and another in Baodi.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from hotline.errors import PlanError
from hotline.routing.taxonomy import DELIVERY, load_taxonomy
from hotline.vocabulary import AgencyType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

SHIPPED = Path(__file__).with_name("agencies.toml")
TO_CONFIRM = "待部署单位确认"
_TYPES = {kind.value: kind for kind in AgencyType}


@dataclass(frozen=True, slots=True)
class Remit:
    """Categories that a body is competent for, and why. Rank 1 is the regulator, rank 2 competent beside it.

    The code `delivery` among them stands for complaints against couriers, whatever they carried.
    """

    categories: tuple[str, ...]
    rank: int
    reason: str


@dataclass(frozen=True, slots=True)
class Succession:
    """From the day `on` the categories (none named: everything) are with `body`."""

    body: str
    on: date
    categories: tuple[str, ...]
    reason: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Body:
    """An agency of one place. `until` is the first day on which it no longer exists.

    `system` names the vertical line it belongs to, where that line has one body a place.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    region: str
    type: AgencyType
    system: str
    since: date | None
    until: date | None
    remit: tuple[Remit, ...]
    successors: tuple[Succession, ...]
    note: str

    def exists(self, on: date) -> bool:
        """Whether the body had not ended by that day; the days before its founding count as its own."""
        return self.until is None or on < self.until

    def competence(self, category: str) -> Remit | None:
        """The best-ranked remit that covers a category, None where the body is not competent."""
        covering = [remit for remit in self.remit if category in remit.categories]
        return min(covering, key=lambda remit: remit.rank, default=None)


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
    gives way to the one of the same system at the complaint's place where the directory has it.
    """
    current: Body | None = body
    seen: set[str] = set()
    while current is not None and current.id not in seen:
        seen.add(current.id)
        step = _next(current, category, on)
        if step is None:
            return _local(directory, current, on, region) if current.exists(on) else None
        current = directory.bodies.get(step.body)
    return None


def _next(body: Body, category: str, on: date) -> Succession | None:
    begun = [step for step in body.successors if step.on <= on]
    named = [step for step in begun if category in step.categories]
    rest = [step for step in begun if not step.categories]
    return next(iter(named or rest), None)


def _local(directory: Directory, body: Body, on: date, region: str | None) -> Body:
    if not region or not body.system or body.region == region:
        return body
    here = directory.by_system.get((region, body.system), ())
    return next((other for other in here if other.exists(on) and (other.since is None or other.since <= on)), body)


@lru_cache(maxsize=4)
def load_directory(path: Path = SHIPPED) -> Directory:
    """Read the directory, the shipped file unless another is named; `PlanError` where it contradicts itself."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        message = f"{path.name}: 机构名录不是有效的 TOML（{error}）。请改正后重新载入"
        raise PlanError(message) from error
    try:
        bodies = [_body(row) for row in data["body"]]
        version, collectives = int(data["version"]), frozenset(data.get("collectives", ()))
    except (KeyError, TypeError, ValueError) as error:
        message = f"{path.name}: 机构名录缺少字段或取值有误（{error}）。请改正后重新载入"
        raise PlanError(message) from error
    _check(bodies, path.name)
    systems: dict[tuple[str, str], tuple[Body, ...]] = {}
    for body in bodies:
        if body.system:
            systems[body.region, body.system] = (*systems.get((body.region, body.system), ()), body)
    return Directory(
        version=version,
        bodies=MappingProxyType({body.id: body for body in bodies}),
        by_name=MappingProxyType({(body.region, name): body for body in bodies for name in _names(body)}),
        by_system=MappingProxyType(systems),
        collectives=collectives,
    )


def _body(row: Mapping[str, object]) -> Body:
    values = dict(row)
    values["type"] = _TYPES[str(values["type"])]
    values["aliases"] = tuple(_list(values.get("aliases")))
    values["remit"] = tuple(
        Remit(tuple(item["categories"]), item.get("rank", 1), item["reason"]) for item in _list(values.get("remit"))
    )
    values["successors"] = tuple(
        Succession(
            body=item["body"],
            on=item["on"],
            categories=tuple(item.get("categories", ())),
            reason=item["reason"] if item["confirmed"] else f"{item['reason']}，{TO_CONFIRM}",
            confirmed=item["confirmed"],
        )
        for item in _list(values.pop("successor", None))
    )
    defaults: dict[str, object] = {"system": "", "since": None, "until": None, "note": ""}
    return Body(**{**defaults, **values})  # type: ignore[arg-type]


def _list(value: object) -> list:  # type: ignore[type-arg]
    return value if isinstance(value, list) else []


def _names(body: Body) -> tuple[str, ...]:
    return (body.name, *(alias for alias in body.aliases if alias != body.name))


def _check(bodies: Iterable[Body], file: str) -> None:
    """Refuse a name or id used twice at one place, an unknown successor or category, an end without an heir."""
    ids: set[str] = set()
    names: set[tuple[str, str]] = set()
    bodies = list(bodies)
    known = {body.id for body in bodies}
    for body in bodies:
        here = {(body.region, name) for name in _names(body)}
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
