"""Sums of money in RMB. A number needs a currency word, or a sentence that speaks of a price."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from hotline.intake.numbers import DIGITS, HAN_NUMERAL, to_decimal
from hotline.records import Money

if TYPE_CHECKING:
    from collections.abc import Iterator

_HAN = HAN_NUMERAL
_UNIT = "十百千万萬亿拾佰仟"
_NUMBER = (
    rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,5}}(?:\.\d{{1,4}})?|\d{{1,12}}(?:\.\d{{1,6}})?)(?:[{_UNIT}]{{1,2}}(?:\d{{1,4}}[千百]\d?|\d?)|"
    rf"[kKwW](?![A-Za-z]))?|[{_HAN}]{{1,20}}"
)
_FOREIGN = (
    "美元|美金|美刀|欧元|日元|日币|港币|港元|港纸|英镑|韩元|韩币|澳元|加元|新台币|台币|泰铢|卢布|法郎|澳门币|新币|卢比"
)
_PIECES = (
    "手表|腕表|电池|屏|砖|蛋糕|肥皂|地|石|布|玻璃|面包|豆腐|肉|板|牌|硬盘|表|糖|木|瓷砖|钢|显卡|主板|香皂|广告|招牌|骨|披萨|土|田|月饼|橡皮|芯片|毛巾|巧克力|滤芯|"
    "刹车片|电瓶|抹布|儿|去|来|玩|走|住|做|干|吃|的手|充电|内存|金|银|玉|翡翠|皮|墙|区域"
)
_YUAN = (
    rf"(?:块钱|元钱|圆钱|块大洋|块(?!{_PIECES})|元(?!旦|宵|素|件|老|月[^租费供付]|器|年|青|首|帅|气|宝|次方|购(?!买|得|入|置))|圆(?!形|珠|通|圈|桌|"
    rf"柱|满|的)|人民币|RMB|rmb|CNY)"
)
_SMALL = r"(?:毛钱|角钱|分钱|毛(?=[,，。；;\s一/]|$))"
_VAGUE = r"[多余来]|好几"
_TOKEN = re.compile(
    rf"(?P<sign>(?:[¥]|人民币|RMB|rmb|CNY)[ :：]?-?)?(?P<number>{_NUMBER})(?P<vague>{_VAGUE})?"
    rf"(?P<scale>[万亿](?=[{_VAGUE[1:-1]}]?[块元圆]))?"
    rf"(?P<vague2>[多余来])?[ ]?(?P<unit>{_YUAN}|{_SMALL})?"
)
_RANGE = re.compile(rf"({_NUMBER})[ ]?(?:元|块)?[ ]?(?:-|~|—|～|–|到|至)[ ]?$")
_DIGIT = rf"[\d{''.join(DIGITS)}]"
_PARTS = re.compile(
    rf"(?:(?P<jiao>{_DIGIT})(?:毛|角)?(?:(?P<fen>{_DIGIT})分?)?)钱?"
    rf"(?!(?!一[个件台瓶斤盒条包双套只袋箱张本份碗杯次])[\d{_HAN}.%]|[个件台瓶斤盒条包双套只袋箱张本部支份次碗杯年月日号点天人])"
)
_PRICE = re.compile(
    r"(?:标价|售价|单价|总价|价格|价钱|原价|现价|要价|定价|成交价|优惠价|活动价|特价|进价|报价|开价|价位|零售价|市场价|批发价|卖价|卖到?|花费|花|付款|"
    r"支付|付|收费|收取|收|转账|转了|退款|退还|退|赔偿|赔|押金|定金|订金|会员费|货款|房租|租金|消费金额|消费|金额|涉案金额|充值|充|缴费|缴纳|交|只要|仅售|售|"
    r"罚款|罚|损失|欠|费用|运费|学费|工资|合计|共计|一共|总共|优惠|便宜|涨到|降到)"
    r"(?:了|为|是|到|我|他|她|成|至|达|约|大约|差不多|将近|近|大概|才|只|就|要|:|：|竟|[ ]){0,3}$"
)
_COUNTER = "个件台瓶斤盒条包双套只袋箱张本部支份碗杯罐桶片颗粒块次桌"
_EACH = re.compile(rf"一[{_COUNTER}](?![\d{_HAN}])")
_BARE_END = re.compile(
    rf"(?=$|[,，。；;、！!？?\s)）/\n]|一[{_COUNTER}]|每|的|买|左右|上下|还|却|结果|给|我|他|让|整|起|不|就|吗|钱|（|\()"
)
_BEFORE_APPROX = re.compile(r"(?:约|大概|将近|近|差不多|不到|超过|至少|至多|接近|上|几乎|大几)[ ]?(?:¥)?$")
_AFTER_APPROX = re.compile(r"[ ]?(?:钱)?(?:左右|上下|不到|以上|以内|出头|多)")
_COUNTED = re.compile(rf"^(?P<head>.+?)一[{_COUNTER}]?$")
# Where a token that can be a sum may begin: a lone Chinese numeral before nothing that makes it more (一家店) is none.
_BEGIN = re.compile(
    rf"[\d{_HAN}¥人RrC](?:(?<![{_HAN}人RrC])|(?<=[{_HAN}])(?=[{_HAN}多余来好 块元圆毛角分人RrC])"
    r"|(?<=人)(?=民币)|(?<=[Rr])(?=[Mm])|(?<=C)(?=N))"
)
_SPEAKS_OF_MONEY = re.compile(r"[元块圆¥钱毛角币RrC价售卖花付收转退赔金费款租消充缴交罚损欠资计共优便涨降要]")
_WIDE_GROUPS = re.compile(r"(?<=¥)\d{1,3}(?:，\d{3}){1,5}(?!\d)")
_NEAR_FOREIGN = re.compile(_FOREIGN)
_MAX_BARE = Decimal(100_000_000)
_LOOK = 14


def _approx(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Whether the speaker did not say the exact sum."""
    vague = match["vague"] or match["vague2"]
    return bool(vague or _BEFORE_APPROX.search(text[max(0, start - 5) : start]) or _AFTER_APPROX.match(text, end))


