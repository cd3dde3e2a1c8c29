"""Calendar days in a text, resolved against the day the complaint was received (Asia/Shanghai).

A day of a month without a year is the latest one not after receipt; lunar days (三月初八) too. Weeks begin on Monday.
Vague times (月底, 上周) and impossible days are left out; so are batch, version, patent and registration numbers.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias

from hotline.intake import feasts, lunar, prices
from hotline.intake.numbers import chinese_int

if TYPE_CHECKING:
    from collections.abc import Callable

_N = r"(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})"
_Y4 = r"(?:(?:19|20)\d{2}|[一二][〇零九][〇零一二三四五六七八九]{2})"
_FULL = re.compile(
    rf"(?<![\d.\-/A-Za-z])(?:(?P<y>{_Y4})[ ]?年[ ]?(?P<m>{_N})[ ]?月[ ]?(?P<d>{_N})[ ]?[日号]?"
    rf"|(?P<y2>(?:19|20)\d{{2}})(?P<sep>[./-])(?P<m2>\d{{1,2}})(?P=sep)(?P<d2>\d{{1,2}})(?![\d.\-/])(?!(?!T\d)[A-Za-su-z])"
    rf"|(?P<y3>\d{{2}}|(?<![〇零一二三四五六七八九十])[二九八][〇零一二三四五六七八九])年(?P<m3>{_N})月(?P<d3>{_N})[日号]?)"
)
_COMPACT = re.compile(r"(?:日期|时间|于|在)[是为:： ]{0,2}((?:19|20)\d{2})([01]\d)([0-3]\d)(?!\d)")
_MONTH_DAY = re.compile(
    rf"(?P<year>今年|去年|前年|明年|同年|当年)?的?(?<![\d.\-/])(?<!(?<![今去前明同当])年)"
    rf"(?P<m>元|{_N})[ ]?月(?:份)?[ ]?(?!一[直样起共定般律并边次个家])"
    rf"(?P<d>{_N})[ ]?[日号]?(?:[ ]?(?:-|~|～|—|至|到|、|和|及|与)[ ]?(?:(?P<m2>{_N})月)?(?P<d2>{_N})[日号])?"
    rf"(?P<more>(?:、\d{{1,2}}[日号](?![线楼院]))*)(?!\d|[个月])"
)
_MONTH_WORD = re.compile(
    rf"(?P<w>本月|这个?月|当月|上个?月|下个?月)的?(?P<d>{_N})[日号](?P<more>(?:[-~至到和及与、]{_N}[日号]){{0,9}})"
)
_NOT_BEHIND = (
    r"(?<![\d.\-/A-Za-z一二三四五六七八九十第编单证路街巷弄道村组区院月至到年零百千万口牌桌床排"
    r"同柜摊铺座栋幢窗〕）)\]】])"
)
_GOES_ON = (
    r"(?=说|还|没|仍|那天|当天|上午|下午|晚上|早上|中午|凌晨|傍晚|夜里|晚|早|我|他|她|在|买|购|下单|付|收到|发|退|转|签收|去|到|就|又|才|"
    r"给|让|要|开始|连|都|停|断|申请|联系|投诉|打电话|找|问|取|拿|寄|送|装|安装|换|修|拆|交|签|办|充|对方|[商店卖]家|客服|的时候|[,，。)）]|$)"
)
_BARE_DAY = re.compile(rf"{_NOT_BEHIND}(?P<d>{_N})[号日](?P<more>(?:[-~至到和及、]{_N}[号日]){{0,9}}){_GOES_ON}")
_EACH_DAY = re.compile(_N)
_DOTTED = re.compile(
    r"(?<![\d.·/A-Za-z])(\d{1,2})[.·/](\d{1,2})(?:[号日](?![线楼院店])|(?=那天|当天)|(?<=/\d)(?=买的|下单|收到)|(?<=/\d\d)(?=买的|下单|收到))"
)
_EDGE = re.compile(
    rf"(?P<year>今年|去年|前年|明年|(?:20\d\d)年)?的?(?:(?P<w>本|这个?|当|上个?|下个?)?月|(?P<m>{_N})月份?)?的?"
    r"(?<=[年月份的])(?P<edge>最后|第|头)一天(?!班|课)"
)
"""The last or first day of a year or a month (2025年最后一天, 上个月最后一天)."""
_LUNAR_MONTH, _FIRST_TEN = r"(?<!闰)(?:十[一二]|[正二三四五六七八九十冬腊])", r"初[一二三四五六七八九十]"
_LATER = r"廿[一二三四五六七八九]?"
_NO_COUNT = r"(?![个家位台件次张天份名批群条辆月])"
_LUNAR = re.compile(
    rf"(?P<year>今年|去年|前年|明年|(?:20\d\d)年)?的?(?:(?:农历|阴历|旧历|老历)的?(?:(?P<m>{_LUNAR_MONTH}|\d{{1,2}})月)?"
    rf"(?P<d>{_FIRST_TEN}|{_LATER}|二?十[一二三四五六七八九]?|三十|\d{{1,2}}(?=号|日|那天|当天|[,，。]|$)){_NO_COUNT}[日号]?"
    rf"|(?P<m2>{_LUNAR_MONTH})月(?P<d2>{_FIRST_TEN}|{_LATER}){_NO_COUNT}"
    rf"|(?<![月高上念读年])(?P<alone>{_FIRST_TEN})(?:(?=那天|当天)|(?P<near>)(?=在|去|来|买|喝|吃|拿|开|晚上|早上|上午|下午)))"
)
_RELATIVE = re.compile(
    r"(?:大前[天日]|大后天|昨[天日晚夜]|前[天晚](?!后)|前日|今[天日早晚]|明[天日早晚]|[昨今明]儿(?![子女媳童科孙歌])|[昨今明]个儿|前儿个|后天|"
    r"[琴寻噚]日|听日(?![语本]))(?!然气|津|猫|桥|河区|台山|台县|花板)"
)
_SAME_DAY = re.compile(r"(?:(?P<year>去年|前年)|(?P<month>上个?月)|上个?(?:周|星期|礼拜))的?今[天日]")
_OFFSETS = {"大前天": -3, "大前日": -3, "大后天": 3, "昨": -1, "前": -2, "今": 0, "明": 1, "后": 2}
_OFFSETS |= {"琴": -1, "寻": -1, "噚": -1, "听": 1}
"""Of a word its whole, else its first character, and the days from today; the last four are Cantonese."""
_AGO = re.compile(rf"(?<![\d几十])(?:{_N}|两)[天日](?P<way>[以之]?[前后])(?!的?[一-九]?[天日])")
_WEEKDAY = re.compile(
    r"(?P<every>每个?|至|到|-|~)?(?P<w>上上个?|上个?|这个?|本|下下个?|下个?)?(?:周|星期|礼拜)(?P<d>[一二三四五六日天])"
    r"(?!福|生生|大福|大生|边|年|围|期|转)(?P<span>[至到~-](?:周|星期|礼拜)?[一二三四五六日天])?(?P<by>[之以]?前)?"
)
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_YEAR_NAMED = re.compile(r"20\d\d(?=年)|今年|去年|前年")
_YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1}
_FEAST_NAMES = "|".join(re.escape(name) for name in sorted((*feasts.SOLAR, *feasts.LUNAR), key=len, reverse=True))
_LUNAR_DAY = (
    r"(?:大年初[一二三四五六七八九十]|[正腊]月(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?|"
    r"二?十[一二三四五六七八九]?|三十)(?!多|几))"
)
_FEAST = re.compile(
    rf"(?P<year>今年|去年|前年|明年|(?:20\d{{2}})年?|[12]\d年)?的?(?<![\d.·一二三四五六七八九十百千块毛])(?P<name>{_LUNAR_DAY}|{_FEAST_NAMES})"
    r"(?P<shift>节?的?(?:前一[天晚夜]|头一[天晚]|第[二三四五六七]天|次日|后一天))?"
    r"(?!期间|假期|小?长假|放假|[一二三四五六七八]天假|节?假日|节?[之以过]?[前后]|那[几两三]天|左右|[都还]没到|快到|主题|档|[东西南北中]?[路街巷村桥]|黄金周|月饼|礼盒|粽|汤圆|粥|蒜|醋|节?假|节?礼|节期间|[\d元块号年月个件]|大街|广场|大道|公园|小区|晚会)"
)
_CALLED = re.compile(r"(?:(?:我|名|他|她|负责人|老板)叫|姓名[是为:：]?|联系人[是为:：]?)[\u4e00-\u9fff]$")
_DAY_NAMED = re.compile(r"(?:[昨今明前后]天|[昨今明]儿)(?:就|正好|刚好|正|恰好)?是?[,，]?$|每[到逢年个]?$|逢$")
_EVERY = re.compile(r"每[到逢年个]?$|逢$")
_NOT_YET = re.compile(r"(?:马上|快|眼看|临近|将近|将到|等)(?:又)?(?:就|要|到|过|是)*$")
_AS_NUMBER = frozenset({"315", "3.15", "520", "618", "6.18", "五二零", "五二〇"})
"""Feasts that are as often mere numbers."""
_CODE_BEFORE = re.compile(
    r"(?:批号|批次|编号|货号|单号|文号|证号|专利号|注册号|登记号|申请号|公开号|证书号|型号|公告|No\.?)[是为:： ]{0,2}$"
)
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
_DAY_WORD = re.compile(r"大促|活动|购物节|当天|那天|买|下单|在|[我给抢]")
_COUNT = re.compile(rf"(?![{prices.COUNTER}人家次起名种多台辆吨斤米万亿箱%位场])")
"""After 去年618 no counter follows, else it is a number."""
_SOON = 25
_TO_COME = 20
_NTH = re.compile(r"第(.)天")


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


def _century(year: int, today: date) -> int:
    """A year of two digits in full: 98年 is past, 28年 (a term of validity) may be to come."""
    return 2000 + year if 2000 + year <= today.year + _TO_COME else 1900 + year


def _full(match: re.Match[str], text: str, today: date) -> list[date | None]:
    """A day with its year."""
    before = text[max(0, match.start() - _LOOK) : match.start()]
    coded = (_NUMBER_BEFORE if match["y2"] else _CODE_BEFORE).search(before)
    if coded and not _DAY_BEFORE.search(before):
        return []
    if match["y3"]:
        return [make_day(_century(_int(match["y3"]), today), _int(match["m3"]), _int(match["d3"]))]
    year = match["y"] or match["y2"]
    return [make_day(_int(year), _int(match["m"] or match["m2"]), _int(match["d"] or match["d2"]))]


def _month_day(match: re.Match[str], today: date) -> list[date | None]:
    """A day of a month, or several (2月27至28日; 3月27日、28日、29日), in a named year or the latest.

    二月二 and its like are the lunar days; a lunar month that `_LUNAR` did not read is left out.
    """
    month, day = 1 if match["m"] == "元" else _int(match["m"]), _int(match["d"])
    if match[0].removeprefix(match["year"] or "") in _LUNAR_PAIRS:
        return [_lunar_of(match["year"], month, day, today)]
    if _LUNAR_BEFORE.search(match.string[max(0, match.start() - 4) : match.start()]):
        return []
    pairs = [(month, day)]
    if match["d2"]:
        pairs.append((_int(match["m2"]) if match["m2"] else month, _int(match["d2"])))
    if match["more"]:
        pairs.extend((pairs[-1][0], int(each)) for each in re.findall(r"\d+", match["more"]))
    if match["year"]:
        year = today.year + _YEARS[match["year"]] if match["year"] in _YEARS else _year_before(match, today)
        return [make_day(year, *pair) for pair in pairs]
    return [_latest(*pair, today) for pair in pairs]


def _year_before(match: re.Match[str], today: date) -> int:
    """The year that the text named last before 同年."""
    named = _YEAR_NAMED.findall(match.string, 0, match.start())
    return _year_named(named[-1], today) if named else today.year


def _weekday(match: re.Match[str], today: date) -> list[date | None]:
    """A day of this, the last or the next week; without a word the latest one not after today."""
    if match["every"] or match["span"]:
        return []
    day = "一二三四五六日".find(match["d"].replace("天", "日"))
    monday = today - timedelta(days=today.weekday())
    if match["w"]:
        return [monday + timedelta(days=7 * _WEEKS[match["w"].rstrip("个")] + day)]
    found = monday + timedelta(days=day)
    if match["by"]:  # 周五前: the one to come.
        return [found if found >= today else found + timedelta(days=7)]
    return [found if found <= today else found - timedelta(days=7)]


def _relative(match: re.Match[str], today: date) -> list[date | None]:
    """昨天, 大前天, 后天."""
    word = match[0]
    return [today + timedelta(days=_OFFSETS[word] if word in _OFFSETS else _OFFSETS[word[0]])]


def _same_day(match: re.Match[str], today: date) -> list[date | None]:
    """上个月今天, 去年今天, 上周今天: that day of then, and not today."""
    if match["year"]:
        return [make_day(today.year + _YEARS[match["year"]], today.month, today.day)]
    if match["month"]:
        return [make_day(*_month_back(today, -1), today.day)]
    return [today - timedelta(days=7)]


def _ago(match: re.Match[str], today: date) -> list[date | None]:
    """三天前, 再过10天后; 七天后 alone counts from something else that the text tells of."""
    if match["way"].endswith("后") and not _FROM_NOW.search(match.string[max(0, match.start() - 5) : match.start()]):
        return []
    days = _int(match[0].partition("天")[0].partition("日")[0])
    return [today + timedelta(days=-days if match["way"].endswith("前") else days)] if days else []


def _month_word(match: re.Match[str], today: date) -> list[date | None]:
    """本月12号, 上个月3号."""
    months = -1 if match["w"][0] == "上" else int(match["w"][0] == "下")
    days = (match["d"], *_EACH_DAY.findall(match["more"]))
    return [make_day(*_month_back(today, months), _int(day)) for day in days]


def _bare_day(match: re.Match[str], today: date) -> list[date | None]:
    """29号 alone: the latest such day not after today."""
    days = [match["d"], *_EACH_DAY.findall(match["more"])] if match["more"] else [match["d"]]
    return [_latest_of_month(_int(day), today) for day in days]


def _latest_of_month(day: int, today: date) -> date | None:
    """The latest day of that number that is not after today."""
    tries = (make_day(*_month_back(today, -back), day) for back in range(3))
    return next((found for found in tries if found and found <= today), None)


def _dotted(match: re.Match[str], today: date) -> list[date | None]:
    """4.5号, 4·5号."""
    return [_latest(int(match[1]), int(match[2]), today)]


def _year_named(word: str, today: date) -> int:
    """去年, 2025年."""
    return today.year + _YEARS[word] if word in _YEARS else int(word[:_FOUR])


def _edge(match: re.Match[str], today: date) -> list[date | None]:
    """The first or last day of a month or a year: the day before the next one begins."""
    year, word = match["year"], match["w"]
    begin: date | None
    if match["m"]:
        month = _int(match["m"])
        begin = make_day(_year_named(year, today), month, 1) if year else _latest(month, 1, today)
        months = 1
    elif word:
        begin, months = make_day(*_month_back(today, {"上": -1, "下": 1}.get(word[0], 0)), 1), 1
    else:
        begin, months = make_day(_year_named(year, today), 1, 1) if year else None, 12
    if begin is None or match["edge"] != "最后":
        return [begin]
    return [date(*_month_back(begin, months), 1) - timedelta(days=1)]


def _lunar_of(year: str | None, month: int, day: int, today: date) -> date | None:
    """A lunar day of a named year, else the latest not after today."""
    return lunar.lunar_day(_year_named(year, today), month, day) if year else lunar.latest(month, day, today)


def _lunar_day(match: re.Match[str], today: date) -> list[date | None]:
    """三月初八, 农历六月十九, 初一那天."""
    if _EVERY.search(match.string[max(0, match.start() - 3) : match.start()]):
        return []
    name, said = match["m"] or match["m2"], match["d"] or match["d2"] or match["alone"]
    month = (lunar.month_number(name) or _int(name)) if name else 0
    if match["near"] is not None:  # 初六在高铁站: of the new year, if that is not long past.
        found = lunar.latest(1, _int(said.removeprefix("初")), today)
        return [found] if found and (today - found).days < _SOON else []
    return [_lunar_of(match["year"] if month else None, month, _int(said.removeprefix("初")), today)]


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
    if name in _AS_NUMBER and not (_COUNT if year else _DAY_WORD).match(match.string, match.end()):
        return []
    shift = _shift(match["shift"])
    if year:
        number = year.rstrip("年")
        named = today.year + _YEARS[year] if year in _YEARS else int(number if len(number) == _FOUR else "20" + number)
        day = _of_year(name, named, today)
        return [day and day + shift]
    tries = (feasts.feast(name, today.year - back) for back in range(2))
    return [next((found + shift for found in tries if found and found + shift <= today), None)]


def _shift(words: str | None) -> timedelta:
    """How far from the feast: 中秋前一天, 元旦第二天, 国庆第三天."""
    if not words:
        return timedelta()
    if number := _NTH.search(words):
        return timedelta(days=_int(number[1]) - 1)
    return timedelta(days=1 if words.endswith(("次日", "后一天")) else -1)


def _all(text: str, today: date) -> list[tuple[int, int, list[date | None]]]:
    """Every reading with its place, the more explicit pattern first."""
    found: list[tuple[int, int, list[date | None]]] = []
    if ("年" in text or "-" in text or "." in text or "/" in text) and _FULL_SIGN.search(text):
        found += [(m.start(), m.end(), _full(m, text, today)) for m in _FULL.finditer(text)]
    if ("20" in text or "19" in text) and _EIGHT.search(text):
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


# Cheap looks for what every match of a reader holds; each begins with a class of characters, which is found fast
# (0-9 and not the far larger class of all digits: those of other scripts make no day here).
_DAY_DIGIT = r"[\d一二三四五六七八九十廿]"
_FULL_SIGN = re.compile(rf"[0-9〇零一二三四五六七八九](?:[ ]?年[ ]?{_DAY_DIGIT}|[./-]\d{{1,2}}[./-]\d)")
_FEAST_NAMED = re.compile(rf"正月[初廿十二三]|腊月[初廿十二三]|大年初|{_FEAST_NAMES}")
_FEAST_STARTS = {name[:2] for name in (*feasts.SOLAR, *feasts.LUNAR, "正月初", "腊月初", "大年初")}
_FEAST_SIGN = re.compile(
    "["
    + "".join(sorted({each[0] for each in _FEAST_STARTS}))
    + "]["
    + "".join(sorted({each[1] for each in _FEAST_STARTS}))
    + "]"
)
_EIGHT = re.compile(r"[0-9][0-9]{7}")
_Read: TypeAlias = "Callable[[re.Match[str], date], list[date | None]]"
# Characters (or words) one of which every match holds, the look, the pattern, what it reads.
_READERS: tuple[tuple[str | tuple[str, ...], re.Pattern[str], re.Pattern[str], _Read], ...] = (
    ("月", re.compile(rf"[元\d一二三四五六七八九十廿][ ]?月份?[ ]?{_DAY_DIGIT}"), _MONTH_DAY, _month_day),
    ("月", re.compile(rf"月的?{_DAY_DIGIT}"), _MONTH_WORD, _month_word),
    (
        "初廿历",
        re.compile(r"月[初廿][一二三四五六七八九十]|月廿|[农阴旧老]历|初.[那当在去来买喝吃拿开晚早上下]"),
        _LUNAR,
        _lunar_day,
    ),
    (("一天",), re.compile(r"[年月份的](?:最后|第|头)一天"), _EDGE, _edge),
    (".·/", re.compile(r"\d[.·/]\d{1,2}[号日那当买下收]"), _DOTTED, _dotted),
    ("周期拜", re.compile(r"[周期拜][一二三四五六日天]"), _WEEKDAY, _weekday),
    ("天日晚早夜儿", re.compile(r"[昨今明前后琴寻噚听][天日晚早儿夜个]"), _RELATIVE, _relative),
    (("今天", "今日"), re.compile(r"[年月周期拜]的?今[天日]"), _SAME_DAY, _same_day),
    ("天日", re.compile(r"[天日]以?[前后]"), _AGO, _ago),
    ("号日", re.compile(r"[\d一二三四五六七八九十廿][号日]"), _BARE_DAY, _bare_day),
)


_GATE = re.compile(r"[0-9月号日天周节期拜昨今明前后元国庆五六七双中端重清春除年旦诞腊冬龙夜]")


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
