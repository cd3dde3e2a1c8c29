"""Cleaned text: what people and the classifier read beside the untouched original.

Every expression here is linear: bounded repeats, no nested ones, so that hostile input costs no more than its length.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache
from typing import NamedTuple, Protocol

from hotline.intake import mojibake

_INVISIBLE = (
    *(*range(0x20), 0x7F, *range(0x80, 0xA0), 0xAD, 0x61C, 0x180E),
    *(*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF),
    *(*range(0xFFF9, 0x10000), *range(0x300, 0x370), *range(0x20D0, 0x2100)),
    *(*range(0xE0000, 0xE0200), *range(0xD800, 0xE000)),
)
_SPACES = [0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x09, 0x0B, 0x0C]
_EMOJI = [*range(0x2600, 0x27C0), *range(0x2B00, 0x2C00), *range(0x1F000, 0x20000), 0x231A, 0x231B, 0x23E9, 0x23F0]
_WIDE = "０１２３４５６７８９－．＠／＋％＝＿＆＃＊"


def _table() -> dict[int, str]:
    """One translation for everything that is dropped, spaced or made half-width."""
    table = dict.fromkeys(_INVISIBLE, "") | dict.fromkeys(_SPACES, " ") | dict.fromkeys(_EMOJI, "")
    table |= {ord(char): chr(ord(char) - 0xFEE0) for char in _WIDE}
    table |= {code: chr(code - 0xFEE0) for code in [*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}
    return table | {0x0A: "\n", 0x0D: "\n", 0x2028: "\n", 0x2029: "\n", ord("￥"): "¥"}


_TABLE = _table()


def _char_class(codes: list[int]) -> re.Pattern[str]:
    """One class of ranges for all these characters, so that a plain text costs one fast look."""
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and ranges[-1][1] + 1 == code:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return re.compile("[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]")


_ODD = _char_class([code for code in _TABLE if code != ord("\n")])
# What nearly all texts are made of, and punctuation that does not change in company of its like.
_EVERYDAY = (*range(0x20, 0x7F), 0x0A, *range(0x2010, 0x2028), *range(0x3001, 0x3020), *range(0x4E00, 0xA000))
_EVERYDAY += tuple(range(0xFF00, 0xFF60))
_FOR_MARKUP, _FOR_NOISE = "<&", "[（(【锟"
# Looks that come before costlier ones begin with a plain class of characters: only then does the engine skip what
# cannot match without trying it.
_MARKS = r"[!?！？。，,、;；:：~～.…—=_#|\\^+@$%&*-]"
_RUN = re.compile(_MARKS + _MARKS)
_NOISE_SIGN = re.compile(f"[{re.escape(_FOR_NOISE)}]")
_TAG_NAMES = (
    "a|abbr|article|b|blockquote|body|br|button|center|code|dd|div|dl|dt|em|font|form|h[1-6]|head|header|hr|html|i|"
    "iframe|img|input|label|li|link|meta|object|ol|option|p|pre|s|script|section|select|small|span|strong|style|sub|"
    "sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|video|audio|nav|footer|main"
)
_TAG = re.compile(rf"</?(?:{_TAG_NAMES})(?:[\s/][^<>]{{0,2000}})?>|<!--[^<>]{{0,2000}}-->", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:br|p|div|li|tr|h[1-6]|table|ul|ol)\b", re.IGNORECASE)
_CALLED = re.compile(r"[!?！？]{2,}")
_REPEATED = re.compile(r"([。，,、;；:：~～])\1+")
_DOTS = re.compile(r"\.{4,}|…{3,}|—{3,}")
_RULES = re.compile(r"[=_#|\\^+-]{4,}|\*{7,}|[@#$%^&*~|\\]{5,}")
_NOISE = re.compile(r"[\[（(【](?:杂音|噪音|噪声|静音|无声|电流声|停顿|听不清|嘈杂)[\])）】]|(?:锟斤拷)+")
_BLANKS = re.compile(r"[ ]{2,}")
_LINES = re.compile(r" ?\n[ \n]*")
_HAN_WORD = r"[\u4e00-\u9fff〇]"
_APART = 6
_SPACED_OUT = re.compile(rf"(?:{_HAN_WORD}{{1,4}} ){{{_APART}}}")
_SAID = "幺一二两三四五六七八九零洞〇拐勾"
_WORD_GAP = re.compile(rf"(?<={_HAN_WORD}) (?={_HAN_WORD})(?!(?<=[{_SAID}] )[{_SAID}])")
_SURNAME_YU = re.compile(
    r"(?<=[姓叫])於|於(?=先生|女士|小姐|某|老师|经理|师傅|老板|太太|[\u4e00-\u9fff]{1,2}(?:先生|女士))"
)
_YU_MARK, _BAD_MARK = "\ue000", "\ue001"
_HAN_BLOCKS = ((0x3400, 0xA000), (0xF900, 0xFB00))  # Beyond the basic plane a class of characters is slow.


class _Converter(Protocol):
    """What we use of OpenCC."""

    def convert(self, text: str) -> str:
        """Give the text in the other script."""


class Cleaned(NamedTuple):
    """Cleaned text, and whether garbled characters (mojibake) were repaired in it."""

    text: str
    repaired: bool = False


@cache
def _converter() -> _Converter:
    """OpenCC's phrase tables, loaded at first use (they keep 乾隆 and 瞭望)."""
    from opencc import OpenCC  # noqa: PLC0415 - loading takes longer than most commands need

    converter: _Converter = OpenCC("t2s")
    return converter


