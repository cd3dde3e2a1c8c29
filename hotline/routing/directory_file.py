"""Reads the directory of bodies: `agencies.toml` and the files of its folder."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from hotline.errors import PlanError
from hotline.routing.agencies import Directory
from hotline.routing.bodies import Body, Remit, Succession
from hotline.routing.directory_check import check_bodies, names_of
from hotline.vocabulary import AgencyType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

SHIPPED = Path(__file__).with_name("agencies.toml")
TO_CONFIRM = "待部署单位确认"
_TYPES = {kind.value: kind for kind in AgencyType}


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
    check_bodies(bodies, path.name)
    systems: dict[tuple[str, str], tuple[Body, ...]] = {}
    for body in bodies:
        if body.system:
            systems[body.region, body.system] = (*systems.get((body.region, body.system), ()), body)
    return Directory(
        version=version,
        bodies=MappingProxyType({body.id: body for body in bodies}),
        by_name=MappingProxyType({(body.region, name): body for body in bodies for name in names_of(body)}),
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
