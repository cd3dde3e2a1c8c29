"""Sums of money in RMB. A number needs a currency word, or a sentence that speaks of a price."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from hotline.intake import prices
from hotline.intake.numbers import DIGITS, HAN_NUMERAL, to_decimal
from hotline.records import Money

if TYPE_CHECKING:
    from collections.abc import Iterator

_HAN = HAN_NUMERAL
_UNIT = "十百千万萬亿拾佰仟"
_NUMBER = (
    rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,5}}(?:\.\d{{1,4}})?|\d{{1,12}}(?:\.\d{{1,6}})?)(?:[{_UNIT}]{{1,2}}(?:\d{{1,4}}[千百]\d?|\d?)|"
    rf"[kKwW](?![A-Za-z]))?|(?!点)[{_HAN}]{{1,20}}"
)
_FOREIGN = (
    "美元|美金|美刀|欧元|日元|日币|港币|港元|港纸|英镑|韩元|韩币|澳元|加元|新台币|台币|泰铢|卢布|法郎|澳门币|新币|卢比"
)
_PIECES = (
    "手表|腕表|电池|屏|砖|蛋糕|肥皂|地|石|布|玻璃|面包|豆腐|肉|板|牌|硬盘|表|糖|木|瓷砖|钢|显卡|主板|香皂|广告|招牌|骨|披萨|土|田|月饼|橡皮|芯片|毛巾|巧克力|滤芯|"
    "刹车片|电瓶|抹布|的手|充电|内存|金|银|玉|翡翠|皮|墙|区域"
)
# 一块走, 两块吃了: together, or pieces; 一百块走了 and 15块来一份 are sums.
_TOGETHER = r"(?<![十百千万]块)(?<!\d\d块)(?:儿|去|来|玩|走|住|做|干|吃)"
_DIGIT = rf"[\d{''.join(DIGITS)}]"
_YUAN = (
    rf"(?:块钱|元钱|圆钱|块大洋|块儿(?={_DIGIT}毛)|块(?!{_PIECES}|{_TOGETHER})|元(?!旦|宵|里|素|件|老|月[^租费供付]|器|年|青|首|帅|气|宝|次方|购(?!买|得|入|置))|圆(?!形|珠|通|圈|桌|"
    rf"柱|满|的)|人民币|RMB|rmb|CNY|蚊(?!子|香|虫|帐|叮|咬|蝇|液))"
)
_ONE_EACH = rf"[一两半]{prices.PER}"
_SMALL = (
    rf"(?:毛钱|角钱|分钱|毛(?=[一二两三四五六七八九\d]?(?:[,，。；;、！!？?\s/）)]|$"
    rf"|现金|零钱|硬币|[他她][们]?[都也]?[没不]|{_ONE_EACH})))"
)
_VAGUE = r"[多余来]|好几"
_TOKEN = re.compile(
    rf"(?P<sign>(?:[¥]|人民币|RMB|rmb|CNY)[ :：]?-?)?(?P<number>{_NUMBER})(?P<vague>{_VAGUE})?"
    rf"(?P<scale>[万亿](?=[{_VAGUE[1:-1]}]?[块元圆]))?"
    rf"(?P<vague2>[多余来])?[ ]?(?P<unit>{_YUAN}|{_SMALL})?"
)
_RANGE = re.compile(rf"({_NUMBER})[ ]?(?:元|块)?[ ]?(?:-|~|—|～|–|到|至)[ ]?$")
_PARTS = re.compile(
    rf"(?!一[直样起共定般律并边旦概些切致次性会])(?:零(?={_DIGIT}[毛角]))?(?:(?P<jiao>{_DIGIT})(?:毛|角)?(?:(?P<fen>{_DIGIT})分?)?)钱?"
    rf"(?!(?!{_ONE_EACH})[\d{_HAN}.%]|(?!包邮)[{prices.COUNTER}根对束把串棵头枝捆瓣粒盆筐扎扇层壶斤年月日号点天人升克米])"
)
_FEN = re.compile(rf"(?!{_ONE_EACH}){_DIGIT}")
_BEFORE_APPROX = re.compile(
    r"(?:约|大概|将近|近|差不多|不到|超过|至少|至多|接近|(?<![网线街店路会市手晚早面单车场身])上|几乎|大几)[ ]?(?:¥)?$"
)
_APPROX_ENDS = frozenset("约概近多到过少上乎几¥ ")
_AFTER_APPROX = re.compile(r"[ ]?(?:钱)?(?:左右|上下|不到|以上|以内|出头|多)")
# Where a token that can be a sum may begin: a lone Chinese numeral before nothing that makes it more (一家店) is none,
# nor is a number of a day or a count of them (2026年3月18日, 30天).
_BEGIN = re.compile(
    rf"[0-9{_HAN}¥人RrC](?:(?<![{_HAN}人RrC])(?!\d{{0,3}}[年月日号天个次])"
    rf"|(?<=[{_HAN}])(?![{_HAN}]{{1,3}}[年月日号])(?=[{_HAN}多余来好 块元圆蚊毛角分人RrC])"
    r"|(?<=人)(?=民币)|(?<=[Rr])(?=[Mm])|(?<=C)(?=N))"
)
_SPEAKS_OF_MONEY = re.compile(rf"[元块圆蚊¥钱毛角币卡RrC餐加折邮{prices.SPEAKS}]")
_SAID_SHORT = re.compile(
    r"[百千万][一二三四五六七八九][,，。；;！!？?\s]|[一每两俩][晚碗份杯盘串斤位间]|一个?人\d|[说讲报]\d|加[一二三四五六七八九\d]"
    r"|吊牌|人均|[贴剪洗补配烫染][个把次颗]|[投放存]了[一二三四五六七八九\d]"
)
_WIDE_GROUPS = re.compile(r"(?<=¥)\d{1,3}(?:，\d{3}){1,5}(?!\d)")
_SPACED = re.compile(r"(?<=¥)(?: ?[\d.,](?!\d)){3,20}")
"""￥ 7 5 2 . 0 0: a sum whose characters stand apart."""
_NEAR_FOREIGN = re.compile(_FOREIGN)
_FOREIGN_FIRST = frozenset(name[0] for name in _FOREIGN.split("|"))
_FOREIGN_LAST = frozenset("$€£") | {name[-1] for name in _FOREIGN.split("|")}
_RANGE_SIGNS = frozenset("-~—～–到至 ")
_LARGE = frozenset("百千万")
_PAIR = 2
_SMALLEST = frozenset({"毛", "毛钱", "角钱", "分钱", "块钱"})
_NOT_ONE = re.compile(r"(?:不|没|未|少|无)[^,，。；;]{0,4}$")
_NOTE = re.compile(r"(?:大|假|纸|现)?[钞币]")  # 百元大钞
_PHONE_CLASS = re.compile(r"机(?![建票场油])")  # 千元机, not 50元机建.
_NOR_ONE = re.compile(r"[都也](?:不|没|别|甭)|不值|不拔|[不没]退|[不没]赔")


def _approx(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Whether the speaker did not say the exact sum."""
    if match["vague"] or match["vague2"] or _AFTER_APPROX.match(text, end):
        return True
    return text[max(0, start - 1) : start] in _APPROX_ENDS and bool(
        _BEFORE_APPROX.search(text[max(0, start - 5) : start])
    )


