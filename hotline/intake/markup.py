"""Tables that call-centre systems write as HTML or SpreadsheetML and name .xls: Excel opens them, so people send them.

Read chunk by chunk with a reader of our own, as the standard library's takes time by the square of hostile markup.
Only rows, cells and line breaks are known; nothing is fetched or run.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from hotline.errors import UnusableFileError
from hotline.intake import rows
from hotline.intake.delimited import NO_TEXT_COLUMN
from hotline.intake.encodings import broken
from hotline.intake.rows import RawRow, RefusedRow, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hotline.intake.channels import Channel
    from hotline.intake.encodings import Chunks

_BEGIN = re.compile(
    r"\s*(?:<!--[^>]{0,500}-->\s*)?<(?:!doctype\s+html|html|head|meta|table|\?xml|workbook)\b", re.IGNORECASE
)
_ROW, _CELL = frozenset({"tr", "row"}), frozenset({"td", "th", "cell"})
_BREAK = frozenset({"br", "p", "div", "li"})
_UNSEEN = frozenset({"script", "style", "comment", "title"})
_TOKEN = re.compile(r"<!--|-->|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9:]{0,30})(?P<rest>[^<>]{0,4000})>")
_ATTRIBUTE = re.compile(r"([A-Za-z:-]{1,40})\s*=\s*[\"']?([^\"'\s>]{0,40})")
_LONGEST_TAG = 4100
_MARK = 3
"""Characters of the longest mark (-->) that two chunks may share."""
_BLANKS = re.compile(r"[ \t\r]*\n[ \t\r]*")
_MOST_COLUMNS = 256
_CUT = "这一行没有写完，文件可能在此处被截断。请补全后重新导入。"
_BAD_BYTES = "含有无法识别的字符（编码错误或文件被截断）。请重新导出这一条。"


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its cells, where it begins, which columns a cell above reaches into, and whether it was cut."""

    cells: list[str]
    line: int
    carried: frozenset[int] = frozenset()
    cut: bool = False


def looks_like_markup(text: str) -> bool:
    """Whether a text begins as an HTML page or an XML workbook does."""
    return _BEGIN.match(text) is not None


def _span(attributes: Mapping[str, str], across: str, more: str) -> int:
    """How many columns or rows a cell takes: HTML counts all of them, SpreadsheetML those beyond the first."""
    if (whole := attributes.get(across, "")).isdecimal():
        return min(max(int(whole), 1), _MOST_COLUMNS)
    extra = attributes.get(more, "")
    return 1 + min(int(extra), _MOST_COLUMNS) if extra.isdecimal() else 1