@cache
def _traditional() -> re.Pattern[str]:
    """Any character that OpenCC changes where it stands alone: a text without one is in simplified script already."""
    characters = [chr(code) for block in _HAN_BLOCKS for code in range(*block)]
    simplified = _converter().convert("\n".join(characters)).split("\n")
    return _char_class([ord(old) for old, new in zip(characters, simplified, strict=True) if old != new])


@cache
def _strange() -> re.Pattern[str]:
    """Any character that can give the repair of mojibake, markup, the table, a normal form, the script or noise work.

    Of a text without one, as nearly all are, only the punctuation and the blanks are looked at.
    """
    working = re.compile(f"[{re.escape(_FOR_MARKUP + _FOR_NOISE)}]|{_traditional().pattern}|{mojibake.signs().pattern}")
    plain = [code for code in _EVERYDAY if (code not in _TABLE or chr(code) == "\n") and not working.search(chr(code))]
    return re.compile(_char_class(plain).pattern.replace("[", "[^", 1))


def simplify(text: str) -> str:
    """Traditional to simplified script; 於 stays where it is a surname, and what is simplified already stays as it is.

    OpenCC's phrases take some simplified words for traditional ones (打坏 would become 打坯), so that a text without a
    traditional character is not given to it, and 坏 is kept from it.
    """
    if not _traditional().search(text):
        return text
    if "於" in text:
        text = _SURNAME_YU.sub(_YU_MARK, text)
    text = _converter().convert(text.replace("坏", _BAD_MARK))
    return text.replace(_YU_MARK, "於").replace(_BAD_MARK, "坏")


def _markup(text: str) -> str:
    """Drop HTML tags, then read entities once: what was escaped stays as plain text."""
    if "<" in text:
        text = _TAG.sub(lambda tag: "\n" if _BLOCK.match(tag[0]) else "", text)
    return html.unescape(text) if "&" in text else text


def _dots(match: re.Match[str]) -> str:
    """Shorten a long run of dots or dashes to its usual length."""
    return "..." if match[0][0] == "." else match[0][:2]


def _punctuation(text: str) -> str:
    """Collapse repeated punctuation and rulers."""
    if not _RUN.search(text):
        return text
    text = _CALLED.sub(lambda run: "".join(dict.fromkeys(run[0])), text)
    text = _DOTS.sub(_dots, _REPEATED.sub(r"\1", text))
    return _RULES.sub(" ", text)


def _blanks(text: str) -> str:
    """One blank for several, and none between the words that a speech-to-text put apart (我 在 杭州 市 买 的).

    Between spoken digits it stays: it parts one number from the next.
    """
    if "  " in text:
        text = _BLANKS.sub(" ", text)
    return _WORD_GAP.sub("", text) if text.count(" ") >= _APART and _SPACED_OUT.search(text) else text


def _readable(text: str) -> str:
    """A text without markup, odd characters and the traditional script."""
    text = _markup(text)
    if _ODD.search(text):
        text = text.translate(_TABLE)
    return simplify(unicodedata.normalize("NFC", text))


def clean(text: str) -> Cleaned:
    """Clean a text for reading: never fails, in time proportional to its length."""
    fixed = plain = text
    strange = _strange().search(text) is not None
    if strange:
        fixed = mojibake.repair(text)
        plain = _readable(fixed)
    plain = _punctuation(plain)
    if strange and _NOISE_SIGN.search(plain):
        plain = _NOISE.sub("", plain)
    if " " in plain:
        plain = _blanks(plain)
    if "\n" in plain:
        plain = _LINES.sub("\n", plain)
    return Cleaned(plain.strip(), fixed != text)