def _digit(char: str | None) -> Decimal:
    """One digit, Arabic or Chinese."""
    if not char:
        return Decimal(0)
    return Decimal(int(char)) if char.isascii() else Decimal(DIGITS[char])


def _value(text: str, match: re.Match[str], number: str) -> tuple[Decimal, int] | None:
    """The sum and where it ends: 八十八块五, 3块2毛5, 五毛钱."""
    value = to_decimal(number)
    if value is None:
        return None
    if match["scale"]:
        value *= 10_000 if match["scale"] == "万" else 100_000_000
    unit = match["unit"] or ""
    if unit[:1] in {"毛", "角"}:
        fen = _FEN.match(text, match.end()) if unit == "毛" else None
        return value / 10 + _digit(fen and fen[0]) / 100, fen.end() if fen else match.end()
    if unit[:1] == "分":
        return value / 100, match.end()
    parts = _PARTS.match(text, match.end()) if unit in {"块", "元", "块儿"} else None
    if parts:
        return value + _digit(parts["jiao"]) / 10 + _digit(parts["fen"]) / 100, parts.end()
    return value, match.end()


def _foreign(text: str, match: re.Match[str], end: int) -> bool:
    """Whether the sum is in foreign money."""
    if text[end : end + 1] in _FOREIGN_FIRST and _NEAR_FOREIGN.match(text, end):
        return True
    before = text[max(0, match.start() - 4) : match.start()]
    return not _FOREIGN_LAST.isdisjoint(before) and (before[-1] in "$€£" or _NEAR_FOREIGN.search(before) is not None)


