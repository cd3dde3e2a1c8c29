"""Bodies of the past: what they were called, who held them, their codes, and who holds their ground today."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

_FIELDS = 5
_LATELY = 2010
_OF_ANY_TOWN = frozenset({"城区", "郊区", "矿区", "市中区", "南市区", "北市区", "新市区"})


class Former(NamedTuple):
    """A body that ended, or left its city, in `year`; `adcode` and `today` are who holds its ground now."""

    year: int
    city: str
    name: str
    adcode: str
    today: str
    divided: bool


@cache
def bodies() -> tuple[Former, ...]:
    """The lines of `former.txt`.

    A few keep their name and their code: only the city above them is another since (2016 资阳市 简阳市).
    """
    lines = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    return tuple(_body(line.split()) for line in lines if line and not line.startswith("#"))


def _body(fields: list[str]) -> Former:
    year, city, name, adcode, today = fields[:_FIELDS]
    return Former(int(year), city, name, adcode, today, divided=len(fields) > _FIELDS)


@cache
def codes() -> dict[str, str]:
    """Adcode of the past → the adcode of today that holds its ground (371421 of 陵县 → 371403)."""
    lines = Path(__file__).with_name("former_codes.txt").read_text(encoding="utf-8").splitlines()
    split = (line.split() for line in lines if line and not line.startswith("#"))
    return {old: today for old, _, today in split}


@cache
def by_name() -> dict[str, tuple[str, ...]]:
    """Old name → the adcodes of today (桥东区 was one of 石家庄 and one of 邢台)."""
    found: dict[str, tuple[str, ...]] = {}
    for body in bodies():
        found[body.name] = tuple(dict.fromkeys((*found.get(body.name, ()), body.adcode)))
    return found


@cache
def lately_called() -> dict[str, tuple[str, ...]]:
    """Adcode of today → the names that ended there since 2010: people use them beside those of today.

    What people call a part of any town (城区) is not among them.
    """
    found: dict[str, tuple[str, ...]] = {}
    for body in bodies():
        if body.year >= _LATELY and body.name not in _OF_ANY_TOWN:
            found[body.adcode] = (*found.get(body.adcode, ()), body.name)
    return found
