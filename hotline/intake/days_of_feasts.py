"""Feasts and days of the lunar calendar in a text: 去年双十一, 中秋节前一天, 农历六月十九, 三月初八."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hotline.intake import feasts, lunar, prices
from hotline.intake.days import YEARS, Reading, small_int, year_named

if TYPE_CHECKING:
    from collections.abc import Iterator

_LUNAR_MONTH, _FIRST_TEN = r"(?<!闰)(?:十[一二]|[正二三四五六七八九十冬腊])", r"初[一二三四五六七八九十]"
_LATER = r"廿[一二三四五六七八九]?"
_NO_COUNT = r"(?![个家位台件次张天份名批群条辆月])"
_LUNAR = re.compile(
    rf"(?P<year>今年|去年|前年|明年|(?:20\d\d)年)?的?(?:(?:农历|阴历|旧历|老历)的?(?:(?P<m>{_LUNAR_MONTH}|\d{{1,2}})月)?"
    rf"(?P<d>{_FIRST_TEN}|{_LATER}|二?十[一二三四五六七八九]?|三十|\d{{1,2}}(?=号|日|那天|当天|[,，。]|$)){_NO_COUNT}[日号]?"
    rf"|(?P<m2>{_LUNAR_MONTH})月(?P<d2>{_FIRST_TEN}|{_LATER}){_NO_COUNT}"
    rf"|(?:(?<![月高上念读年])|(?<![今去前明每个同当〇零一二三四五六七八九\d])(?P<new>年))(?P<alone>{_FIRST_TEN})(?:(?=那天|当天)|(?P<near>)(?=在|去|来|买|喝|吃|拿|开|晚上|早上|上午|下午)))"
)
_FEAST_NAMES = "|".join(re.escape(name) for name in sorted((*feasts.SOLAR, *feasts.LUNAR), key=len, reverse=True))
_LUNAR_DAY = (
    r"(?:大年初[一二三四五六七八九十]|[正腊]月(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?|"
    r"二?十[一二三四五六七八九]?|三十)(?!多|几))"
)
_YEAR = r"(?P<year>今年|去年|前年|明年|(?:20\d{2})年?|[12]\d年)?的?"
_UP_TO_NAME = re.compile(f"{_YEAR}$")
_FEAST = re.compile(
    rf"{_YEAR}(?<![\d.·一二三四五六七八九十百千块毛])(?P<name>{_LUNAR_DAY}|{_FEAST_NAMES})"
    r"(?P<shift>节?的?(?:前一[天晚夜]|头一[天晚]|第[二三四五六七]天|次日|后一天))?"
    r"(?!期间|假期|小?长假|放假|[一二三四五六七八]天假|节?假日|节?[之以过]?[前后]|那[几两三]天|左右|[都还]没到|快到|主题|档|[东西南北中]?[路街巷村桥]|黄金周|月饼|礼盒|粽|汤圆|粥|蒜|醋|节?假|节?礼|节期间|[\d元块号年月个件]|大街|广场|大道|公园|小区|晚会)"
)
_CALLED = re.compile(
    r"(?:(?:我|名|他|她|负责人|老板)叫|(?:姓名|联系人|署名|落款)[是为:：]?|[人者员][是为:：])[ ]?[\u4e00-\u9fff]$"
)
_DAY_NAMED = re.compile(r"(?:[昨今明前后]天|[昨今明]儿)(?:就|正好|刚好|正|恰好)?是?[,，]?$|每[到逢年个]?$|逢$")
_EVERY = re.compile(r"每[到逢年个]?$|逢$")
_NOT_YET = re.compile(r"(?:马上|快|眼看|临近|将近|将到|等)(?:又)?(?:就|要|到|过|是)*$")
_ELEVEN = "十一"
_AS_NUMBER = frozenset({_ELEVEN, "315", "3.15", "520", "618", "6.18", "五二零", "五二〇"})
"""Feasts that are as often mere numbers."""
_DAY_WORD = re.compile(r"大促|活动|购物节|当天|那天|买|下单|在|[我给抢]")
_COUNT = re.compile(rf"(?![{prices.COUNTER}人家次起名种多台辆吨斤米万亿箱%位场])")
"""After 去年618 no counter follows, else it is a number."""
_NTH = re.compile(r"第(.)天")
_FOUR, _LONGEST_YEAR = 4, 6
_SOON = 25


def _lunar_day(match: re.Match[str], today: date) -> list[date | None]:
    """三月初八, 农历六月十九, 初一那天."""
    if _EVERY.search(match.string[max(0, match.start() - 3) : match.start()]):
        return []
    name, said = match["m"] or match["m2"], match["d"] or match["d2"] or match["alone"]
    month = (lunar.month_number(name) or small_int(name)) if name else 0
    day = small_int(said.removeprefix("初"))
    if match["near"] is not None or match["new"]:  # 初六在高铁站: of the new year, if that is not long past.
        found = lunar.latest(1, day, today)
        return [found] if found and (match["new"] or (today - found).days < _SOON) else []
    return [lunar.day_of(year_named(match["year"], today) if match["year"] and month else None, month, day, today)]


def _of_year(name: str, year: int, today: date) -> date | None:
    """A feast of a named year; 腊月 closes the lunar year, most often in the next one's January or February."""
    late = feasts.feast(name, year + 1) if name.startswith("腊月") else None
    return late if late and late <= today else feasts.feast(name, year)


def _feast(match: re.Match[str], today: date) -> list[date | None]:
    """去年双十一, 中秋节: in the named year, else the latest not after today. 我叫秦国庆 names a person."""
    name, year = match["name"], match["year"]
    before = match.string[max(0, match.start() - 8) : match.start()]
    if _DAY_NAMED.search(before) or (not year and (_CALLED.search(before) or _NOT_YET.search(before))):
        return []
    if name in _AS_NUMBER and not (_COUNT if year and name != _ELEVEN else _DAY_WORD).match(match.string, match.end()):
        return []
    shift = _shift(match["shift"])
    if year:
        number = year.rstrip("年")
        named = today.year + YEARS[year] if year in YEARS else int(number if len(number) == _FOUR else "20" + number)
        day = _of_year(name, named, today)
        return [day and day + shift]
    last = feasts.latest(name, today - shift)
    return [last and last + shift]


def _shift(words: str | None) -> timedelta:
    """How far from the feast: 中秋前一天, 元旦第二天, 国庆第三天."""
    if not words:
        return timedelta()
    if number := _NTH.search(words):
        return timedelta(days=small_int(number[1]) - 1)
    return timedelta(days=1 if words.endswith(("次日", "后一天")) else -1)


_STARTS = frozenset(name[:2] for name in (*feasts.SOLAR, *feasts.LUNAR, "正月", "腊月", "大年初一"))
_FIRST, _SECOND = ("".join(sorted({start[place] for start in _STARTS})) for place in (0, 1))
_MAY_BEGIN = re.compile(f"[{_FIRST}](?=[{_SECOND}])")
FEAST = Reading(_FIRST, _FEAST, _feast, near=0, far=0)
LUNAR = Reading("历初廿", _LUNAR, _lunar_day, near=0, far=9)


def feast_places(text: str) -> Iterator[int]:
    """Where a feast may begin, with the year in front of its name."""
    for found in _MAY_BEGIN.finditer(text):
        at = found.start()
        if text[at : at + 2] in _STARTS:
            dated = at > 0 and text[at - 1] in "年的"
            year = _UP_TO_NAME.search(text, max(0, at - _LONGEST_YEAR), at) if dated else None
            yield year.start() if year else at
