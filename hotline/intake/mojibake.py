"""Garbled text that can be read again: UTF-8 taken for Latin-1 / Windows-1252, or for GBK.

Only what decodes into Chinese is repaired; anything else stays as it came.
"""

from __future__ import annotations

import re

_LATIN = "[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
_LATIN_RUN = re.compile(f"{_LATIN}{_LATIN}{_LATIN}+")  # Not {3,}: a class at the front is looked for much faster.
_HAN = re.compile("[\u4e00-\u9fff]")
# What the commonest UTF-8 characters (的是我在一个，。) turn into when read as GBK.
_GBK_SIGN = re.compile("[鐨鏄鎴鍦涓锛銆浠鍟璐]")
_WIDE_RUN = re.compile("[^\x00-\x7f]{4,}")
_MIN_SIGNS = 2


def _latin_bytes(run: str) -> bytes:
    """The bytes a Windows-1252 reader saw; undefined ones stand for themselves."""
    out = bytearray()
    for char in run:
        try:
            out += char.encode("cp1252")
        except UnicodeEncodeError:
            out.append(ord(char) & 0xFF)
    return bytes(out)


def _from_latin(match: re.Match[str]) -> str:
    """One run of Latin letters, read again as UTF-8 if that gives Chinese."""
    fixed = _latin_bytes(match[0]).decode("utf-8", errors="replace")
    lost, readable = fixed.count("\ufffd"), len(_HAN.findall(fixed))
    return fixed.replace("\ufffd", "") if readable and lost * 2 <= readable else match[0]


def _from_gbk(match: re.Match[str]) -> str:
    """One run of rare characters, read again as UTF-8 if nearly all of it decodes."""
    run = match[0]
    if len(_GBK_SIGN.findall(run)) < _MIN_SIGNS:
        return run
    fixed = run.encode("gb18030", errors="ignore").decode("utf-8", errors="replace")
    lost = fixed.count("\ufffd")
    readable = len(_HAN.findall(fixed))
    return fixed.replace("\ufffd", "") if readable >= _MIN_SIGNS and lost * 5 <= readable else run


def repair(text: str) -> str:
    """Repair what can be repaired; the same object comes back where nothing was wrong."""
    if text.isascii():
        return text
    fixed = _LATIN_RUN.sub(_from_latin, text)
    if len(_GBK_SIGN.findall(fixed)) >= _MIN_SIGNS:
        fixed = _WIDE_RUN.sub(_from_gbk, fixed)
    return fixed
