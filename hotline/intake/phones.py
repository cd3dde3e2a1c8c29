"""Telephone and identity numbers in a text, written or spoken, with where they stand so that they can be masked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_SPOKEN = str.maketrans("幺一二三四五六七八九零洞〇拐勾壹贰叁肆伍陆柒捌玖", "112345678900079123456789")
_MOBILE = re.compile(
    r"(?<!\d)(?:(?:\+|00)?86[ -]?)?"
    r"(1[ -]?[3-9](?:(?:[ -]?\d){9}|\d[ ·.,，、—-]{1,2}\d{4}[ ·.,，、—-]{1,2}\d{4}))(?!\d)"
)
_LANDLINE = re.compile(
    r"(?<!\d)(?:[(（](0\d{2,3})[)）]|(0(?:10|2\d|[3-9]\d{2}))|(?:\+|00)86[ -]?(10|2\d|[3-9]\d{2}))"
    r"[ —-]{0,2}([2-8]\d{2,3}[ —-]?\d{4}|[2-8]\d{3}[ —-]\d{3})(?!\d)"
)
_SERVICE = re.compile(
    r"(?<!\d)([48]00(?:\d{7}|[ -]\d{3}[ -]\d{4}|[ -]\d{4}[ -]\d{3}|[ -]\d{7}|[ -]\d{3}[ -]\d{2}[ -]\d{2}|"
    r"\d[ -]\d{3}[ -]\d{3}))(?!\d)"
)
# A mobile read out loud, with a breath anywhere (幺三六洞幺，幺零三九，五零); only spoken digits may be torn so.
_READ_OUT = re.compile(r"(?<!\d)1[ ,，、]?[3-9](?:[ ,，、]?\d){9}(?!\d)")
# The same for a landline or a 400 number; a numeral that begins the next words (，三个人) is none of its digits.
_READ_LANDLINE = re.compile(r"(?<!\d)0(?:[ ,，、]?\d){10,11}(?![\d十百千万块元个人年月号天毛])")
_READ_SERVICE = re.compile(r"(?<!\d)[48](?:[ ,，、]?0){2}(?:[ ,，、]?\d){7}(?!\d)")
# Every digit stands alone: 1 3 5 - 2 2 0 0 - 9 8 7 1, 4 0 0 8 8 0 6 6 1 2.
_APART = re.compile(r"(?<!\d)[0148](?:[ ]?[ —-][ ]?\d){9,11}(?![ ]?\d)")
_WHOLE = re.compile(r"1[3-9]\d{9}|[48]00\d{7}")
_ID = re.compile(r"(?<!\d)\d{6}[ -]?(?:18|19|20)\d{6}[ -]?\d{3}(?:[\dXx叉]|艾克斯)(?!\d)")
_SAID_X = re.compile("叉|艾克斯")
_BARE = re.compile(r"(?:电话|座机|手机号?|联系方式)\D{0,6}?(\d{7,8})(?!\d)")
_NO_PHONE = re.compile(
    r"(?:订单|单|运单|快递|流水|QQ|qq|扣扣|编|货|批|批次|许可证|证|型|SKU|条码|条形码|账|卡|工单|群|注册|专利|序列)"
    r"(?:号码?|编号)?[是为:：# ]{0,3}$"
    r"|(?:编|券|票|合同|保单|兑换|回执|车架|警|受理|办理|取[件货]|提货|核销|验证)(?:号码?|编号|码)[是为:：# ]{0,3}$"
    r"|(?:订单|运单|快递单|流水|QQ|qq|扣扣|许可证|工单|序列|条形?码)[号码编]{0,2}[是为:：# ]{0,3}$"
)
_NO_PHONE_GOES_ON = frozenset("@*元圆块")
_WRITTEN_DIGIT = re.compile(r"[0-9]")
_IN_FOURS = re.compile(r"\d{4}[ -]\d{4}[ -]$"), re.compile(r"\d{4}[ -]")
_IN_AN_ADDRESS = re.compile(r"[A-Za-z][-_=/.?&]$")
_ACCOUNT = re.compile(r"(?:微信|账|帐)号?[是为:： ]{0,2}[A-Za-z]+$")
_PHONE_WORD = re.compile(r"(?:tel|phone|mobile|mob|call|vx|wx|v)[.:： =/-]*$", re.IGNORECASE)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# Every digit of any script is named: a class that holds \d is looked for half as fast.
_DIGITS = "".join(chr(code) for code in range(0x10000) if chr(code).isdecimal())
_SAID_DIGITS, _SEPARATORS = f"{_DIGITS}幺一二三四五六七八九零洞〇拐勾壹贰叁肆伍陆柒捌玖", " ·.,，、()（）—-"
_ROW = re.compile(f"[{_SAID_DIGITS}][{_SAID_DIGITS}{_SEPARATORS}]{{6}}")
_SEVEN = re.compile(f"[{_SAID_DIGITS}][{_SEPARATORS}]{{0,3}}(?:[{_SAID_DIGITS}][{_SEPARATORS}]{{0,3}}){{6}}")
_CONTEXT = 12
_LONG_AREA = 4
_METROPOLITAN = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A number with its place in the text; `sure` is False where it only looks like one (it is masked all the same)."""

    start: int
    end: int
    digits: str
    sure: bool = True


