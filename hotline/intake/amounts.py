"""Sums of money in RMB. A number needs a currency word, or a sentence that speaks of a price."""

from __future__ import annotations

import re
from decimal import Decimal

from hotline.intake import price_behind, price_words, prices
from hotline.intake.amount_tokens import NUMBER, PARTS, tokens, value_of
from hotline.intake.numbers import DIGITS, to_decimal
from hotline.records import Money

_RANGE = re.compile(rf"({NUMBER})[ ]?[元块]?[ ]?[-~—～–到至][ ]?$")
_RANGE_SIGNS = frozenset("-~—～–到至 ")
_APPROX_BEFORE = price_words.before("no_exact_before")
_APPROX_BEHIND = price_words.behind("no_exact_behind")
_APPROX_ENDS = price_words.lasts("no_exact_before")
_APPROX_BEGINS = price_words.firsts("no_exact_behind")
_WIDE_GROUPS = re.compile(r"(?<=¥)\d{1,3}(?:，\d{3}){1,5}(?!\d)")
_SPACED = re.compile(r"(?<=¥)(?: ?[\d.,](?!\d)){3,20}")
"""￥ 7 5 2 . 0 0: a sum whose characters stand apart."""
_FOREIGN = price_words.behind("foreign")
_FOREIGN_BEGINS = price_words.firsts("foreign")
_FOREIGN_SIGNS = frozenset("$€£")
_FOREIGN_ENDS = _FOREIGN_SIGNS | price_words.lasts("foreign")
_LARGE = frozenset("百千万")
_PAIR = 2
_SMALLEST = frozenset({"毛", "毛钱", "角钱", "分钱", "块钱"})
_NOT_ONE = re.compile(r"(?:不|没|未|少|无)[^,，。；;]{0,4}$")
_NOTE = re.compile(r"(?:大|假|纸|现)?[钞币]")  # 百元大钞
_PHONE_CLASS = re.compile(r"机(?![建票场油])")  # 千元机, not 50元机建.
_DENIED = price_words.behind("denied")


def _approx(text: str, start: int, end: int) -> bool:
    """Whether words around a sum say that it is not the exact one."""
    if text[end : end + 1] in _APPROX_BEGINS and _APPROX_BEHIND.match(text, end):
        return True
    return (
        text[start - 1 : start] in _APPROX_ENDS
        and _APPROX_BEFORE.match(text[max(0, start - 5) : start][::-1]) is not None
    )


def _foreign(text: str, start: int, end: int) -> bool:
    """Whether the sum is in foreign money."""
    if text[end : end + 1] in _FOREIGN_BEGINS and _FOREIGN.match(text, end):
        return True
    before = text[max(0, start - 4) : start]
    if _FOREIGN_ENDS.isdisjoint(before):
        return False
    return before[-1] in _FOREIGN_SIGNS or _FOREIGN.search(before) is not None


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
            return not PARTS.match(text, match.end()) and not prices.behind_price_word(text, match.start())
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
    return bool(_NOT_ONE.search(before) or _DENIED.match(text, match.end()))


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


def _read(text: str, match: re.Match[str], number: str, unit: str | None) -> tuple[Decimal, int] | None:
    """The sum that a token with this number says, and where it ends; None where it is no sum."""
    if unit:
        return None if _idiom(text, match) else value_of(text, match, number)
    end = match.end()
    value = prices.bare_sum(text, number, *match.span("number"), end)
    return None if value is None else (value, end)


def _sums(text: str, match: re.Match[str]) -> tuple[tuple[Decimal | None, ...], bool, int] | None:
    """The sums of a token (both ends of a range), whether they are vague, and where the last one ends."""
    start = match.start()
    sign, number, vague, _, vague_too, unit = match.groups()
    unit = unit or sign
    if not unit and (number in DIGITS or _counted(text, match.end(), number)):
        return None
    span = _span(number, bare=not unit) if len(number) >= _PAIR and not number[0].isascii() else None
    read = _read(text, match, span[0] if span else number, unit)
    if read is None or _foreign(text, start, read[1]):
        return None
    value, end = read
    other = value_of(text, match, span[1]) if span else None
    is_vague = span is not None or vague is not None or vague_too is not None or _approx(text, start, end)
    return (_low_end(text, start), value, other and other[0]), is_vague, end


def _counted(text: str, end: int, number: str) -> bool:
    """Whether a number without a currency word is a count by the character behind it; 四十五一只 is looked at."""
    return text[end : end + 1] in price_behind.COUNTED and number[-1] not in prices.SOME


def find_amounts(text: str) -> tuple[Money, ...]:
    """Every sum in order, each value once; a minus sign is dropped."""
    if "¥" in text:
        text = _WIDE_GROUPS.sub(lambda group: group[0].replace("，", ","), text)
        text = _SPACED.sub(lambda apart: apart[0].replace(" ", ""), text)
    found: dict[Decimal, Money] = {}
    end = 0
    for match in tokens(text):
        # What begins before the end is the tail of a sum that is read already (2块5毛).
        sums = _sums(text, match) if match.start() >= end else None
        if sums is None:
            continue
        values, approx, end = sums
        for value in values:
            if value is not None and value not in found:
                found[value] = Money(_plain(value), approx)
    return tuple(found.values())


def _plain(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent."""
    whole = int(value)
    return Decimal(whole) if value == whole else value.normalize()
