"""Bytes of a text file → text, the encoding found by content and not by the file's name."""

from __future__ import annotations

import codecs
import re

from hotline.errors import UnusableFileError

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MAX_CONTROL_SHARE = 0.02
_SURROGATE = re.compile("[\ud800-\udfff]")
_SAMPLE = 4096
_TOLERATED = 20
_LONGEST_CHARACTER = 4
_ALLOWED = frozenset(b"\t\n\r\x0b\x0c\x1a\x1b")
NOT_TEXT = "文件不是文本表格，也不是可读的 Excel 文件。请导出为 CSV、XLSX 或 JSON Lines 后重新导入。"


def _utf16_without_bom(content: bytes) -> str | None:
    """UTF-16 betrays itself by NULs on one side of every ASCII character."""
    sample = content[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 2 or min(even, odd) * 10 > max(even, odd):  # noqa: PLR2004 - a header has two ASCII characters
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def broken(text: str) -> bool:
    """Whether a text holds bytes that could not be decoded."""
    return not text.isascii() and bool(_SURROGATE.search(text))


def _lenient(content: bytes, encoding: str) -> tuple[str, int]:
    """The text with undecodable bytes kept as surrogates, and how many they are."""
    text = content.decode(encoding, errors="surrogateescape")
    return text, sum(1 for char in text if "\udc80" <= char <= "\udcff")


def _eight_bit(content: bytes) -> tuple[str, str]:
    """UTF-8 if it is or nearly is, else GB18030 likewise."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            text, lost = _lenient(content, encoding)
            good = sum(1 for char in text if char > "\x7f") - lost
            cut_short = lost <= _LONGEST_CHARACTER and good >= lost and broken(text[-1:])
            if lost * _TOLERATED <= good or cut_short:
                return text, encoding
    raise UnusableFileError(NOT_TEXT, file="无法识别的编码")


def _utf16(content: bytes, encoding: str) -> tuple[str, str]:
    """UTF-16; half a character at the end stays as a surrogate."""
    even = len(content) // 2 * 2
    try:
        text = content[:even].decode(encoding, errors="surrogatepass")
    except UnicodeDecodeError as error:
        raise UnusableFileError(NOT_TEXT, file="无法识别的编码") from error
    return text + ("\udc80" if even < len(content) else ""), encoding


def decode(content: bytes) -> tuple[str, str]:
    """Text and encoding. Bytes that fit no character stand as surrogates, so that only their record is refused.

    Raises:
        UnusableFileError: The file is empty or binary.
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            rest = content[len(bom) :]
            return _utf16(rest, encoding) if "16" in encoding else _eight_bit(rest)
    if encoding16 := _utf16_without_bom(content):
        return _utf16(content, encoding16)
    sample = content[:_SAMPLE]
    control = sum(1 for byte in sample if byte < 0x20 and byte not in _ALLOWED)  # noqa: PLR2004 - the C0 controls
    if b"\x00" in sample[:64] or control > len(sample) * _MAX_CONTROL_SHARE:
        raise UnusableFileError(NOT_TEXT, file="二进制文件")
    return _eight_bit(content)
