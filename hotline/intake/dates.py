"""Calendar days in a text, resolved against the day the complaint was received (Asia/Shanghai).

A day of a month without a year is the latest one not after receipt. Weeks begin on Monday. Vague times (月底, 上周)
and impossible days are left out; so are batch, version, patent and registration numbers.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias

from hotline.intake import feasts
from hotline.intake.numbers import chinese_int

if TYPE_CHECKING:
    from collections.abc import Callable

_N = r"(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})"
_Y4 = r"(?:(?:19|20)\d{2}|[一二][〇零九][〇零一二三四五六七八九]{2})"
_FULL = re.compile(
    rf"(?<![\d.\-/A-Za-z])(?:(?P<y>{_Y4})[ ]?年[ ]?(?P<m>{_N})[ ]?月[ ]?(?P<d>{_N})[ ]?[日号]?"
    rf"|(?P<y2>(?:19|20)\d{{2}})(?P<sep>[./-])(?P<m2>\d{{1,2}})(?P=sep)(?P<d2>\d{{1,2}})(?![\d.\-/])(?![A-Za-su-z])"
    r"|(?P<y3>\d{2})年(?P<m3>\d{1,2})月(?P<d3>\d{1,2})[日号]?)"
)
_COMPACT = re.compile(r"(?:日期|时间|于|在)[是为:： ]{0,2}((?:19|20)\d{2})([01]\d)([0-3]\d)(?!\d)")
_MONTH_DAY = re.compile(
    rf"(?P<year>今年|去年|前年|明年)?的?(?<![\d.\-/])(?<!(?<![今去前明])年)(?P<m>{_N})[ ]?月(?:份)?[ ]?"
    rf"(?P<d>{_N})[ ]?[日号]?(?:[ ]?(?:-|~|～|—|至|到|、)[ ]?(?:(?P<m2>{_N})月)?(?P<d2>{_N})[日号])?"
    rf"(?P<more>(?:、\d{{1,2}}[日号](?![线楼院]))*)(?!\d|[个月])"
)
_MONTH_WORD = re.compile(rf"(?P<w>本月|这个?月|当月|上个?月|下个?月)的?(?P<d>{_N})[日号]")
_BARE_DAY = re.compile(
    rf"(?<![\d.\-/A-Za-z一二三四五六七八九十第编单证路街巷弄道村组区院月至到年零百千万口牌桌床排〕）)\]】]){_N}[号日]"
    r"(?=说|还|没|仍|那天|当天|上午|下午|晚上|早上|中午|凌晨|傍晚|夜里|晚|早|我|在|买|购|下单|付|收到|发|退|转|签收|去|到|就|又|才|的时候|[,，。]|$)"
)
_RELATIVE = re.compile(
    r"(?:大前[天日]|大后天|昨[天日晚儿夜]|前[天晚](?!后)|前日|今[天日早晚]|明[天日早晚]|后天)(?!然气|津|猫|桥|河区|台山|台县|花板)"
)
_OFFSETS = {"大前天": -3, "大前日": -3, "大后天": 3, "昨": -1, "前": -2, "今": 0, "明": 1, "后": 2}
_AGO = re.compile(rf"(?<![\d几十]){_N}[天日](?P<way>以?[前后])(?!的?[一-九]?[天日])")
_WEEKDAY = re.compile(
    r"(?P<every>每个?|至|到|-|~)?(?P<w>上上个?|上个?|这个?|本|下下个?|下个?)?(?:周|星期|礼拜)(?P<d>[一二三四五六日天])"
    r"(?!福|生生|大福|大生|边|年|围|期|转)(?P<span>[至到~-](?:周|星期|礼拜)?[一二三四五六日天])?"
)
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1}
_FEAST_NAMES = "|".join(re.escape(name) for name in sorted((*feasts.SOLAR, *feasts.LUNAR), key=len, reverse=True))
_LUNAR_DAY = (
    r"(?:大年初[一二三四五六七八九十]|[正腊]月(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?|"
    r"二?十[一二三四五六七八九]?|三十)(?!多|几))"
)
_FEAST = re.compile(
    rf"(?P<year>今年|去年|前年|明年|(?:20\d{{2}})年?|[12]\d年)?的?(?<![\d.一二三四五六七八九十块毛])(?P<name>{_LUNAR_DAY}|{_FEAST_NAMES})"
    r"(?!期间|假期|小?长假|节?假日|节?前|节?后|左右|档|[东西南北中]?[路街巷村桥]|黄金周|月饼|礼盒|粽|汤圆|粥|蒜|醋|节?假|节?礼|节期间|[\d元块号年月个件]|大街|广场|大道|公园|小区|晚会)"
)
_CALLED = re.compile(r"(?:(?:我|名|他|她|负责人|老板)叫|姓名[是为:：]?|联系人[是为:：]?)[\u4e00-\u9fff]$")
_LUNAR_BEFORE = re.compile(r"(?:农历|阴历|旧历|老历|腊月)的?$")
_NUMBER_BEFORE = re.compile(
    r"(?:批号|批次|版本|专利|注册|登记号|登记证|申请号|公开号|证书号|编号|货号|单号|订单|许可证|文号|型号|标准|公告|证号|No\.?|ZL|GB|[vV])[^\s，。；、]{0,8}$"
)
_DAY_BEFORE = re.compile(r"(?:公告|登记|注册|申请)(?:日期?|时间)[是为:： ]{0,2}$")
_LUNAR_PAIRS = frozenset({"二月二", "三月三", "六月六", "九月九"})
_FROM_NOW = re.compile(r"(?:再过|还有|今天起|现在起)$")
_LOOK = 14
_FOUR = 4
_FEBRUARY_TRIES = 9


def _int(text: str) -> int:
    """A small number, Arabic or Chinese; 0 where it is none, which makes an impossible day."""
    return int(text) if text.isascii() else (chinese_int(text) or 0)


def make_day(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _latest(month: int, day: int, today: date) -> date | None:
    """The latest such day of the year that is not after `today` (29 February looks back to a leap year)."""
    for year in range(today.year, today.year - _FEBRUARY_TRIES, -1):
        found = make_day(year, month, day)
        if found and found <= today:
            return found
    return None


def _month_back(today: date, months: int) -> tuple[int, int]:
    """Year and month so many months from today's."""
    count = today.year * 12 + today.month - 1 + months
    return count // 12, count % 12 + 1


