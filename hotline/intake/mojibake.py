"""Garbled text that can be read again: UTF-8 taken for Latin-1, Windows-1252 or GBK, and GBK taken for Latin-1.

Only what surely was Chinese is repaired; anything else stays as it came. Sure means: the bytes decode, what they give
is made of everyday characters (the first level of GB 2312), and what stood there was not.
"""

from __future__ import annotations

import re
from functools import cache

_LATIN = "[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
_LATIN_RUN = re.compile(f"{_LATIN}{_LATIN}{_LATIN}+")  # Not {3,}: a class at the front is looked for much faster.
_LATIN_PAIRS = re.compile(f"{_LATIN}{_LATIN}+")
_HAN = re.compile("[\u4e00-\u9fff]")
_WIDE_RUN = re.compile("[^\x00-\x7f](?:[^\x00-\x7f]|\\?(?=[^\x00-\x7f])){2,}")
_HOLES = re.compile("\ufffd+")
_FIRST_LEVEL = (b"\xb0\xa1", b"\xd7\xf9")
_PUNCTUATION = (b"\xa1\xa1", b"\xa3\xfe")
_EURO = "\u20ac".encode("gb18030")
_MIN_SIGNS, _MIN_GBK, _MANY = 2, 3, 6
_OFTEN = frozenset(
    "的一是了我不在人有他这个上们来到时大为中你说年着就那和要出也得里后会家可下过天去能对多没成事把还用样想开给"
    "买卖假货商店品钱元公司投诉举报退款标号电话厂价质量权产销售打问让请市区注册专利冒书网包装收发现月日"
)


@cache
def signs() -> re.Pattern[str]:
    """Characters beyond GB 2312 that UTF-8 read as GBK turns Chinese into, and hardly any text holds."""
    heads, tails = (*range(0xE4, 0xEA), 0xEF), range(0x80, 0xA1)
    pairs = [bytes((head, tail)) for head in heads for tail in tails]
    pairs += [bytes((tail, second)) for tail in range(0x81, 0xA1) for second in (*heads, *range(0x80, 0xC0))]
    pairs += [bytes((tail, second)) for tail in range(0xA8, 0xC0) for second in tails]
    found = "".join(pair.decode("gbk", errors="ignore") for pair in pairs)
    return re.compile(f"[{re.escape(found)}]")


def _latin_bytes(run: str) -> bytes:
    """The bytes a Windows-1252 reader saw; undefined ones stand for themselves."""
    out = bytearray()
    for char in run:
        try:
            out += char.encode("cp1252")
        except UnicodeEncodeError:
            out.append(ord(char) & 0xFF)
    return bytes(out)


def _everyday(char: str) -> bool:
    """Whether a character is of the first level of GB 2312, or Chinese punctuation, or ASCII."""
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(code) == 1 or _FIRST_LEVEL[0] <= code <= _FIRST_LEVEL[1] or _PUNCTUATION[0] <= code <= _PUNCTUATION[1]


def _share(text: str) -> float:
    """What part of a text is everyday characters."""
    return sum(map(_everyday, text)) / len(text) if text else 0.0


def _from_latin(match: re.Match[str]) -> str:
    """One run of Latin letters, read again as UTF-8 if that gives Chinese."""
    fixed = _latin_bytes(match[0]).decode("utf-8", errors="replace")
    lost, readable = fixed.count("\ufffd"), len(_HAN.findall(fixed))
    return fixed.replace("\ufffd", "") if readable and lost * 2 <= readable else match[0]


def _gbk_of(run: str) -> str | None:
    """A run of Latin letters read as GBK, where each pair of them makes an everyday character."""
    try:
        fixed = _latin_bytes(run).decode("gb2312")
    except UnicodeDecodeError:
        return None
    return fixed if _share(fixed) >= 0.8 else None  # noqa: PLR2004 - a name may hold a rarer character


def _surely_gbk(fixed: str) -> bool:
    """Whether it is Chinese and not by chance: several characters, some of which hardly any text is without."""
    distinct = set(_HAN.findall(fixed))
    if len(distinct) < _MIN_GBK:
        return False
    return len(distinct) >= _MANY or len(distinct & _OFTEN) * 5 >= len(distinct)


def _from_latin_gbk(text: str) -> str:
    """A text whose runs of Latin letters are GBK; the short ones only beside one that leaves no doubt."""
    runs = [(run, _gbk_of(run)) for run in _LATIN_PAIRS.findall(text)]
    if not _surely_gbk("".join(fixed for _, fixed in runs if fixed)):
        return text
    if sum(len(run) for run, fixed in runs if not fixed) * 4 > sum(len(run) for run, _ in runs):
        return text
    return _LATIN_PAIRS.sub(lambda match: _gbk_of(match[0]) or match[0], text)


def _from_gbk(match: re.Match[str]) -> str:
    """One run of rare characters, read again as UTF-8 if nearly all of it decodes into everyday ones."""
    run = match[0]
    found = len(signs().findall(run))
    if not found or found * 5 < len(run) or _share(run) > 0.6:  # noqa: PLR2004 - good text has about 0.95, broken 0.2
        return run
    # The euro sign is the byte 0x80 of Windows' reader; U+FFFD is a byte that was lost, and 0xFF stands in no UTF-8.
    parts = (part.encode("gb18030", "ignore").replace(_EURO, b"\x80") for part in _HOLES.split(run))
    fixed, lost = _HOLES.subn("", b"\xff".join(parts).decode("utf-8", errors="replace"))
    readable = len(_HAN.findall(fixed))
    if readable < _MIN_SIGNS or lost * 3 > readable or (lost and found < _MIN_SIGNS):
        return run
    return fixed if _share(fixed) > 0.7 else run  # noqa: PLR2004 - names and places may hold rarer characters


def repair(text: str) -> str:
    """Repair what can be repaired; the same object comes back where nothing was wrong."""
    if text.isascii():
        return text
    fixed = text
    if _LATIN_RUN.search(text):
        fixed = _LATIN_RUN.sub(_from_latin, text)
        if fixed == text:
            fixed = _from_latin_gbk(text)
    if signs().search(fixed):
        fixed = _WIDE_RUN.sub(_from_gbk, fixed)
    return fixed