def _idiom(text: str, match: re.Match[str]) -> bool:
    """Words that hold a sum but name none: 一分钱一分货, 不多要一分钱, 几百块, 十几块, 第一元, A1元."""
    before, unit = text[max(0, match.start() - 1) : match.start()], match["unit"] or ""
    if (
        before in {"几", "数", "第", "好"}
        or _odd_change(text, match)
        or (before.isascii() and before.isalpha() and not match["sign"])
    ):
        return True
    if match["number"][0] in _LARGE and _no_exact(text, match):
        return True
    if match["number"] in {"一", "半"} and unit:
        if unit == "块":
            return not _PARTS.match(text, match.end()) and not prices.behind_price_word(text, match.start())
        if unit in _SMALLEST and _no_penny(text, match):
            return True
    return text.startswith(("一分货", "户", "店"), match.end()) or _PHONE_CLASS.match(text, match.end()) is not None


def _odd_change(text: str, match: re.Match[str]) -> bool:
    """块儿八毛: hardly anything. Three yuan eighty was read whole before its tail."""
    unit = match["unit"]
    return unit is not None and unit[0] == "毛" and text.endswith(("块", "块儿"), 0, match.start())


def _no_exact(text: str, match: re.Match[str]) -> bool:
    """Whether the number behind a 百, 千 or 万 of its own is a guess or a kind of note (千八百块, 百元大钞)."""
    number = match["number"]
    return bool(prices.ABOUT.fullmatch(number) or (number in _LARGE and _NOTE.match(text, match.end())))


def _no_penny(text: str, match: re.Match[str]) -> bool:
    """Whether a smallest sum is only named to deny any (一毛钱都不退, 不多要一分钱)."""
    before = text[max(0, match.start() - 8) : match.start()]
    return bool(_NOT_ONE.search(before) or _NOR_ONE.match(text, match.end()))


_NEXT_TO = {low + high for low, high in zip("一二三四五六七八", "二三四五六七八九", strict=True)} | {"两三"}
_SPAN = re.compile(r"([一二两三四五六七八九十百千万]*)([一二两三四五六七八])([二三四五六七八九])([十百千万]*)")


def _span(number: str, *, bare: bool) -> tuple[str, str] | None:
    """Both ends of 五六十万, 一百二三, 七八(块); a pair of digits alone is none where no currency word follows."""
    match = _SPAN.fullmatch(number)
    if match is None or match[2] + match[3] not in _NEXT_TO or (bare and not match[1] and not match[4]):
        return None
    return match[1] + match[2] + match[4], match[1] + match[3] + match[4]


def _low_end(text: str, start: int) -> Decimal | None:
    """The lower end of a range, where its own currency word was left out (300到500元)."""
    if text[max(0, start - 1) : start] not in _RANGE_SIGNS:
        return None
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


def _read(text: str, match: re.Match[str], number: str) -> tuple[Decimal, int] | None:
    """The sum that a token with this number says, and where it ends; None where it is no sum."""
    if match["unit"] or match["sign"]:
        return None if _idiom(text, match) else _value(text, match, number)
    value = prices.bare_sum(text, number, *match.span("number"), match.end())
    return None if value is None else (value, match.end())


def find_amounts(text: str) -> tuple[Money, ...]:
    """Every sum in order, each value once; a minus sign is dropped."""
    found: dict[Decimal, Money] = {}
    if not _SPEAKS_OF_MONEY.search(text) and not _SAID_SHORT.search(text):
        return ()
    if "¥" in text:
        text = _WIDE_GROUPS.sub(lambda group: group[0].replace("，", ","), text)
        text = _SPACED.sub(lambda apart: apart[0].replace(" ", ""), text)
    end = 0
    for match in _tokens(text):
        start = match.start()
        if start < end:
            continue  # The tail of a sum that is read already (2块5毛).
        number = match["number"]
        unit = match["unit"] or match["sign"]
        if not unit and (
            number in DIGITS or (text[match.end() : match.end() + 1] in prices.COUNTS and number[-1] != "一")
        ):
            continue
        long = len(number) > _PAIR or (unit and len(number) == _PAIR)
        span = _span(number, bare=not unit) if long and not number[0].isascii() else None
        read = _read(text, match, span[0] if span else number)
        if read is None or _foreign(text, match, read[1]):
            continue
        end = read[1]
        approx = span is not None or _approx(text, start, end, match)
        other = _value(text, match, span[1]) if span else None
        for value in (_low_end(text, start), read[0], other and other[0]):
            if value is not None:
                found.setdefault(value, Money(_plain(value), approx))
    return tuple(found.values())


def _plain(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent."""
    whole = int(value)
    return Decimal(whole) if value == whole else value.normalize()