def _full(match: re.Match[str], text: str) -> list[date | None]:
    """A day with its year."""
    before = text[max(0, match.start() - _LOOK) : match.start()]
    if _NUMBER_BEFORE.search(before) and not _DAY_BEFORE.search(before):
        return []
    if match["y3"]:
        return [make_day(2000 + int(match["y3"]), int(match["m3"]), int(match["d3"]))]
    year = match["y"] or match["y2"]
    return [make_day(_int(year), _int(match["m"] or match["m2"]), _int(match["d"] or match["d2"]))]


def _month_day(match: re.Match[str], today: date) -> list[date | None]:
    """A day of a month, or several (2月27至28日; 3月27日、28日、29日), in a named year or the latest.

    What the lunar calendar counts (农历三月十九, 二月二) is left out: its months are in no table here.
    """
    month, day = _int(match["m"]), _int(match["d"])
    if match[0] in _LUNAR_PAIRS or _LUNAR_BEFORE.search(match.string[max(0, match.start() - 4) : match.start()]):
        return []
    pairs = [(month, day)]
    if match["d2"]:
        pairs.append((_int(match["m2"]) if match["m2"] else month, _int(match["d2"])))
    if match["more"]:
        pairs.extend((pairs[-1][0], int(each)) for each in re.findall(r"\d+", match["more"]))
    if match["year"]:
        return [make_day(today.year + _YEARS[match["year"]], *pair) for pair in pairs]
    return [_latest(*pair, today) for pair in pairs]


def _weekday(match: re.Match[str], today: date) -> list[date | None]:
    """A day of this, the last or the next week; without a word the latest one not after today."""
    if match["every"] or match["span"]:
        return []
    day = "一二三四五六日".find(match["d"].replace("天", "日"))
    monday = today - timedelta(days=today.weekday())
    if match["w"]:
        return [monday + timedelta(days=7 * _WEEKS[match["w"].rstrip("个")] + day)]
    found = monday + timedelta(days=day)
    return [found if found <= today else found - timedelta(days=7)]


def _relative(match: re.Match[str], today: date) -> list[date | None]:
    """昨天, 大前天, 后天."""
    word = match[0]
    return [today + timedelta(days=_OFFSETS[word] if word in _OFFSETS else _OFFSETS[word[0]])]


def _ago(match: re.Match[str], today: date) -> list[date | None]:
    """三天前, 再过10天后; 七天后 alone counts from something else that the text tells of."""
    if match["way"].endswith("后") and not _FROM_NOW.search(match.string[max(0, match.start() - 5) : match.start()]):
        return []
    days = _int(match[0].partition("天")[0].partition("日")[0])
    return [today + timedelta(days=-days if match["way"].endswith("前") else days)] if days else []


def _month_word(match: re.Match[str], today: date) -> list[date | None]:
    """本月12号, 上个月3号."""
    months = -1 if match["w"][0] == "上" else int(match["w"][0] == "下")
    return [make_day(*_month_back(today, months), _int(match["d"]))]


def _bare_day(match: re.Match[str], today: date) -> list[date | None]:
    """29号 alone: the latest such day not after today."""
    day = _int(match[0][:-1])
    tries = (make_day(*_month_back(today, -back), day) for back in range(3))
    return [next((found for found in tries if found and found <= today), None)]


