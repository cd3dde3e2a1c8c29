"""XLSX and old XLS workbooks: the first sheet with a recognisable header."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
import zlib
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum, ZipError

from hotline.errors import UnusableFileError
from hotline.intake import rows
from hotline.intake.delimited import NO_TEXT_COLUMN
from hotline.intake.rows import RawRow, Row
from hotline.intake.sheet_header import Header, Merge, header_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from python_calamine import CalamineSheet

    from hotline.intake.channels import Channel

MAX_UNPACKED = 256 * 1024 * 1024
_EXACT = 1e15
_CHUNK = 1024 * 1024
_PANIC = "PanicException"
"""What the library raises where it gives up on a spoilt file; it is no `Exception`."""
SIGN = 8
"""How many bytes tell a workbook."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN = "Excel 文件已损坏或加了密码，无法打开。请另存为新的 XLSX 或 CSV 后重新导入。"
_BOMB = "Excel 文件解压后过大，已拒绝打开。请拆成较小的文件，或导出为 CSV 后重新导入。"


_Owners: TypeAlias = "dict[tuple[int, int], tuple[int, int]]"
_Values: TypeAlias = "dict[tuple[int, int], str]"


def is_workbook(content: bytes) -> bool:
    """Whether the content begins as XLSX or XLS does."""
    return content.startswith((_ZIP, _OLE))


def _guard(content: bytes) -> None:
    """Refuse a zip that unpacks to more than `MAX_UNPACKED`, whatever its directory claims."""
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise UnusableFileError(_BOMB, file="解压后过大")
            for entry in archive.infolist():
                with archive.open(entry) as stream:
                    while chunk := stream.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise UnusableFileError(_BOMB, file="解压后过大")
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        RuntimeError,
        NotImplementedError,
        OSError,
        EOFError,
        ValueError,
    ) as error:
        raise UnusableFileError(_BROKEN, file="无法打开") from error
    except zlib.error as error:
        raise UnusableFileError(_BROKEN, file="无法打开") from error


def _cell(value: object) -> str:
    """A cell as text: whole floats without a point (phones), times in ISO form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    return str(value)


def _sheet_rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """Sheet row number (from 1) and cells."""
    if sheet.start is None:
        return
    for number, cells in enumerate(sheet.iter_rows(), sheet.start[0] + 1):
        yield number, [_cell(value) for value in cells]


def _merged(sheet: CalamineSheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Cells swallowed by a vertical merge (row from 1, column from 0) → the cell that holds the value."""
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    shift = sheet.start[1] if sheet.start else 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right and bottom - top < 10_000:  # noqa: PLR2004 - a merge over a whole column is decoration
            owners |= {(row + 1, left - shift): (top + 1, left - shift) for row in range(top + 1, bottom + 1)}
    return owners


def _fill(number: int, cells: list[str], fields: Sequence[str | None], owners: _Owners, values: _Values) -> list[str]:
    """Give the cells below a vertical merge its value; never an id or a text, which would make a second complaint."""
    for column, name in enumerate(fields[: len(cells)]):
        if name in {None, "text", "external_id"}:
            continue
        owner = owners.get((number, column))
        if owner is not None and not cells[column]:
            cells[column] = values.get(owner, "")
        elif cells[column]:
            values[(number, column)] = cells[column]
    return cells


def _merges(sheet: CalamineSheet) -> Iterator[Merge]:
    """The merged cells, counted as `_sheet_rows` hands out lines and columns."""
    above, before = sheet.start or (0, 0)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        yield Merge(top - above, left - before, bottom - above, right - before)


def _rows(sheet: CalamineSheet, header: Header, channel: Channel) -> Iterator[Row]:
    """The data rows of a sheet below its header."""
    found = _sheet_rows(sheet)
    again = [cells for _, cells in islice(found, header.last + 1)][header.first :]
    fields = rows.mapping(header.names, channel)
    owners = _merged(sheet)
    values: dict[tuple[int, int], str] = {}
    count = 0
    for number, raw in found:
        if rows.is_blank(raw) or raw in again or rows.is_totals(raw):
            continue
        cells = _fill(number, list(raw), fields, owners, values) if owners else raw
        count += 1
        yield RawRow(count, number, rows.to_fields(fields, cells), json.dumps(raw, ensure_ascii=False))


def open_workbook(content: bytes, channel: Channel) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Column names and rows of the first sheet whose header names a text column, hidden sheets last.

    Raises:
        UnusableFileError: The workbook cannot be opened, is a zip bomb, or no sheet has such a header.
    """
    if content.startswith(_ZIP):
        _guard(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in _in_sight_first(book):
            sheet = _open(book, name)
            if sheet is None:
                continue
            head = [cells for _, cells in islice(_sheet_rows(sheet), rows.HEADER_SEARCH)]
            index = rows.find_header(head, channel)
            if index is not None:
                header = header_at(head, index, _merges(sheet), channel)
                return header.names, _rows(sheet, header, channel)
    except (CalamineError, PasswordError, ZipError, OSError, ValueError) as error:
        raise UnusableFileError(_BROKEN, file="无法打开") from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise UnusableFileError(_BROKEN, file="无法打开") from None
    raise UnusableFileError(NO_TEXT_COLUMN, file="没有诉求内容列")


def _in_sight_first(book: CalamineWorkbook) -> list[str]:
    """The sheets people see, then the hidden ones: an old list left in one must not stand in for today's."""
    hidden = {each.name for each in book.sheets_metadata if each.visible is not SheetVisibleEnum.Visible}
    return sorted(book.sheet_names, key=hidden.__contains__)


def top_rows(content: bytes) -> list[list[str]]:
    """The first rows of the first sheet that has any; for a workbook that could be opened."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = (sheet for sheet in (_open(book, name) for name in book.sheet_names) if sheet is not None)
    found = ([cells for _, cells in islice(_sheet_rows(sheet), rows.HEADER_SEARCH)] for sheet in sheets)
    return next((cells for cells in found if cells), [])


def _open(book: CalamineWorkbook, name: str) -> CalamineSheet | None:
    """A sheet with cells; None for a chart or an unreadable one."""
    try:
        return book.get_sheet_by_name(name)
    except CalamineError:
        return None