def _digit(char: str | None) -> Decimal:
    """One digit, Arabic or Chinese."""
    if not char:
        return Decimal(0)
    return Decimal(int(char)) if char.isascii() else Decimal(DIGITS[char])


def _value(text: str, match: re.Match[str]) -> tuple[Decimal, int] | None:
    """The sum and where it ends: 八十八块五, 3块2毛5, 五毛钱."""
    value = to_decimal(match["number"])
    if value is None:
        return None
    if match["scale"]:
        value *= 10_000 if match["scale"] == "万" else 100_000_000
    unit = match["unit"] or ""
    if unit[:1] in {"毛", "角"}:
        return value / 10, match.end()
    if unit[:1] == "分":
        return value / 100, match.end()
    parts = _PARTS.match(text, match.end()) if unit in {"块", "元"} else None
    if parts:
        return value + _digit(parts["jiao"]) / 10 + _digit(parts["fen"]) / 100, parts.end()
    return value, match.end()


def _bare(text: str, match: re.Match[str]) -> Decimal | None:
    """A number without a currency word, where the words before speak of a price (标价4999, 卖十二一瓶)."""
    start, number = match.start("number"), match["number"]
    if match["scale"] or (len(number) == 1 and not number.isascii()):
        return None
    each = number[0].isascii() and _EACH.match(text, match.end())
    counted = _COUNTED.match(number) if text[match.end() : match.end() + 1] in _COUNTER else None
    if counted and not number[0].isascii() and text[match.end() : match.end() + 1]:
        number = counted["head"]
    elif not _BARE_END.match(text, match.end()):
        return None
    if not each and not _PRICE.search(text[max(0, start - _LOOK) : start]):
        return None
    value = to_decimal(number)
    lone = len(number) == 1 and not number.isascii()
    return None if value is None or lone or value >= _MAX_BARE else value


def _foreign(text: str, match: re.Match[str], end: int) -> bool:
    """Whether the sum is in foreign money."""
    before = text[max(0, match.start() - 4) : match.start()]
    return bool(_NEAR_FOREIGN.match(text, end) or _NEAR_FOREIGN.search(before)) or before[-1:] in {"$", "€", "£"}


def _idiom(text: str, match: re.Match[str]) -> bool:
    """Words that hold a sum but name none: 一分钱一分货, 几百块, 十几块, 第一元, A1元."""
    before = text[max(0, match.start() - 1) : match.start()]
    if before in {"几", "数", "第", "好"} or (before.isascii() and before.isalpha() and not match["sign"]):
        return True
    if match["number"] in {"一", "半"} and match["unit"] == "块":
        return not _PRICE.search(text[max(0, match.start() - _LOOK) : match.start()])
    return text.startswith("一分货", match.end()) or text.startswith(("户", "机", "店"), match.end())


def _low_end(text: str, start: int) -> Decimal | None:
    """The lower end of a range, where its own currency word was left out (300到500元)."""
    match = _RANGE.search(text[max(0, start - 16) : start])
    if match is None or text[max(0, start - 16) : start][: match.start()][-1:] in {".", "年", "月"}:
        return None
    return to_decimal(match[1])


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """Every number with what belongs to it, as `_TOKEN.finditer` gives them, but tried only where one can begin."""
    begin = _BEGIN.search(text)
    while begin:
        match = _TOKEN.match(text, begin.start())
        if match:
            yield match
        begin = _BEGIN.search(text, match.end() if match else begin.end())


def find_amounts(text: str) -> tuple[Money, ...]:
    """Every sum in order, each value once; a minus sign is dropped."""
    found: dict[Decimal, Money] = {}
    if not _SPEAKS_OF_MONEY.search(text):
        return ()
    if "¥" in text:
        text = _WIDE_GROUPS.sub(lambda group: group[0].replace("，", ","), text)
    end = 0
    for match in _tokens(text):
        if match.start() < end:
            continue  # The tail of a sum that is read already (2块5毛).
        read = _value(text, match) if match["unit"] or match["sign"] else None
        if read is None and not match["unit"] and not match["sign"]:
            value = _bare(text, match)
            read = None if value is None else (value, match.end())
        elif read and (_idiom(text, match)):
            read = None
        if read is None or _foreign(text, match, read[1]):
            continue
        end = read[1]
        approx = _approx(text, match.start(), read[1], match)
        low = _low_end(text, match.start()) if match["unit"] else None
        for value in (low, read[0]):
            if value is not None:
                found.setdefault(value, Money(_plain(value), approx))
    return tuple(found.values())


def _plain(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
