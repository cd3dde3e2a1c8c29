"""Is it the same respondent? Names without region, legal form and trade, addresses, phones, shops and their addresses.

`respondent_keys` are what an index finds candidates by; `same_respondent` then says whether two are one, and by which
field and words. A shared market hall, a platform or a stall without a name says nothing.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from rapidfuzz import fuzz

from hotline.intake.duplicates import bigrams
from hotline.intake.regions import all_regions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hotline.records import Respondent

LABELS = {"name": "名称", "phone": "电话", "address": "地址", "url": "店铺网址", "shop": "平台店铺"}
NEAR_NAME, NEAR_TYPO = 0.6, 0.75
_MIN_BRAND, _MIN_FUZZY, _MIN_TYPO = 2, 3, 4
_MOST_PAIRS = 6
_PHONE = re.compile(r"\d{7,13}")
_LEGAL = re.compile(
    r"(?:有限责任公司|股份有限公司|有限公司|合伙企业|个体工商户|分公司|总公司|公司|集团|经营部|经销部|门市部|工作室|商行|商号|厂)+$"
)
_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_TRADES = tuple(_WORDS["trades"].split())
_TRADE = re.compile("|".join(sorted(_TRADES, key=len, reverse=True)))
_BRANCH = re.compile(rf"(?<=[^店])(?P<kind>{'|'.join(word for word in _TRADES if len(word) > 1)})[^店]{{2,6}}店$")
_NOBODY = re.compile(
    r"某|不详|未知|无名|流动|摊贩|摊位|小贩|卖家|商家|店家|个人|匿名|淘宝店$|^(?:淘宝|天猫|京东|拼多多|抖音|快手|微信|美团|饿了么|闲鱼)$"
)
_BRACKETS = re.compile(r"[(\[【〔「<《][^)\]】〕」>》]*[)\]】〕」>》]")
_PUNCTUATION = re.compile(r"[\s\W_]+")
_ACCOUNT = re.compile(r"^(?:微信(?:昵称|号)?|淘宝店铺?|抖音账?号|短视频账号|店铺|网店|公众号|昵称|账号)")
_STREET = re.compile(r"(?P<street>[^\d号]{2,20}?)(?P<number>[甲乙丙丁]?\d{1,5})号(?P<rest>.*)$")
_UNIT = re.compile(r"[a-z]{0,2}-?\d{1,5}(?:-\d{1,4})?[a-z]?")
_HALLS = re.compile(r"市场|商城|茶城|商场|广场|大厦|购物中心|中心|院|城|楼")
_PLACE = re.compile(r"^(?:[^\d]{2,7}(?:省|自治区))?(?:[^\d省]{2,6}市)?(?:[^\d市]{1,5}[区县])?")
_SHARED_HOSTS = tuple(_WORDS["shared_hosts"].split())
_SHOP_FIELDS = tuple(_WORDS["shop_fields"].split())
_OWN_SHOP = re.compile(r"shop\d+|mall-\d+|[a-z0-9-]{3,}")
_COMMON_SUBDOMAINS = frozenset(_WORDS["common_subdomains"].split())


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two respondents are one: the field, the words of it that both have, and how alike (0 to 1)."""

    field: str
    words: str
    score: float


@dataclass(frozen=True, slots=True)
class _Name:
    """A name taken apart: what tells it from others, and the trades it names."""

    brand: str
    trades: frozenset[str]


def respondent_keys(respondent: Respondent) -> tuple[str, ...]:
    """What a respondent is found by: exact keys, and pairs of characters of its name for names that are nearly it."""
    name = _name(respondent.name)
    exact = dict(_exact(respondent))
    keys = [f"{field[0]}:{value}" for field, value in exact.items()]
    if name is not None:
        keys.append(f"n:{name.brand}")
        if len(name.brand) >= _MIN_FUZZY:
            keys += [f"b:{pair}" for pair in bigrams(name.brand)[:_MOST_PAIRS]]
    return tuple(dict.fromkeys(keys))


def names_somebody(respondent: Respondent) -> bool:
    """Whether the name says who it is."""
    return _name(respondent.name) is not None


def same_respondent(one: Respondent, other: Respondent) -> tuple[Evidence, ...]:
    """The evidence that the two are one, the strongest first; empty where they are not.

    A name alone, a phone, a shop or its address is enough; the same address only where no two different names stand
    against it.
    """
    theirs = dict(_exact(other))
    found = [
        Evidence(field, value, 1.0) for field, value in _exact(one) if theirs.get(field) == value and field != "address"
    ]
    names = (_name(one.name), _name(other.name))
    score, words = _near(*names)
    if score:
        found.append(Evidence("name", words, score))
    address = dict(_exact(one)).get("address")
    against = all(names) and not score
    if address is not None and address == theirs.get("address") and not against:
        found.append(Evidence("address", address.replace("|", " "), 0.9))
    return tuple(sorted(found, key=lambda each: -each.score))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


