"""Any file a call centre exports → rows. Form and encoding are recognised by content, never by the file's name.

Text is read chunk by chunk. A workbook is held whole: it is packed, and `workbooks.MAX_UNPACKED` bounds it.
"""

from __future__ import annotations

import io
from itertools import chain
from typing import TYPE_CHECKING

from hotline.errors import UnusableFileError
from hotline.intake import delimited, encodings, jsonl, markup, workbooks
from hotline.intake.rows import RawRow, Reading, RefusedRow, Row

if TYPE_CHECKING:
    from typing import IO

    from hotline.intake.channels import Channel

__all__ = ["RawRow", "Reading", "RefusedRow", "Row", "read_table", "top_rows"]

_NOTHING = b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"


def read_table(content: bytes | IO[bytes], channel: Channel) -> Reading:
    """Open a file: CSV, TSV, XLSX, XLS (also one that is HTML or XML in truth), JSON or JSON Lines.

    In UTF-8, GB18030 or UTF-16.

    Args:
        content: The bytes, or a stream that can seek; it must stay open while the records are read.
        channel: Whose field names are known.

    Raises:
        UnusableFileError: The file is empty, binary, or has no column that holds the complaint.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    stream.seek(0)
    if workbooks.is_workbook(stream.read(workbooks.SIGN)):
        stream.seek(0)
        header, found = workbooks.open_workbook(stream.read(), channel)
        return Reading("workbook", "", found, header)
    stream.seek(0)
    if not any(piece.strip(_NOTHING) for piece in iter(lambda: stream.read(encodings.CHUNK), b"")):
        message = "文件是空的。请重新导出后再导入。"
        raise UnusableFileError(message, file="空文件")
    chunks, encoding = encodings.open_text(stream)
    begin = _beginning(chunks)
    if not begin:
        message = "文件里只有空白。请重新导出后再导入。"
        raise UnusableFileError(message, file="空文件")
    if jsonl.looks_like_json(begin):
        return Reading("json", encoding, jsonl.read_json(chunks, channel))
    if markup.looks_like_markup(begin):
        header, found = markup.open_markup(chunks, channel)
        return Reading("markup", encoding, found, header)
    header, found = delimited.open_delimited(chunks, channel)
    return Reading("delimited", encoding, found, header)


def top_rows(content: bytes) -> list[list[str]]:
    """The first rows of a table as they stand, where it could be opened but no column of it is known."""
    if workbooks.is_workbook(content[: workbooks.SIGN]):
        return workbooks.top_rows(content)
    chunks, _ = encodings.open_text(io.BytesIO(content))
    if markup.looks_like_markup(_beginning(chunks)):
        return markup.top_rows(chunks)
    return delimited.top_rows(chunks)


def _beginning(chunks: encodings.Chunks) -> str:
    """The text from its first character that is no blank, long enough to tell its form; empty where there is none."""
    pieces = chunks()
    first = next((piece.lstrip() for piece in pieces if piece.strip()), "")
    return "".join(chain([first], (piece for piece, _ in zip(pieces, range(1), strict=False))))
