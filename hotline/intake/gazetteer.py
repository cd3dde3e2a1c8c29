"""The names of places as they stand in running text: which are looked for, and what each may mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from hotline.intake import regions

_RENAMED = {"区": ("县", "市"), "市": ("县",)}
_MIN_SHORT = 2
_MIN_RENAMED = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A name with the adcodes it may mean. `full` has its suffix; `bound` is a county without its suffix.

    `everyday` names are words of daily life too: they count only beside their parent.
    """

    codes: tuple[str, ...]
    full: bool
    bound: bool = False
    everyday: bool = False


@cache
def _common() -> frozenset[str]:
    """Short names that are everyday words."""
    words = regions.tables()["words"]["common"]
    return frozenset(words)


def _shorts(code: str, level: str) -> tuple[str, bool] | None:
    """The short name and whether it is bound to its parent; none where it equals the own name."""
    short = regions.short_name(code)
    if short == regions.own_name(code) or len(short) < _MIN_SHORT:
        return None
    county_city = level == "county" and regions.own_name(code).endswith("市")
    return short, short in _common() or (level == "county" and not county_city)


def _renamed(known: set[str]) -> dict[str, tuple[str, ...]]:
    """密云县, 章丘市: names of counties that have become districts or cities since."""
    found: dict[str, tuple[str, ...]] = {}
    for code, region in regions.all_regions().items():
        name = regions.own_name(code)
        if region.level == "county" and len(name) >= _MIN_RENAMED:
            for suffix in _RENAMED.get(name[-1], ()):
                old = name[:-1] + suffix
                if old not in known:
                    found[old] = (*found.get(old, ()), code)
    return found


@cache
def names() -> dict[str, Name]:
    """All names; a full one wins over a short one, a free short one over a bound one, a higher level over a lower."""
    full: dict[str, tuple[str, ...]] = {}
    short: dict[str, list[tuple[str, bool]]] = {}
    for code, region in regions.all_regions().items():
        own = regions.own_name(code)
        full[own] = (*full.get(own, ()), code)
        if found := _shorts(code, region.level):
            short.setdefault(found[0], []).append((code, found[1]))
    full = _renamed(set(full)) | full
    former = {name: tuple(dict.fromkeys((*full.get(name, ()), code))) for name, code in regions.former_names().items()}
    table = {name: _short_entry(name, entries) for name, entries in short.items()}
    table |= {str(name): Name((str(code),), full=False) for name, code in regions.tables()["short"].items()}
    areas = {str(name): tuple(map(str, codes)) for name, codes in regions.tables()["areas"].items()}
    return table | {name: Name(codes, full=True) for name, codes in (full | former | areas).items()}


def _short_entry(name: str, entries: list[tuple[str, bool]]) -> Name:
    """One short name: where it names a province or a city freely, only these are meant."""
    free = tuple(code for code, bound in entries if not bound)
    if free:
        return Name(free + tuple(code for code, bound in entries if bound), full=False)
    return Name(tuple(code for code, _ in entries), full=False, bound=True, everyday=name in _common())


@cache
def by_start() -> dict[str, tuple[str, ...]]:
    """The first two characters → the names that begin so, longest first (a scan costs one look-up a character)."""
    starts: dict[str, list[str]] = {}
    for name in names():
        starts.setdefault(name[:2], []).append(name)
    return {start: tuple(sorted(found, key=len, reverse=True)) for start, found in starts.items()}


@cache
def beginning() -> re.Pattern[str]:
    """Where a name may begin: one of the first characters before one of the second (a look without Python's help)."""
    first, second = ("".join(sorted({start[at] for start in by_start()})) for at in (0, 1))
    return re.compile(f"[{re.escape(first)}](?=[{re.escape(second)}])")


@cache
def not_behind() -> dict[str, str]:
    """Name → the characters behind which it is part of another word (复合肥)."""
    return {name: str(chars) for name, chars in regions.tables()["behind"].items()}


@cache
def never_alone() -> frozenset[str]:
    """Cities whose short name is as often a district's elsewhere (朝阳): it says nothing alone."""
    return frozenset(regions.tables()["words"]["never_alone"])
