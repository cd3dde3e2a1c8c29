"""Bytes of a text file → text, the encoding found by content and not by the file's name.

A file is surveyed once and then read chunk by chunk, as often as it is asked for: a million rows cost no more memory
than ten thousand.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from hotline.errors import UnusableFileError

if TYPE_CHECKING:
    from typing import IO

Chunks: TypeAlias = Callable[[], Iterator[str]]
"""Gives the text of a file from its beginning, piece by piece, each time it is called."""

CHUNK = 256 * 1024
"""Bytes read at once; even, so that UTF-16 is not torn."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MAX_CONTROL_SHARE = 0.02
_ONE_SLIP = 1
"""A single NUL or control character is a slip of some program in one cell, which is cleaned of it."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_LOST = re.compile("[\udc80-\udcff]")
_SAMPLE = 4096
_TOLERATED = 20
_LONGEST_CHARACTER = 4
_ALLOWED = frozenset(b"\t\n\r\x0b\x0c\x1a\x1b")
NOT_TEXT = "文件不是文本表格，也不是可读的 Excel 文件。请导出为 CSV、XLSX 或 JSON Lines 后重新导入。"


def _utf16_without_bom(sample: bytes) -> str | None:
    """UTF-16 betrays itself by NULs on one side of every ASCII character."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 2 or min(even, odd) * 10 > max(even, odd):  # noqa: PLR2004 - a header has two ASCII characters
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def broken(text: str) -> bool:
    """Whether a text holds bytes that could not be decoded."""
    return not text.isascii() and bool(_SURROGATE.search(text))


def _pieces(stream: IO[bytes], skip: int) -> Iterator[bytes]:
    """The content behind its first `skip` bytes. Each reader keeps its own place, so that several may read at once."""
    at = skip
    while True:
        stream.seek(at)
        piece = stream.read(CHUNK)
        if not piece:
            return
        at += len(piece)
        yield piece


def _text(stream: IO[bytes], skip: int, encoding: str, errors: str = "surrogateescape") -> Iterator[str]:
    """The text piece by piece, undecodable bytes kept as surrogates."""
    wide = "16" in encoding
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass" if wide else errors)
    torn = False
    for piece in _pieces(stream, skip):
        torn = wide and len(piece) % 2 == 1  # Half a character, at the end only.
        if text := decoder.decode(piece[:-1] if torn else piece):
            yield text
    if rest := decoder.decode(b"", final=True) + ("\udc80" if torn else ""):
        yield rest


def _eight_bit(stream: IO[bytes], skip: int) -> str:
    """UTF-8 if it is or nearly is, else GB18030 likewise."""
    for encoding in ("utf-8", "gb18030"):
        try:
            for _ in _text(stream, skip, encoding, "strict"):
                pass
        except UnicodeDecodeError:
            lost, wide, last = 0, 0, ""
            for text in _text(stream, skip, encoding):
                lost += len(_LOST.findall(text))
                wide += len(text) - len(text.encode("ascii", "ignore"))
                last = text[-1:]
            if encoding == "utf-8" and _mostly_whole(_text(stream, skip, encoding)):
                return encoding
            good = wide - lost
            if lost * _TOLERATED <= good or (lost <= _LONGEST_CHARACTER and good >= lost and broken(last)):
                return encoding
        else:
            return encoding
    raise UnusableFileError(NOT_TEXT, file="无法识别的编码")


def _mostly_whole(chunks: Iterator[str]) -> bool:
    """Whether most lines with anything but ASCII decode: the others came from elsewhere, and only they are refused.

    A line of GB18030 decodes as UTF-8 by the rarest chance.
    """
    whole, spoilt = 0, 0
    wide = bad = False
    for chunk in chunks:
        for number, piece in enumerate(chunk.split("\n")):
            if number:  # The line before it is complete.
                whole, spoilt = whole + (wide and not bad), spoilt + bad
                wide = bad = False
            wide, bad = wide or not piece.isascii(), bad or broken(piece)
    return (spoilt + bad) * 2 <= whole + (wide and not bad)


def _utf16(stream: IO[bytes], skip: int, encoding: str) -> str:
    """UTF-16, if all of it is."""
    try:
        for _ in _text(stream, skip, encoding):
            pass
    except UnicodeDecodeError as error:
        raise UnusableFileError(NOT_TEXT, file="无法识别的编码") from error
    return encoding


def _survey(stream: IO[bytes]) -> tuple[str, int]:
    """The encoding, and how many bytes stand before the text."""
    stream.seek(0)
    sample = stream.read(_SAMPLE)
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            skip = len(bom)
            return _utf16(stream, skip, encoding) if "16" in encoding else _eight_bit(stream, skip), skip
    if encoding16 := _utf16_without_bom(sample):
        return _utf16(stream, 0, encoding16), 0
    sample = sample.rstrip(b"\x00")  # Some programs fill their last block with NULs.
    control = sum(1 for byte in sample if byte < 0x20 and byte not in _ALLOWED)  # noqa: PLR2004 - the C0 controls
    if sample[:64].count(0) > _ONE_SLIP or control > max(_ONE_SLIP, len(sample) * _MAX_CONTROL_SHARE):
        raise UnusableFileError(NOT_TEXT, file="二进制文件")
    return _eight_bit(stream, 0), 0


def open_text(stream: IO[bytes]) -> tuple[Chunks, str]:
    """The text of a file in chunks, and its encoding.

    Bytes that fit no character stand as surrogates, so that only their record is refused.

    Raises:
        UnusableFileError: The file is empty or binary.
    """
    encoding, skip = _survey(stream)
    return lambda: _text(stream, skip, encoding), encoding


def decode(content: bytes) -> tuple[str, str]:
    """A short file's text and encoding at once.

    Raises:
        UnusableFileError: The file is empty or binary.
    """
    chunks, encoding = open_text(io.BytesIO(content))
    return "".join(chunks()), encoding