def _of_year(name: str, year: int, today: date) -> date | None:
    """A feast of a named year; 腊月 closes the lunar year, most often in the next one's January or February."""
    late = feasts.feast(name, year + 1) if name.startswith("腊月") else None
    return late if late and late <= today else feasts.feast(name, year)


def _feast(match: re.Match[str], today: date) -> list[date | None]:
    """去年双十一, 中秋节: in the named year, else the latest not after today. 我叫秦国庆 names a person."""
    name, year = match["name"], match["year"]
    if not year and _CALLED.search(match.string[max(0, match.start() - 8) : match.start()]):
        return []
    if name.isascii() and not re.match(
        r"大促|活动|购物节|当天|那天|买|下单|在", match.string[match.end() : match.end() + 3]
    ):
        return []
    if year:
        number = year.rstrip("年")
        named = today.year + _YEARS[year] if year in _YEARS else int(number if len(number) == _FOUR else "20" + number)
        return [_of_year(name, named, today)]
    tries = (feasts.feast(name, today.year - back) for back in range(2))
    return [next((found for found in tries if found and found <= today), None)]


def _all(text: str, today: date) -> list[tuple[int, int, list[date | None]]]:
    """Every reading with its place, the more explicit pattern first."""
    found: list[tuple[int, int, list[date | None]]] = []
    if _FULL_SIGN.search(text):
        found += [(m.start(), m.end(), _full(m, text)) for m in _FULL.finditer(text)]
    if _EIGHT.search(text):
        found += [(m.start(1), m.end(), [make_day(int(m[1]), int(m[2]), int(m[3]))]) for m in _COMPACT.finditer(text)]
    if _FEAST_SIGN.search(text) and _FEAST_NAMED.search(text):
        found += [(m.start(), m.end(), _feast(m, today)) for m in _FEAST.finditer(text)]
    for chars, sign, pattern, read in _READERS:
        for char in chars:
            if char in text:
                break
        else:
            continue
        if sign.search(text):
            found += [(m.start(), m.end(), read(m, today)) for m in pattern.finditer(text)]
    return found


# Cheap looks for what every match of a reader holds; each begins with a class of characters, which is found fast.
_DAY_DIGIT = r"[\d一二三四五六七八九十廿]"
_FULL_SIGN = re.compile(rf"[\d〇零一二三四五六七八九](?:[ ]?年[ ]?{_DAY_DIGIT}|[./-]\d{{1,2}}[./-]\d)")
_FEAST_NAMED = re.compile(rf"正月[初廿十二三]|腊月[初廿十二三]|大年初|{_FEAST_NAMES}")
_FEAST_STARTS = {name[:2] for name in (*feasts.SOLAR, *feasts.LUNAR, "正月初", "腊月初", "大年初")}
_FEAST_SIGN = re.compile(
    "["
    + "".join(sorted({each[0] for each in _FEAST_STARTS}))
    + "]["
    + "".join(sorted({each[1] for each in _FEAST_STARTS}))
    + "]"
)
_EIGHT = re.compile(r"\d{8}")
_Read: TypeAlias = "Callable[[re.Match[str], date], list[date | None]]"
# Characters one of which every match holds, the look, the pattern, what it reads.
_READERS: tuple[tuple[str, re.Pattern[str], re.Pattern[str], _Read], ...] = (
    ("月", re.compile(rf"{_DAY_DIGIT}[ ]?月份?[ ]?{_DAY_DIGIT}"), _MONTH_DAY, _month_day),
    ("月", re.compile(rf"月的?{_DAY_DIGIT}"), _MONTH_WORD, _month_word),
    ("周期拜", re.compile(r"[周期拜][一二三四五六日天]"), _WEEKDAY, _weekday),
    ("天日晚早夜儿", re.compile(r"[昨今明前后][天日早晚儿夜]"), _RELATIVE, _relative),
    ("天日", re.compile(r"[天日]以?[前后]"), _AGO, _ago),
    ("号日", re.compile(r"[\d一二三四五六七八九十廿][号日]"), _BARE_DAY, _bare_day),
)


_GATE = re.compile(r"[\d月号日天周节期拜昨今明前后元国庆五六七双中端重清春除年旦诞]")


def find_dates(text: str, today: date) -> tuple[date, ...]:
    """Days in order of the text, each once. `today` is the day of receipt in Asia/Shanghai."""
    if not _GATE.search(text):
        return ()
    days: dict[date, None] = {}
    end = 0
    try:
        readings = _all(text, today)
    except (OverflowError, ValueError):  # The received time stands at the edge of the calendar.
        return ()
    for start, stop, read in sorted(readings, key=lambda each: (each[0], -each[1])):
        if start >= end:
            end = stop
            days.update((day, None) for day in read if day)
    return tuple(days)
