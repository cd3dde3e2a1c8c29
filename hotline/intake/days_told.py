"""Days told from today: 昨天, 三天前, 上周五, 本月12号, 上个月今天, 去年最后一天. Weeks begin on Monday."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hotline.intake.days import NUMERALS, YEARS, N, Reading, latest, make_day, month_away, small_int, year_named

_OFFSETS = {"大前天": -3, "大前日": -3, "大后天": 3, "昨": -1, "前": -2, "今": 0, "明": 1, "后": 2}
_OFFSETS |= {"琴": -1, "寻": -1, "噚": -1, "听": 1}
"""Of a word its whole, else its first character, and the days from today; the last four are Cantonese."""
_RELATIVE = re.compile(
    r"(?:大前[天日]|大后天|昨[天日晚夜早晨]|前[天晚](?!后)|前日(?!子)|今[天日早晚晨夜]|明[天日早晚]|[昨今明]儿(?![子女媳童科孙歌])|[昨今明]个儿|前儿个|后天|"
    r"[琴寻噚]日|听日(?![语本]))(?!然气|津|猫|桥|河区|台山|台县|花板)"
)
_SAME_DAY = re.compile(r"(?:(?P<year>去年|前年)|(?P<month>上个?月)|上个?(?:周|星期|礼拜))的?今[天日]")
_AGO = re.compile(rf"(?<![\d几十])(?:{N}|两)[天日](?P<way>[以之]?[前后])(?!的?[一-九]?[天日])")
_AHEAD = re.compile(rf"再过(?P<days>{N}|两)[天日](?![以之]?[前后])")
_FROM_NOW = re.compile(r"(?:再过|还有|今天起|现在起)$")
_WEEKDAY = re.compile(
    r"(?P<every>每个?|至|到|-|~)?"
    r"(?:(?P<w>上上个?|上个?|这个?|本|下下个?|下个?)(?:(?:周|星期|礼拜)的?(?=周|星期|礼拜))?)?"
    r"(?:周|星期|礼拜)(?P<d>[一二三四五六日天])"
    r"(?!福|生生|大福|大生|边|年|围|期|转)(?P<span>[至到~-](?:周|星期|礼拜)?[一二三四五六日天])?(?P<by>[之以]?前)?"
    r"(?P<more>(?:[、和及跟与](?:周|星期|礼拜)[一二三四五六日天](?![至到~-])|(?<=六)日(?!期))*)"
)
_WEEK = "一二三四五六日"
_DAY_OF_WEEK = re.compile(f"[{_WEEK}天]")
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_MONTH_WORD = re.compile(
    rf"(?P<w>本月|这个?月|[当同该]月|上上个?月|上个?月|下下个?月|下个?月)的?(?P<d>{N})[日号](?P<more>(?:[-~至到和及与、]{N}[日号]){{0,9}})"
)
_MONTH_NAMED = re.compile(rf"(20\d\d年|今年|去年|前年)?的?({N})月")
_EACH = re.compile(N)
_EDGE = re.compile(
    rf"(?P<year>今年|去年|前年|明年|(?:20\d\d)年)?的?(?:(?P<w>本|这个?|当|上个?|下个?)?月|(?P<m>{N})月份?)?的?"
    r"(?<=[年月份的])(?P<edge>最后|第|头)一天(?!班|课)"
)


def _relative(match: re.Match[str], today: date) -> list[date | None]:
    """昨天, 大前天, 后天."""
    word = match[0]
    return [today + timedelta(days=_OFFSETS[word] if word in _OFFSETS else _OFFSETS[word[0]])]


def _same_day(match: re.Match[str], today: date) -> list[date | None]:
    """上个月今天, 去年今天, 上周今天: that day of then, and not today."""
    if match["year"]:
        return [make_day(today.year + YEARS[match["year"]], today.month, today.day)]
    if match["month"]:
        return [make_day(*month_away(today, -1), today.day)]
    return [today - timedelta(days=7)]


def _ago(match: re.Match[str], today: date) -> list[date | None]:
    """三天前, 再过10天后; 七天后 alone counts from something else that the text tells of."""
    if match["way"].endswith("后") and not _FROM_NOW.search(match.string[max(0, match.start() - 5) : match.start()]):
        return []
    days = small_int(match[0].partition("天")[0].partition("日")[0])
    return [today + timedelta(days=-days if match["way"].endswith("前") else days)] if days else []


def _ahead(match: re.Match[str], today: date) -> list[date | None]:
    """再过三天."""
    days = small_int(match["days"])
    return [today + timedelta(days=days)] if days else []


def _weekday(match: re.Match[str], today: date) -> list[date | None]:
    """A day of this, the last or the next week, or several; without a word the latest one not after today."""
    if match["every"] or match["span"]:
        return []
    days = [_WEEK.index(each.replace("天", "日")) for each in _DAY_OF_WEEK.findall(match["d"] + match["more"])]
    monday = today - timedelta(days=today.weekday())
    if match["w"]:
        monday += timedelta(days=7 * _WEEKS[match["w"].rstrip("个")])
        return [monday + timedelta(days=day) for day in days]
    found = [monday + timedelta(days=day) for day in days]
    if match["by"]:  # 周五前: the one to come.
        return [day if day >= today else day + timedelta(days=7) for day in found]
    return [day if day <= today else day - timedelta(days=7) for day in found]


def _month_word(match: re.Match[str], today: date) -> list[date | None]:
    """本月12号, 上个月3号; 当月 is the month that the text named last, if it named one."""
    days = [small_int(day) for day in (match["d"], *_EACH.findall(match["more"]))]
    if match["w"][0] in "当同该" and (named := _MONTH_NAMED.findall(match.string, 0, match.start())):
        year, month = named[-1][0], small_int(named[-1][1])
        return [make_day(year_named(year, today), month, day) if year else latest(month, day, today) for day in days]
    months = match["w"].count("下") - match["w"].count("上")
    return [make_day(*month_away(today, months), day) for day in days]


def _edge(match: re.Match[str], today: date) -> list[date | None]:
    """The first or last day of a month or a year (2025年最后一天): the day before the next one begins."""
    year, word = match["year"], match["w"]
    begin: date | None
    if match["m"]:
        month = small_int(match["m"])
        begin = make_day(year_named(year, today), month, 1) if year else latest(month, 1, today)
        months = 1
    elif word:
        begin, months = make_day(*month_away(today, {"上": -1, "下": 1}.get(word[0], 0)), 1), 1
    else:
        begin, months = make_day(year_named(year, today), 1, 1) if year else None, 12
    if begin is None or match["edge"] != "最后":
        return [begin]
    return [date(*month_away(begin, months), 1) - timedelta(days=1)]


MONTH_WORD = Reading(
    "月", _MONTH_WORD, _month_word, near=1, far=3, behind="本这个当同该上下", ahead=f"[的0-9{NUMERALS}]"
)
EDGE = Reading("最第头", _EDGE, _edge, near=0, far=12, behind="年月份的", ahead="后?一天")
WEEKDAY = Reading("周期拜", _WEEKDAY, _weekday, near=0, far=9, ahead="[一二三四五六日天]")
RELATIVE = Reading("天日晚早晨夜儿", _RELATIVE, _relative, near=1, far=2, behind="昨前今明后琴寻噚听个")
SAME_DAY = Reading("天日", _SAME_DAY, _same_day, near=3, far=6, behind="今")
AHEAD = Reading("再", _AHEAD, _ahead, near=0, far=0, ahead="过")
AGO = Reading("天日", _AGO, _ago, near=1, far=3, behind=f"两0-9{NUMERALS}", ahead="[以之]?[前后]")
