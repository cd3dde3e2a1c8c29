"""CSV and TSV: records with the line they begin on and their original text, also where the file was cut."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from hotline.errors import UnusableFileError
from hotline.intake import rows
from hotline.intake.encodings import broken
from hotline.intake.rows import RawRow, RefusedRow, Row
from hotline.intake.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hotline.intake.channels import Channel
    from hotline.intake.encodings import Chunks

DELIMITERS = (",", "\t", ";", "|", "，")
_QUOTED = re.compile(r'[ ]?"([^"]*(?:""[^"]*)*)"')
_OPEN = re.compile(r'[ ]?"')
_NEWLINE = re.compile(r"\r\n|\r|\n")
NO_TEXT_COLUMN = "没有找到诉求内容一列。请确认表头中有“诉求内容”“投诉内容”“反映内容”或“举报内容”，改好后重新导入。"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its cells, where it begins, its text, and whether a quote was left open."""

    cells: list[str]
    line: int
    raw: str
    cut: bool = False


def parse(chunks: Iterator[str], delimiter: str) -> Iterator[Record]:
    """Records in order (RFC 4180; a quote inside an unquoted cell is plain text)."""
    plain = re.compile(f"[^\r\n{re.escape(delimiter)}]*")
    window = Window(chunks)
    window.more(0)
    at, line = 0, 1
    while at < len(window.text):
        cells, last, end, cut, sure = _cells(window.text, at, delimiter, plain)
        if not (window.ended or (sure and end < len(window.text))):
            window.more(at)  # It may go on.
            at = 0
            continue
        yield Record(cells, line, window.text[at:last], cut)
        line += len(_NEWLINE.findall(window.text, at, end))
        at = end


def _cells(text: str, at: int, delimiter: str, plain: re.Pattern[str]) -> tuple[list[str], int, int, bool, bool]:
    """The cells of the record at a place, where they end, where the next begins, and whether a quote was left open.

    The last says whether more text could not change this: a quote that ends between two others may end later.
    """
    cells: list[str] = []
    sure = True
    while True:
        quoted = _QUOTED.match(text, at)
        if quoted is None and _OPEN.match(text, at):
            return [*cells, text[at:]], len(text), len(text), True, False
        sure = sure and not (quoted and text.startswith('"', quoted.end()))
        value = quoted[1].replace('""', '"') if quoted else ""
        tail = plain.match(text, quoted.end() if quoted else at)
        at = tail.end() if tail else len(text)
        cells.append(value + (tail[0] if tail else ""))
        if not text.startswith(delimiter, at):
            break
        at += 1
    newline = _NEWLINE.match(text, at)
    return cells, at, newline.end() if newline else at, False, sure


def _choose(chunks: Chunks, channel: Channel) -> tuple[str, int, list[str]]:
    """The delimiter under which a header is recognised with most columns, the header's index, and the header."""
    best: tuple[int, str, int, list[str]] | None = None
    for delimiter in DELIMITERS:
        head = [record.cells for record in islice(parse(chunks(), delimiter), rows.HEADER_SEARCH)]
        index = rows.find_header(head, channel)
        if index is not None:
            known = sum(1 for field in rows.mapping(head[index], channel) if field)
            score = known * 100 + len(head[index])
            if best is None or score > best[0]:
                best = (score, delimiter, index, head[index])
    if best is None:
        raise UnusableFileError(NO_TEXT_COLUMN, file="没有诉求内容列")
    return best[1:]


def top_rows(chunks: Chunks) -> list[list[str]]:
    """The first records, parted by the delimiter that gives the widest one."""
    found = [
        [record.cells for record in islice(parse(chunks(), delimiter), rows.HEADER_SEARCH)] for delimiter in DELIMITERS
    ]
    return max(found, key=lambda records: max(map(len, records), default=0))


def _fault(record: Record, width: int) -> str:
    """Why a record cannot be used; empty where it can."""
    if record.cut:
        return "引号没有闭合，文件可能在此处被截断。请补全这一条后重新导入。"
    if broken(record.raw):
        return "含有无法识别的字符（编码错误或文件被截断）。请用 UTF-8 重新导出这一条。"
    if len(record.cells) != width:
        return f"列数不对：表头 {width} 列，这一条 {len(record.cells)} 列。请补齐或去掉多余的分隔符后重新导入。"
    return ""


def open_delimited(chunks: Chunks, channel: Channel) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Column names, and the rows below; blank lines, totals and repeated headers are passed over and not counted.

    Raises:
        UnusableFileError: No header names a text column.
    """
    delimiter, index, header = _choose(chunks, channel)
    return tuple(header), _rows(parse(chunks(), delimiter), index, header, channel)


def _rows(records: Iterator[Record], index: int, header: list[str], channel: Channel) -> Iterator[Row]:
    """The rows, once the header is known."""
    fields = rows.mapping(header, channel)
    count = 0
    for record in islice(records, index + 1, None):
        if rows.is_blank(record.cells) or record.cells == header:
            continue
        if rows.is_totals(record.cells) and not record.cut:
            continue
        count += 1
        if reason := _fault(record, len(header)):
            yield RefusedRow(count, record.line, reason, record.raw)
        else:
            yield RawRow(count, record.line, rows.to_fields(fields, record.cells), record.raw)
