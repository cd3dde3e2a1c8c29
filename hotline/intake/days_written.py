"""Days written with their numbers: 2026年3月5日, 2026-03-05, 3月5号, 4.5号, 29号; not what numbers something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hotline.intake import lunar
from hotline.intake.days import (
    NUMERALS,
    YEARS,
    N,
    Reading,
    latest,
    latest_of_month,
    make_day,
    small_int,
    year_named,
)

if TYPE_CHECKING:
    from datetime import date

_LOOK = 14
_TO_COME = 20
_ZERO_TO_NINE = "〇零一二三四五六七八九"
_YEAR = rf"(?:(?:19|20)\d{{2}}|[一二][〇零九][{_ZERO_TO_NINE}]{{2}})"
_NOT_BEFORE = r"(?<![\d.\-/A-Za-z])"
_AND = "[-~～—至到、和及与]"
_WORDED = re.compile(
    rf"{_NOT_BEFORE}"
    rf"(?:(?P<y>{_YEAR})[ ]?年|(?P<short>\d{{2}}|(?<![{_ZERO_TO_NINE}十])[二九八〇零一][{_ZERO_TO_NINE}])年)"
    rf"[ ]?(?P<m>{N})[ ]?月[ ]?(?P<d>{N})[ ]?[日号]?"
    rf"(?:[ ]?{_AND}[ ]?(?:(?P<m2>{N})[ ]?月)?(?P<d2>{N})[日号](?![线楼院]))?"
)
_SIGNED = re.compile(
    rf"{_NOT_BEFORE}(?P<y>(?:19|20)\d{{2}})(?P<sep>[./-])(?P<m>\d{{1,2}})(?P=sep)(?P<d>\d{{1,2}})"
    rf"(?:{_AND}(?P<y2>(?:19|20)\d{{2}})(?P=sep)(?P<m2>\d{{1,2}})(?P=sep)(?P<d2>\d{{1,2}}))?"
    r"(?![\d.\-/])(?!(?!T\d)[A-Za-su-z])"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})([01]\d)([0-3]\d)(?!\d)")
_DAY_WORD = re.compile(r"(?:日期|时间|于|在)[是为:： ]{0,2}$")
_BOUGHT = re.compile(r"[ ]?(?:下单|购买|买的|付款|签收|收到|收货|发货|到货)")
_MONTH_DAY = re.compile(
    rf"(?P<year>[今本去前明同当]年)?的?(?<![\d.\-/])(?<!(?<![今本去前明同当])年)"
    rf"(?P<m>元|{N})[ ]?月(?:份)?[ ]?(?!一[直样起共定般律并边次个家])"
    rf"(?P<d>{N})[ ]?[日号]?(?:[ ]?{_AND}[ ]?(?:(?P<m2>{N})月)?(?P<d2>{N})[日号])?"
    rf"(?P<more>(?:[、 ]{N}[日号](?![线楼院]))*)(?!\d|[个月])"
)
_DOTTED = re.compile(
    r"(?<![\d.·/A-Za-z])(\d{1,2})[.·/](\d{1,2})(?:[号日](?![线楼院店])|(?=那天|当天)|(?<=/\d)(?=买的|下单|收到)|(?<=/\d\d)(?=买的|下单|收到))"
)
_NOT_BEHIND = (
    r"(?<![\d.\-/A-Za-z一二三四五六七八九十第编单证路街巷弄道村组区院月至到年零百千万口牌桌床排"
    r"同柜摊铺座栋幢窗〕）)\]】])"
)
_GOES_ON = (
    r"(?=说|还|没|仍|那天|当天|上午|下午|晚上|早上|中午|凌晨|傍晚|夜里|晚|早|我|他|她|在|买|购|下单|付|收到|发|退|转|签收|去|到|就|又|才|"
    r"给|让|要|开始|连|都|停|断|申请|联系|投诉|打电话|找|问|取|拿|寄|送|装|安装|换|修|拆|交|签|办|充|对方|[商店卖]家|客服|的时候|[,，。)）]|$)"
)
_BARE = re.compile(rf"{_NOT_BEHIND}(?P<d>{N})[号日](?P<more>(?:[-~至到和及、]{N}[号日]){{0,9}}){_GOES_ON}")
_EACH = re.compile(N)
_NUMBERED = re.compile(
    r"(?:[摊铺档座门牌桌房楼车柜]|[摊铺档座展车床机席]位|窗口|宿舍|包[间厢]|编号|号码|教室|仓库)[是为在:：]{1,2}$"
)
"""What has a number of its own: 摊位是二十三号."""
_CODE_BEFORE = re.compile(
    r"(?:批号|批次|编号|货号|单号|文号|证号|专利号|注册号|登记号|申请号|公开号|证书号|型号|公告|No\.?)[是为:： ]{0,2}$"
)
_NUMBER_BEFORE = re.compile(
    r"(?:批号|批次|版本|专利|注册|登记号|登记证|申请号|公开号|证书号|编号|货号|单号|订单|许可证|文号|型号|标准|公告|证号|No\.?|ZL|GB|[vV])[^\s，。；、]{0,8}$"
)
_DAY_BEFORE = re.compile(r"(?:公告|登记|注册|申请)(?:日期?|时间)[是为:： ]{0,2}$")
_LUNAR_BEFORE = re.compile(r"(?:农历|阴历|旧历|老历|腊月)的?$")
_LUNAR_PAIRS = frozenset({"二月二", "三月三", "六月六", "九月九"})
_YEAR_NAMED = re.compile(r"20\d\d(?=年)|今年|去年|前年")


def _before(match: re.Match[str], length: int) -> str:
    """The characters before a match."""
    return match.string[max(0, match.start() - length) : match.start()]


def _coded(match: re.Match[str], code: re.Pattern[str]) -> bool:
    """Whether the words before make it a number of something else, and not the day of that."""
    before = _before(match, _LOOK)
    return code.search(before) is not None and not _DAY_BEFORE.search(before)


def _century(year: int, today: date) -> int:
    """A year of two digits in full: 98年 is past, 28年 (a term of validity) may be to come."""
    return 2000 + year if 2000 + year <= today.year + _TO_COME else 1900 + year


def _worded(match: re.Match[str], today: date) -> list[date | None]:
    """2026年3月5日, 25年3月5日, 2026年3月5日至7日."""
    if _coded(match, _CODE_BEFORE):
        return []
    year = small_int(match["y"]) if match["y"] else _century(small_int(match["short"]), today)
    first = small_int(match["m"]), small_int(match["d"])
    if match["d2"] is None:
        return [make_day(year, *first)]
    last = small_int(match["m2"]) if match["m2"] else first[0], small_int(match["d2"])
    return [make_day(year, *first), make_day(year + (last < first), *last)]


def _signed(match: re.Match[str], _: date) -> list[date | None]:
    """2026-03-05, 2026.3.5."""
    if _coded(match, _NUMBER_BEFORE):
        return []
    names = (("y", "m", "d"), ("y2", "m2", "d2")) if match["y2"] else (("y", "m", "d"),)
    return [make_day(*map(int, match.group(*each))) for each in names]


def _compact(match: re.Match[str], _: date) -> list[date | None]:
    """20260305 behind a word for it, or before what was done then."""
    told = _DAY_WORD.search(_before(match, 4)) or _BOUGHT.match(match.string, match.end())
    return [make_day(int(match[1]), int(match[2]), int(match[3]))] if told else []


def _month_day(match: re.Match[str], today: date) -> list[date | None]:
    """A day of a month, or several (2月27至28日; 3月27日、28日、29日), in a named year or the latest.

    二月二 and its like are the lunar days; a lunar month that no lunar reading took is left out.
    """
    month, day = 1 if match["m"] == "元" else small_int(match["m"]), small_int(match["d"])
    year = _year_of(match, today)
    if match[0].removeprefix(match["year"] or "") in _LUNAR_PAIRS:
        return [lunar.day_of(year, month, day, today)]
    if _LUNAR_BEFORE.search(_before(match, 4)):
        return []
    pairs = [(month, day)]
    if match["d2"]:
        pairs.append((small_int(match["m2"]) if match["m2"] else month, small_int(match["d2"])))
    if match["more"]:
        pairs.extend((pairs[-1][0], small_int(each)) for each in _EACH.findall(match["more"]))
    return [latest(*pair, today) if year is None else make_day(year, *pair) for pair in pairs]


def _year_of(match: re.Match[str], today: date) -> int | None:
    """The year in front of a month; 同年 is the one that the text named last."""
    if match["year"] is None:
        return None
    if match["year"] in YEARS:
        return year_named(match["year"], today)
    named = _YEAR_NAMED.findall(match.string, 0, match.start())
    return year_named(named[-1], today) if named else today.year


def _dotted(match: re.Match[str], today: date) -> list[date | None]:
    """4.5号, 4·5号."""
    return [latest(int(match[1]), int(match[2]), today)]


def _bare(match: re.Match[str], today: date) -> list[date | None]:
    """29号 alone: the latest such day not after today."""
    if _NUMBERED.search(_before(match, 6)):
        return []
    days = [match["d"], *_EACH.findall(match["more"])] if match["more"] else [match["d"]]
    return [latest_of_month(small_int(day), today) for day in days]


_DIGITS = f"0-9{NUMERALS}"
WORDED = Reading("年", _WORDED, _worded, near=2, far=5, behind=f" 0-9{_ZERO_TO_NINE}", ahead=f"[ {_DIGITS}]")
SIGNED = Reading("./-", _SIGNED, _signed, near=4, far=4, behind="0-9", ahead=r"[0-9]{1,2}[./-][0-9]")
COMPACT = Reading("12", _COMPACT, _compact, near=0, far=0, ahead="[09][0-9]{6}")
MONTH_DAY = Reading("月", _MONTH_DAY, _month_day, near=1, far=7, behind=f" 元{_DIGITS}", ahead=f"[ 份{_DIGITS}]")
DOTTED = Reading(".·/", _DOTTED, _dotted, near=1, far=2, behind="0-9", ahead=r"[0-9]{1,2}[号日那当买下收]")
BARE = Reading("号日", _BARE, _bare, near=1, far=3, behind=_DIGITS)