def holds_numbers(text: str) -> bool:
    """Whether a run of seven digits, written or spoken, stands in it: without one there is nothing to look for."""
    return _ROW.search(text) is not None and _SEVEN.search(text) is not None


def spoken_digits(text: str) -> str:
    """The text with spoken digits (幺三九, 洞) written as digits, character by character: places stay the same."""
    return text.translate(_SPOKEN)


def _digits(text: str) -> str:
    """Digits only."""
    return "".join(char for char in text if char.isdigit())


def _is_phone(text: str, start: int, end: int) -> bool:
    """Whether the words before and the characters around speak of a telephone.

    An order or a QQ number is none, nor is a part of an address (thread-139…-1-1.html), nor an account's name made of
    letters and digits (微信号wx139…).
    """
    before = text[max(0, start - _CONTEXT) : start]
    after = text[end : end + 1]
    if after in _NO_PHONE_GOES_ON or (after.isascii() and after.isalpha()):
        return False
    if before[-1:] in {"*", "@", "_"} or (before[-1:].isascii() and before[-1:].isalpha()):
        return bool(_PHONE_WORD.search(before)) and not _ACCOUNT.search(before)
    if _IN_FOURS[0].search(before) and _IN_FOURS[1].match(text, start):
        return False  # A bank card's number, written in groups of four.
    if _IN_AN_ADDRESS.search(before) and not _PHONE_WORD.search(before):
        return False
    return not _NO_PHONE.search(before)


def _landline(match: re.Match[str]) -> str:
    """Area code and number, or nothing where the lengths do not fit each other."""
    return _fitting(match[1] or match[2] or "0" + match[3], _digits(match[4]))


def _read_landline(match: re.Match[str]) -> str:
    """Area code and number of a landline read out loud."""
    digits = _digits(match[0])
    cut = 3 if digits[1] in "12" else _LONG_AREA
    return _fitting(digits[:cut], digits[cut:]) if digits[cut] in "2345678" else ""


def _apart_digits(match: re.Match[str]) -> str:
    """A number whose digits stand apart, if they make one."""
    digits = _digits(match[0])
    if _WHOLE.fullmatch(digits):
        return digits
    return _read_landline(match) if digits[0] == "0" else ""


def _fitting(area: str, number: str) -> str:
    """Both together, or nothing where their lengths do not fit each other or no area begins so."""
    if area.startswith("01") and area != "010":
        return ""
    long_area = len(area) == _LONG_AREA
    lengths = (_METROPOLITAN - 1, _METROPOLITAN) if long_area else (_METROPOLITAN,)
    if long_area == area.startswith(("01", "02")) or len(number) not in lengths:
        return ""
    return area + number


def _spoken(text: str, match: re.Match[str]) -> bool:
    """Whether the digits of a match were spoken, none of them written."""
    return not _WRITTEN_DIGIT.search(text, *match.span())


def find_phones(text: str, written: str) -> list[Found]:
    """Telephone numbers in order; `written` is `spoken_digits(text)`."""
    shaped = [(match, _digits(match[1])) for match in _MOBILE.finditer(written)]
    shaped += [(match, _landline(match)) for match in _LANDLINE.finditer(written)]
    shaped += [(match, _digits(match[1])) for match in _SERVICE.finditer(written)]
    shaped += [(match, _digits(match[0])) for match in _READ_OUT.finditer(written) if _spoken(text, match)]
    read_out = ((_READ_SERVICE, lambda match: _digits(match[0])), (_READ_LANDLINE, _read_landline))
    for pattern, read in read_out:
        shaped += [(match, read(match)) for match in pattern.finditer(written) if _spoken(text, match)]
    shaped += [(match, _apart_digits(match)) for match in _APART.finditer(written)]
    found = [Found(*match.span(), digits, _is_phone(text, *match.span())) for match, digits in shaped if digits]
    found.extend(Found(*match.span(1), match[1], sure=False) for match in _BARE.finditer(written))
    return _apart(found)


def _apart(found: list[Found]) -> list[Found]:
    """In order of place, without overlaps: the longer reading of the same digits stays."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept


def valid_id(number: str) -> bool:
    """Whether 18 characters are an identity number: birth date, check digit (GB 11643-1999); any region."""
    if len(number) != 18 or not number[:17].isdigit():  # noqa: PLR2004 - the standard's length
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == number[17].upper()


def find_ids(written: str) -> list[Found]:
    """Everything shaped like an identity number; `sure` only with a valid check digit."""
    found = []
    for match in _ID.finditer(written):
        number = _SAID_X.sub("X", match[0].replace(" ", "").replace("-", "").upper())
        found.append(Found(match.start(), match.end(), number, valid_id(number)))
    return found
