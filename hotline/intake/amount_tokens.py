"""The numbers of a text with the currency words that belong to them, and what such a number is worth in yuan."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from hotline.intake import price_behind, price_words
from hotline.intake.numbers import DIGITS, HAN_NUMERAL, to_decimal

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNITS = "十百千万萬亿拾佰仟"
_GROUPED = r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,4})?"
_WRITTEN = r"\d{1,12}(?:\.\d{1,6})?"
_SCALED = rf"(?:[{_UNITS}]{{1,2}}(?:\d{{1,4}}[千百]\d?|\d?)|[kKwW](?![A-Za-z]))?"
_SPOKEN = rf"(?!点)[{HAN_NUMERAL}]{{1,20}}"
NUMBER = rf"(?:{_GROUPED}|{_WRITTEN}){_SCALED}|{_SPOKEN}"
_DIGIT = rf"[\d{''.join(DIGITS)}]"
_CODE = "人民币|RMB|rmb|CNY"
_UNIT_BEGINS = "块元圆蚊毛角分人RrC"
_VAGUE = "多余来"


def _yuan() -> str:
    """The words for yuan, where they begin no other word: 元旦, 圆桌, and no thing that comes in pieces (一块手表)."""
    words = price_words.expression
    # 一块走, 两块吃了: together, or pieces; 一百块走了 and 15块来一份 are sums.
    together = rf"(?<![十百千万]块)(?<!\d\d块){words('together')}"
    kuai = rf"块钱|块大洋|块儿(?={_DIGIT}毛)|块(?!{words('no_kuai')}|{together})"
    yuan = rf"元钱|圆钱|(?!{words('no_yuan')})元|(?!{words('no_round')})圆|(?!{words('no_man')})蚊"
    return f"{kuai}|{yuan}|{_CODE}"


def _small() -> str:
    """The words for ten fen and one."""
    ends = rf"[一二两三四五六七八九\d]?(?:[,，。；;、！!？?\s/）)]|$|{price_words.expression('no_mao')})"
    return f"毛钱|角钱|分钱|毛(?={ends})"


def _token() -> str:
    """A number with what belongs to it: 人民币3000多元, 30多万块."""
    sign = rf"(?P<sign>(?:¥|{_CODE})[ :：]?-?)?"
    scale = f"(?P<scale>[万亿](?=[{_VAGUE}]|好?[块元圆]))?"
    unit = f"(?P<unit>(?=[{_UNIT_BEGINS}])(?:{_yuan()}|{_small()}))?"
    return rf"{sign}(?P<number>{NUMBER})(?P<vague>[{_VAGUE}]|好几)?{scale}(?P<vague_too>[{_VAGUE}])?[ ]?{unit}"


def _parts() -> str:
    """What follows 块 of a sum said in parts: 八十八块五, 三块零五分, but not 五块三个."""
    jiao = rf"(?:零(?={_DIGIT}[毛角]))?(?P<jiao>{_DIGIT})[毛角]?"
    fen = f"(?:(?!{price_words.expression('one_each')})(?P<fen>{_DIGIT})分?)?钱?"
    return f"(?!{price_words.expression('no_parts')}){jiao}{fen}(?!{price_words.expression('parts_counted')})"


_TOKEN = re.compile(_token())
PARTS = re.compile(_parts())
_FEN = re.compile(rf"(?!{price_words.expression('one_each')}){_DIGIT}")
_GOES_ON = frozenset(f"{_UNITS}{HAN_NUMERAL}kKwW.,{_VAGUE}好 {_UNIT_BEGINS}")
_COUNTED = re.escape("".join(sorted(price_behind.COUNTED - _GOES_ON)))


def _begin() -> str:
    """Where a token that can be a sum may begin.

    A lone Chinese numeral before nothing that makes it more (一家店) is none, nor is a count or a part of a day (30天,
    十一月); but 四十五一只 may be one.
    """
    written = rf"(?<![{HAN_NUMERAL}人RrC])(?!\d{{0,5}}[{_COUNTED}])"
    more = rf"(?=[{HAN_NUMERAL}{_VAGUE}好 {_UNIT_BEGINS}])"
    no_count = rf"(?![{HAN_NUMERAL}]{{0,4}}(?:(?<![一两])[{_COUNTED}]|[年月日号]))"
    code = "(?<=人)(?=民币)|(?<=[Rr])(?=[Mm])|(?<=C)(?=N)"
    return rf"[0-9{HAN_NUMERAL}¥人RrC](?:{written}|(?<=[{HAN_NUMERAL}]){more}{no_count}|{code})"


_BEGIN = re.compile(_begin())


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Every number with what belongs to it, as `_TOKEN.finditer` gives them, but tried only where one can begin."""
    begin = _BEGIN.search(text)
    while begin:
        match = _TOKEN.match(text, begin.start())
        if match:
            yield match
        begin = _BEGIN.search(text, match.end() if match else begin.end())


def _digit(char: str | None) -> Decimal:
    """One digit, Arabic or Chinese."""
    if not char:
        return Decimal(0)
    return Decimal(int(char)) if char.isascii() else Decimal(DIGITS[char])


def value_of(text: str, match: re.Match[str], number: str) -> tuple[Decimal, int] | None:
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
    parts = PARTS.match(text, match.end()) if unit in {"块", "元", "块儿"} else None
    if parts:
        return value + _digit(parts["jiao"]) / 10 + _digit(parts["fen"]) / 100, parts.end()
    return value, match.end()
