"""The directory of bodies: who exists on a day, what it is competent for, and who took over which remit.

A body is identified by place and office, never by its name: 区质监局 is one body in Xicheng and another in Baodi.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hotline.errors import PlanError
from hotline.routing.adcodes import regions_upwards
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

    The code `delivery` among them stands for complaints against couriers, whatever they carried. A remit may be
    narrowed to `settings` (customs: import_export) or to `goods` words that stand in the complaint's text (forestry:
    苗木); where it fits it comes before every remit that is not narrowed.
    """

    categories: tuple[str, ...]
    rank: int
    reason: str
    settings: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()

    def order(self) -> tuple[bool, int]:
        """Whose remit comes first: a narrowed one, then the regulator's."""
        return (not (self.settings or self.goods), self.rank)

    def covers(self, category: str, setting: str, word: str) -> bool:
        """Whether a complaint falls under it; `word` is the goods word that was found in its text, if any."""
        if category not in self.categories or (self.settings and setting not in self.settings):
            return False
        return not self.goods or any(own in word for own in self.goods)


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

    def competence(self, category: str, setting: str = "", word: str = "") -> Remit | None:
        """The best remit that covers a category (in a setting, with a goods word), None where it is not competent."""
        covering = [remit for remit in self.remit if remit.covers(category, setting, word)]
        return min(covering, key=Remit.order, default=None)


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


@lru_cache(maxsize=4)
def load_directory(path: Path = SHIPPED) -> Directory:
    """Read the directory, the shipped file unless another is named, with every file of the folder beside it.

    `agencies.toml` holds the version and the first bodies; each `agencies/<region>.toml` adds the bodies of a region
    or a plan, so that a new plan needs no change elsewhere. `PlanError` where they contradict themselves or each other.
    """
    bodies: list[Body] = []
    collectives: set[str] = set()
    version = 0
    for file in (path, *sorted(path.with_suffix("").glob("*.toml"))):
        data = _read(file)
        try:
            bodies += [_body(row) for row in data["body"]]
            collectives.update(data.get("collectives", ()))
            version = int(data["version"]) if file == path else version
        except (KeyError, TypeError, ValueError) as error:
            message = f"{file.name}: 机构名录缺少字段或取值有误（{error}）。请改正后重新载入"
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
        collectives=frozenset(collectives),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        message = f"{path.name}: 机构名录不是有效的 TOML（{error}）。请改正后重新载入"
        raise PlanError(message) from error


def _body(row: Mapping[str, object]) -> Body:
    values = dict(row)
    values["type"] = _TYPES[str(values["type"])]
    values["aliases"] = tuple(_list(values.get("aliases")))
    values["remit"] = tuple(_remit(item) for item in _list(values.get("remit")))
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
    return Body(**{**defaults, **values})  # type: ignore[arg-type]  # The schema of the file has checked the types.


def _remit(item: Mapping[str, Any]) -> Remit:
    settings, goods = tuple(item.get("settings", ())), tuple(item.get("goods", ()))
    return Remit(tuple(item["categories"]), item.get("rank", 1), item["reason"], settings, goods)


def _list(value: object) -> list[Any]:
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
        if {code for item in body.remit for code in item.settings} - set(load_taxonomy().settings):
            message = f"{file}: 机构“{body.name}”的职权含有未知环节。请改正后重新载入"
            raise PlanError(message)
