"""Names that stand alone: beside the caller's own number, on either side of it, and under the text as a signature.

齐占军，150 3170 0091 or 153 2717 0020梅若曦 says whose the number is without a word for it: between the two stand
signs and labels only (电话, 身份证号). A number of the respondent's (商家电话…, 转账给…, 对方自称…) tells nobody's
name, and a name with a word of another's before it (店主张强，138…) is not alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hotline.intake.family_names import ALONE, ANY, FIRSTS, is_a_family, is_a_name, may_be_a_name
from hotline.intake.homes import owner
from hotline.intake.introductions import NAME, SURNAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hotline.intake.introductions import Told

_CALLED = "先生|女士|小姐|同志|阿姨|大爷|大妈|大姐|师傅|老师"
_HAN = "\u4e00-\u9fff"
_FIRST = "".join(sorted(FIRSTS))
# Any word that may be one: whether it is, is looked up.
_WORD = (
    rf"(?:(?P<titled>[{_FIRST}][{_HAN}]?)(?={_CALLED})|"
    rf"(?P<name>[{_HAN}]{{1,8}}·[{_HAN}·]{{1,12}}|[{_FIRST}][{_HAN}]{{1,6}}?))(?:{_CALLED})?"
)
_SIGN = r"[\s,，、;；:：.。()（）/|…~～\-—]"
_OF_NUMBER = (
    r"(?:(?:本人|我的?|联系|报|有效)*(?:电话|手机|座机|方式|号码|[Tt]el|TEL)(?:是|为|号码?|[:：])*|(?:公民)?(?:身份证|证件|身份)(?:证|号|号码)*(?:是|为)?|"
    r"[男女](?![\u4e00-\u9fff])|[汉满回蒙藏壮苗彝]族|\d{1,3}周?岁|(?:出生于?)?\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?(?:出?生)?|就行|即可|微信同号|同微信|QQ\s?[:：]?\s?\d{5,11})"
)
_LEAD = (
    r"(?:请?(?:联系人?|回电话?|回复|致电)(?:找|给)?|请?找|打给我[,，]?|[我俺咱](?:叫|是|姓名?)?|本人|姓名[:：]?|名字|代表|(?:业|车|户|机|号|失)主|患者|病人|家[长属]|学[员生]|考生|会员|租[客户]|乘客|[旅游顾]客|客户|买家|消费者|[市村居]民|住户|储户|用户|读者|群众|实名举报[:：]|署名|名叫|叫|贵姓.[,，]|"
    r"(?:联系)?(?:电话|方式|手机号?)|[0-9]\d?岁)[:：是为\s]{0,2}"
)
_BEFORE = re.compile(
    rf"(?:{_LEAD})?{_WORD}(?:[(（][^()（）\d]{{1,14}}[)）])?"
    rf"(?:{_SIGN}{{0,3}}{_OF_NUMBER}){{0,3}}{_SIGN}{{0,3}}$"
)
_EDGE = re.compile(r"[\s,，、。;；:：!！?？()（）…~～”\"—]")
_AFTER = re.compile(
    rf"(?:{_SIGN}{{0,3}}{_OF_NUMBER}){{0,2}}{_SIGN}{{0,3}}(?:{_LEAD})?{_WORD}"
    r"(?=$|[\s,，、。;；!！?？()（）]|本人|就行|即可|敬上|收$)"
)
# A number that is spoken of as somebody else's, whatever the rest of the sentence says.
_OTHERS = re.compile(
    r"(?:转账?给?|付款给|打款给?|汇款?给|户名|账户|自称|显示|骚扰|诈骗|推销|冒充|对方|网上留的|门头|招牌|海报|传单|名片|广告)[^,，。;；\n]{0,12}$|"
    r"(?:^|[\s,，。;；])(?:我要?|现|实名)?(?:举报|投诉|反映|检举|控告)[:：]?\s*$"
)
_MASKED = re.compile(r"\[(?:电话|证件号)\]|\d{2,6}\*{4,8}[\dXx]{2,4}")
# An identity number with a figure too few or too many is one all the same.
_NEARLY_ID = re.compile(r"身份证[^\d\n]{0,6}(?P<id>\d{13,19}[Xx]?)")
_SERVICE = re.compile("(?:400|800|95|96|123)")
_WINDOW, _NAME_LENGTH = 44, 24
# What a name or a word before it begins with: nothing else is tried.
_BEGINNINGS = FIRSTS.union(
    "请联回致找打我俺咱本姓名代业车户机号失患病家学考会租乘旅游顾客买消市村居住储用读群实署叫贵电手方0123456789"
)
_SIGNATURE, _LONGEST_SIGNED = 40, 10
_LAST_CLAUSE = re.compile(rf"[。！!?？\n…~～—,，(（]\s?[{_FIRST}][{_HAN}]{{1,5}}[)）]?[。.]?$")
_SIGN_HINT = re.compile("[\n—敬·]")
_SIGNED = re.compile(
    r"(?:^(?=.{2,6}敬)|[。！!?？\n…~～]|——|谢谢[,，]?|感谢[,，]|拜托了?[,，]|(?P<paren>[(（]))\s*"
    rf"(?:[{_HAN}]{{0,6}}(?:党员|市民|读者|村民|居民|群众|消费者|家长|职工)[:：\s]?)?"
    rf"(?P<name>{ALONE}|{ANY}[{_HAN}]{{1,2}})(?(paren)[)）])"
    r"\s*(?:敬[上启]|谨[上启]|上|[\d年月日./\s-]{4,20})?[。.]?$"
)


def names_beside(text: str, numbers: Iterable[tuple[int, int]]) -> Iterator[Told]:
    """Names beside the caller's numbers; those that are masked already count as well."""
    places = [*numbers]
    if "*" in text or "[" in text:
        places += [match.span() for match in _MASKED.finditer(text)]
    if "身份证" in text:
        places += [match.span("id") for match in _NEARLY_ID.finditer(text)]
    for start, end in places:
        if not _SERVICE.match(text, start):
            yield from _beside(text, start, end)


