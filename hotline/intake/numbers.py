"""Chinese numerals: 三千二百, 四百五 (450), 一万二 (12000), 二〇二六, 壹佰, 1.2万, 3万5."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

DIGITS = {
    char: value for value, chars in enumerate(("零〇", "一壹", "二两贰", "三叁", "四肆", "五伍")) for char in chars
}
DIGITS |= {char: value for value, chars in enumerate(("六陆", "七柒", "八捌", "九玖"), 6) for char in chars}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
GROUPS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000}
HAN_NUMERAL = "".join(DIGITS) + "".join(UNITS) + "".join(GROUPS) + "廿点"
_ALL_DIGITS = frozenset(DIGITS)
_ALL_NUMERALS = frozenset(HAN_NUMERAL) - {"点"}
_ALL_GROUPS = frozenset(GROUPS)
_STEP = re.compile(r"(\d+(?:\.\d+)?)([十拾百佰千仟万萬亿kKwW]*)", re.ASCII)
_MAX_LENGTH = 30
_PLAIN_DIGITS = 2


def _section(text: str) -> int | None:
    """A number below ten thousand, such as 三千二百零五, 四百五 or 十二; None where it is none (三五百)."""
    total, digit, last_unit, after_zero = 0, None, 0, False
    for char in text.replace("廿", "二十") if "廿" in text else text:
        if char in UNITS:
            unit = UNITS[char]
            if last_unit and unit >= last_unit:
                return None
            total += (1 if digit is None else digit) * unit
            digit, last_unit, after_zero = None, unit, False
        elif DIGITS[char] == 0:
            after_zero = True
        elif digit is not None:
            return None
        else:
            digit = DIGITS[char]
    if digit is None:
        return total
    short = last_unit > 10 and not after_zero  # noqa: PLR2004 - 四百五 is 450, 十五 is 15
    return total + digit * (last_unit // 10 if short else 1)


def _grouped(text: str) -> int | None:
    """A number with 万 and 亿; a single digit after 万 counts thousands (一万二)."""
    if _ALL_GROUPS.isdisjoint(text):
        return _section(text)
    total, rest = 0, text
    for name, size in (("亿", 100_000_000), ("万", 10_000), ("萬", 10_000)):
        head, found, tail = rest.partition(name)
        if not found:
            continue
        value = _section(head) if head and not set(head) & set(GROUPS) else None
        if value is None:
            return None
        total += value * size
        if len(tail) == 1 and DIGITS.get(tail, 0):
            return total + DIGITS[tail] * size // 10
        rest = tail
    if set(rest) & set(GROUPS):
        return None
    last = _section(rest) if rest else 0
    return None if last is None else total + last


def chinese_int(text: str) -> int | None:
    """The value of a Chinese numeral, or of digits spelt one by one (二〇二六); None where it is neither."""
    if not text or len(text) > _MAX_LENGTH or not _ALL_NUMERALS.issuperset(text):
        return None
    if len(text) >= _PLAIN_DIGITS and _ALL_DIGITS.issuperset(text):
        return int("".join(str(DIGITS[char]) for char in text))
    return _grouped(text)


@lru_cache(maxsize=4096)
def to_decimal(text: str) -> Decimal | None:
    """Any number a text holds: 1,280.00, 1.2万, 3万5, 三点五万, 八十八; None where it cannot be read."""
    if len(text) <= _MAX_LENGTH and text.isascii() and text.isdigit():
        return Decimal(text)
    if "," in text or "，" in text:
        text = text.replace(",", "").replace("，", "")
    text = text.strip()
    if not text or len(text) > _MAX_LENGTH:
        return None
    if text[0].isascii():
        return _mixed(text)
    whole, point, part = text.partition("点")
    if not point:
        value = chinese_int(whole)
        return None if value is None else Decimal(value)
    scale = GROUPS.get(part[-1:], 1)
    digits = part[:-1] if scale > 1 else part
    head = chinese_int(whole)
    if head is None or not digits or any(char not in DIGITS for char in digits):
        return None
    return Decimal(f"{head}." + "".join(str(DIGITS[char]) for char in digits)) * scale


def _mixed(text: str) -> Decimal | None:
    """Arabic digits with Chinese units, in one step or two, and a digit after them (3万5, 1万5千)."""
    parts = _STEP.findall(text)
    if "".join(number + units for number, units in parts) != text:
        return None
    total, last = Decimal(0), Decimal(1)
    for number, units in parts:
        scale = Decimal(1)
        for char in units:
            scale *= {"k": 1000, "w": 10_000}.get(char.lower()) or UNITS.get(char) or GROUPS[char]
        short = not units and last > 1 and len(number) == 1
        total += Decimal(number) * (last / 10 if short else scale)
        last = scale
    return total
