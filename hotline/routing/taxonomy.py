"""The two facets that the classifier predicts and the duty matrix routes on, read from `taxonomy.toml`.

Codes are the contract (command line, API, database); names are what people see.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

SHIPPED = Path(__file__).with_name("taxonomy.toml")
OUT_OF_SCOPE = "other"
DELIVERY = "delivery"
ORDINARY_TRADE = "market"
UNKNOWN_SETTING = "unknown"


@dataclass(frozen=True, slots=True)
class Category:
    """类别: what was violated."""

    code: str
    name: str
    group: str
    scope: str


@dataclass(frozen=True, slots=True)
class Setting:
    """环节: where it happened."""

    code: str
    name: str
    scope: str


@dataclass(frozen=True, slots=True, eq=False)
class Taxonomy:
    """Both facets in the order of the file, and the boundary rules of which the first that applies decides."""

    version: int
    categories: Mapping[str, Category]
    settings: Mapping[str, Setting]
    boundaries: tuple[str, ...]

    def category(self, code: str) -> Category:
        """The category with this code; `InvalidInputError` names an unknown one."""
        if code not in self.categories:
            message = f"没有类别“{code}”，请使用分类表中的代码"
            raise InvalidInputError(message, category="未知类别")
        return self.categories[code]

    def setting(self, code: str) -> Setting:
        """The setting with this code; `InvalidInputError` names an unknown one."""
        if code not in self.settings:
            message = f"没有环节“{code}”，请使用分类表中的代码"
            raise InvalidInputError(message, setting="未知环节")
        return self.settings[code]


@lru_cache(maxsize=4)
def load_taxonomy(path: Path = SHIPPED) -> Taxonomy:
    """Read the taxonomy; the shipped file unless another is named."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    categories = {row["code"]: Category(**row) for row in data["category"]}
    settings = {row["code"]: Setting(**row) for row in data["setting"]}
    return Taxonomy(
        version=data["version"],
        categories=MappingProxyType(categories),
        settings=MappingProxyType(settings),
        boundaries=tuple(row["rule"] for row in data["boundary"]),
    )