def _beside(text: str, start: int, end: int) -> Iterator[Told]:
    """The names before and behind one number."""
    head = max(0, start - _WINDOW)
    edges = [*([0] if head == 0 else ()), *(edge.end() for edge in _EDGE.finditer(text, head, start))]
    pointed = text.find("·", head, start) >= 0
    tried = (_BEFORE.match(text, edge, start) for edge in edges if text[edge] in _BEGINNINGS or pointed)
    before = next(filter(None, tried), None)
    for match in filter(None, (before, _AFTER.match(text, end, end + _NAME_LENGTH + _WINDOW))):
        group, what = ("name", NAME) if match["name"] else ("titled", SURNAME)
        begin, stop = match.span(group)
        if not (may_be_a_name(text[begin:stop]) if what == NAME else is_a_family(text[begin:stop])):
            continue
        first = min(begin, start)
        if not _OTHERS.search(text, max(0, first - _WINDOW), first) and owner(text, first) != "other":
            yield begin, stop, what


# 姓曾，曾国秀; 名叫…, at the head of a clause
_TWICE = re.compile(rf"姓(?P<family>{ANY})[,，、.…\s]{{1,3}}(?P<name>(?P=family)[{_HAN}]{{1,2}})(?=$|[,，。;；！!\s])")
_CALLED_SO = re.compile(
    rf"(?<![{_HAN}])(?:名字?叫|真名叫?|名字是)(?P<name>{ALONE}|{ANY}[{_HAN}]{{1,2}})(?=$|[,，。;；！!\s])"
)


def said_of_nobody_else(text: str) -> Iterator[Told]:
    """Names told of whoever the sentence speaks of, where that is nobody but the caller."""
    found = [*_TWICE.finditer(text)] if "姓" in text else []
    found += _CALLED_SO.finditer(text) if "名叫" in text or "名字" in text or "真名" in text else ()
    for match in found:
        if is_a_name(match["name"]) and owner(text, match.start()) != "other":
            yield (*match.span("name"), NAME)


def signatures(text: str) -> Iterator[Told]:
    """A name alone behind the last sentence or on the last line."""
    begin = max(0, len(text) - _SIGNATURE)
    # What ends in a longer clause is not signed, but for a date or a word of what they are on a line of its own.
    if not (_LAST_CLAUSE.search(text, max(0, len(text) - _LONGEST_SIGNED)) or _SIGN_HINT.search(text, begin)):
        return
    match = _SIGNED.search(text, begin)
    if match and is_a_name(match["name"]):
        yield (*match.span("name"), NAME)
