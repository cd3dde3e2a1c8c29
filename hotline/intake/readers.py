"""Any file a call centre exports → rows. Form and encoding are recognised by content, never by the file's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.errors import UnusableFileError
from hotline.intake import delimited, encodings, jsonl, workbooks
from hotline.intake.rows import RawRow, Reading, RefusedRow, Row

if TYPE_CHECKING:
    from hotline.intake.channels import Channel

__all__ = ["RawRow", "Reading", "RefusedRow", "Row", "read_table"]


def read_table(content: bytes, channel: Channel) -> Reading:
    """Open a file: CSV, TSV, XLSX, XLS, JSON or JSON Lines; UTF-8, GB18030 or UTF-16.

    Raises:
        UnusableFileError: The file is empty, binary, or has no column that holds the complaint.
    """
    if workbooks.is_workbook(content):
        header, found = workbooks.open_workbook(content, channel)
        return Reading("workbook", "", found, header)
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        message = "文件是空的。请重新导出后再导入。"
        raise UnusableFileError(message, file="空文件")
    text, encoding = encodings.decode(content)
    if not text.strip():
        message = "文件里只有空白。请重新导出后再导入。"
        raise UnusableFileError(message, file="空文件")
    if jsonl.looks_like_json(text):
        return Reading("json", encoding, jsonl.read_json(text, channel))
    header = tuple(delimited.header_of(text, channel))
    return Reading("delimited", encoding, delimited.read_delimited(text, channel), header)