class _Table:
    """Gathers the rows of every table in the order of the text."""

    def __init__(self) -> None:
        """Begin before the first row."""
        self.done: list[Line] = []
        self._cells: list[str] | None = None
        self._text: list[str] | None = None
        self._unseen, self._comment = 0, False
        self._begin = 1
        self._below: dict[int, tuple[int, str]] = {}
        self._carried: set[int] = set()
        self._size = (1, 1)

    def feed(self, text: str, line: int) -> None:
        """Read on in a text that tears no tag and begins on this line."""
        at = 0
        for token in _TOKEN.finditer(text):
            if self._text is not None and not self._unseen and not self._comment:
                self._text.append(text[at : token.start()])
            line, at = line + text.count("\n", at, token.end()), token.end()
            if token["name"] is None:
                self._comment = token[0] == "<!--"
            elif not self._comment:
                self._tag(token["name"].lower(), token["rest"], line, end=bool(token["end"]))
        if self._text is not None and not self._unseen and not self._comment:
            self._text.append(text[at:])

    def _tag(self, tag: str, rest: str, line: int, *, end: bool) -> None:
        """A row, a cell or a line break begins or ends."""
        if tag in _UNSEEN:
            self._unseen = max(self._unseen + (-1 if end else 1), 0)
        elif tag in _ROW or (end and tag in {"table", "worksheet"}):
            self.end_row()
            if not end and not rest.endswith("/"):
                self._cells, self._begin, self._carried = [], line, set()
        elif tag in _CELL and self._cells is not None:
            self._end_cell()
            if not end:
                self._begin_cell({name.lower(): value for name, value in _ATTRIBUTE.findall(rest)})
                if rest.endswith("/"):
                    self._end_cell()
        elif tag in _BREAK and self._text:
            self._text.append("\n")

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        """Leave out the columns that a cell above reaches into, or that SpreadsheetML skips, and begin a text."""
        cells = self._cells
        if cells is None:
            return
        place = attributes.get("ss:index", "")
        wanted = min(int(place), _MOST_COLUMNS) - 1 if place.isdecimal() else 0
        while len(cells) in self._below or len(cells) < wanted:
            cells.append(self._from_above(len(cells)))
        self._size = (_span(attributes, "colspan", "ss:mergeacross"), _span(attributes, "rowspan", "ss:mergedown"))
        self._text = []

    def _from_above(self, column: int) -> str:
        """The value of a cell that reaches down into this column; empty where there is none."""
        left, value = self._below.pop(column, (0, ""))
        if left > 1:
            self._below[column] = (left - 1, value)
        if left:
            self._carried.add(column)
        return value

    def _end_cell(self) -> None:
        """Put the text of the cell into the row."""
        if self._text is None or self._cells is None:
            return
        value = _BLANKS.sub("\n", html.unescape("".join(self._text))).strip()
        across, down = self._size
        if down > 1:
            self._below[len(self._cells)] = (down - 1, value)
        self._cells += [value, *[""] * (across - 1)][: _MOST_COLUMNS - len(self._cells)]
        self._text = None

    def end_row(self, *, cut: bool = False) -> None:
        """Hand on the row, if one is open."""
        self._end_cell()
        if self._cells is None:
            return
        for column in sorted(self._below):
            if column >= len(self._cells):
                self._cells += [""] * (column - len(self._cells)) + [self._from_above(column)]
        self.done.append(Line(self._cells, self._begin, frozenset(self._carried), cut))
        self._cells = None


def _untorn(chunks: Iterator[str]) -> Iterator[tuple[str, int]]:
    """The text in pieces that tear neither a tag nor the mark of a comment, each with the line it begins on."""
    rest, line = "", 1
    for chunk in chunks:
        text = rest + chunk
        last = text.rfind("<")
        open_tag = last >= 0 and text.find(">", last) < 0 and len(text) - last < _LONGEST_TAG
        limit = last if open_tag else max(len(text) - _MARK, text.rfind(">") + 1)
        piece, rest = text[:limit], text[limit:]
        yield piece, line
        line += piece.count("\n")
    yield rest, line


def parse(chunks: Iterator[str]) -> Iterator[Line]:
    """The rows of every table; the last one is `cut` where the text ends inside it."""
    table = _Table()
    for text, line in _untorn(chunks):
        table.feed(text, line)
        yield from table.done
        table.done.clear()
    table.end_row(cut=True)
    yield from table.done


def top_rows(chunks: Chunks) -> list[list[str]]:
    """The first rows as they stand."""
    return [line.cells for line in islice(parse(chunks()), rows.HEADER_SEARCH)]


def open_markup(chunks: Chunks, channel: Channel) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Column names, and the rows below them.

    Raises:
        UnusableFileError: No row names a text column.
    """
    head = top_rows(chunks)
    index = rows.find_header(head, channel)
    if index is None:
        raise UnusableFileError(NO_TEXT_COLUMN, file="没有诉求内容列")
    return tuple(head[index]), _rows(islice(parse(chunks()), index + 1, None), head[index], channel)


def _rows(lines: Iterator[Line], header: list[str], channel: Channel) -> Iterator[Row]:
    """The rows, once the header is known; a text or an id is never taken from a cell above."""
    fields = rows.mapping(header, channel)
    own = frozenset(column for column, name in enumerate(fields) if name in {"text", "external_id"})
    count = 0
    for line in lines:
        if rows.is_blank(line.cells) or line.cells == header or (rows.is_totals(line.cells) and not line.cut):
            continue
        count += 1
        raw = json.dumps(line.cells, ensure_ascii=False)
        if line.cut or broken("".join(line.cells)):
            yield RefusedRow(count, line.line, _CUT if line.cut else _BAD_BYTES, raw)
            continue
        cells = ["" if column in own & line.carried else cell for column, cell in enumerate(line.cells)]
        yield RawRow(count, line.line, rows.to_fields(fields, cells), raw)