@lru_cache(maxsize=20_000)
def _name(text: str) -> _Name | None:
    """The name without region, brackets, legal form, branch and trade; None where it names nobody."""
    folded = _BRACKETS.sub("", re.split(r"[、,;/]", _folded(text))[0])
    if not folded or _NOBODY.search(folded):
        return None
    plain = _PUNCTUATION.sub("", _ACCOUNT.sub("", folded.replace('"', "")))
    plain = _BRANCH.sub(r"\g<kind>", _LEGAL.sub("", _without_region(plain)))
    trades = frozenset(_TRADE.findall(plain))
    brand = _TRADE.sub("", plain)
    if len(brand) < _MIN_BRAND:
        brand = plain
    return _Name(brand, trades) if len(brand) >= _MIN_BRAND else None


def _without_region(name: str) -> str:
    """The name behind the province, city and district that it begins with."""
    for _ in range(3):
        head = next((word for word in _region_words(name) if len(name) - len(word) >= _MIN_BRAND), None)
        if head is None:
            return name
        name = name[len(head) :]
    return name


def _region_words(name: str) -> Iterator[str]:
    """The names of places that a name begins with, the longest first."""
    known = _places()
    return (name[:length] for length in range(min(len(name), 9), 1, -1) if name[:length] in known)


@cache
def _places() -> frozenset[str]:
    """Full names of provinces, cities and districts, and the short names of provinces and cities."""
    regions, found = all_regions(), set()
    for region in regions.values():
        above = regions.get(f"{region.adcode[:2]}0000" if region.level == "city" else f"{region.adcode[:4]}00")
        own = region.name.removeprefix(above.name if above and above is not region else "")
        own = own.removeprefix(regions[f"{region.adcode[:2]}0000"].name) or own
        found.add(own)
        short = re.sub(r"(?:省|市|自治区|地区)$", "", own)
        if region.level != "county" and len(short) > 1:
            found.add(short)
    return frozenset(found)


def _near(one: _Name | None, other: _Name | None) -> tuple[float, str]:
    """How alike two names are (0 where they are not one respondent's), and the words that both have."""
    if one is None or other is None:
        return 0.0, ""
    a, b = one.brand, other.brand
    clash = bool(one.trades and other.trades and not one.trades & other.trades)
    if a == b:
        return (0.0, "") if clash and len(a) <= _MIN_BRAND else (1.0, a)
    if clash or min(len(a), len(b)) < _MIN_FUZZY:
        return 0.0, ""
    first, second = set(bigrams(a)), set(bigrams(b))
    dice = 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0
    shared = "".join(char for char in a if char in b)
    if dice >= NEAR_NAME or ((a in b or b in a) and min(len(a), len(b)) >= _MIN_FUZZY):
        return max(dice, NEAR_NAME), shared
    alike = fuzz.ratio(a, b) / 100
    typo = len(a) == len(b) >= _MIN_TYPO and one.trades == other.trades and alike >= NEAR_TYPO
    return (alike, shared) if typo else (0.0, "")


@lru_cache(maxsize=20_000)
def _exact(respondent: Respondent) -> tuple[tuple[str, str], ...]:
    """The fields that are the same or not, as they compare."""
    return tuple(_fields(respondent))


def _fields(respondent: Respondent) -> Iterator[tuple[str, str]]:
    digits = re.sub(r"[\s\-()+（）]", "", respondent.phone).removeprefix("86")
    if _PHONE.fullmatch(digits) and len(set(digits)) > 1:
        yield "phone", digits
    address = _address(respondent.address)
    if address:
        yield "address", address
    shop = _shop(respondent.url)
    if shop:
        yield "url", shop
    name, platform = _name(respondent.name), _PUNCTUATION.sub("", _folded(respondent.platform))
    if platform and name is not None and len(name.brand) >= _MIN_BRAND:
        yield "shop", f"{platform}|{name.brand}"


def _address(text: str) -> str:
    """Street, number and stall; empty without a number, and for a hall of many shops without a stall."""
    plain = re.sub(r"[\s,，。]", "", _BRACKETS.sub("", _folded(text)))
    plain = _PLACE.sub("", plain, count=1) or plain
    match = _STREET.search(plain)
    if match is None:
        return ""
    unit = _UNIT.findall(match["rest"])
    if not unit and _HALLS.search(match["rest"]):
        return ""
    return f"{match['street']}{match['number']}号" + (f"|{unit[-1]}" if unit else "")


def _shop(text: str) -> str:
    """A shop's own host, or its number on a host that many share; empty where the address names no shop."""
    url = _folded(text)
    if not url:
        return ""
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if "." not in host:
        return ""
    shared = next((each for each in _SHARED_HOSTS if host == each or host.endswith(f".{each}")), None)
    if shared is None:
        return host.removeprefix("m.")
    own = host.removesuffix(shared).rstrip(".").rpartition(".")[2]
    if own and own not in _COMMON_SUBDOMAINS and _OWN_SHOP.fullmatch(own):
        return host
    values = dict(parse_qsl(parts.query))
    number = next((f"{field}={values[field]}" for field in _SHOP_FIELDS if values.get(field)), "")
    path = parts.path.strip("/")
    return f"{shared}/{path}?{number}".rstrip("?") if number or path else ""
