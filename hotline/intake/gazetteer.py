"""The names of places as they stand in running text: which are looked for, and what each may mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from hotline.intake import former, regions

_MIN_SHORT = 2


@dataclass(frozen=True, slots=True)
class Name:
    """A name with the adcodes it may mean. `full` has its suffix; `bound` is a county without its suffix.

    `everyday` names are words of daily life too: they count only beside their parent.
    """

    codes: tuple[str, ...]
    full: bool
    bound: bool = False
    everyday: bool = False


def _words(table: str) -> list[str]:
    """One list of words of `regions.toml`."""
    return list(regions.tables()["words"][table])


def _once_called(short: str) -> tuple[str, ...]:
    """The regions of today that an old district's or county's name without its suffix means (闸北)."""
    return tuple(dict.fromkeys(code for suffix in "区县" for code in former.by_name().get(short + suffix, ())))


@cache
def _common() -> frozenset[str]:
    """Short names that are everyday words."""
    return frozenset(_words("common"))


def _shorts(code: str, level: str) -> tuple[str, bool] | None:
    """The short name and whether it is bound to its parent; none where it equals the own name."""
    short = regions.short_name(code)
    if short == regions.own_name(code) or len(short) < _MIN_SHORT:
        return None
    county_city = level == "county" and regions.own_name(code).endswith("市")
    return short, short in _common() or (level == "county" and not county_city)


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
    old = {name: tuple(dict.fromkeys((*full.get(name, ()), *codes))) for name, codes in former.by_name().items()}
    full = regions.derived_names() | full | old
    for name in _words("old_short"):
        meant = {code for code, _ in short.setdefault(name, [])}
        short[name] += [(code, True) for code in _once_called(name) if code not in meant]
    table = {name: _short_entry(name, entries) for name, entries in short.items()}
    table |= {str(name): Name((str(code),), full=False) for name, code in regions.tables()["short"].items()}
    areas = {str(name): tuple(map(str, codes)) for name, codes in regions.tables()["areas"].items()}
    return table | {name: Name(codes, full=True) for name, codes in (full | areas).items()}


def _short_entry(name: str, entries: list[tuple[str, bool]]) -> Name:
    """One short name: where it names a province or a city freely, only these are meant."""
    free = tuple(code for code, bound in entries if not bound)
    if free:
        return Name(free + tuple(code for code, bound in entries if bound), full=False)
    return Name(tuple(code for code, _ in entries), full=False, bound=True, everyday=name in _common())


class Spelling(NamedTuple):
    """How a name is written, the characters behind which it is part of another word (复合肥), and its meaning."""

    text: str
    not_behind: str
    name: Name


@cache
def by_start() -> dict[tuple[str, str], tuple[Spelling, ...]]:
    """The first two characters → the names that begin so, longest first (a scan costs one look-up a character)."""
    behind = regions.tables()["behind"]
    starts: dict[tuple[str, str], list[Spelling]] = {}
    for text, name in names().items():
        starts.setdefault((text[0], text[1]), []).append(Spelling(text, str(behind.get(text, "")), name))
    return {start: tuple(sorted(found, key=lambda each: -len(each.text))) for start, found in starts.items()}


@cache
def beginning() -> re.Pattern[str]:
    """Where a name may begin: one of the first characters before one of the second; `findall` gives both."""
    first, second = ("".join(sorted({start[at] for start in by_start()})) for at in (0, 1))
    return re.compile(f"([{re.escape(first)}])(?=([{re.escape(second)}]))")


@cache
def never_alone() -> frozenset[str]:
    """Cities whose short name is as often a district's elsewhere (朝阳): it says nothing alone."""
    return frozenset(_words("never_alone"))


@cache
def lately(code: str) -> tuple[str, ...]:
    """The name of a region today and those that it, or a part of it, had until lately."""
    return (regions.own_name(code), *former.lately_called().get(code, ()))
