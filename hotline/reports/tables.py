"""A figure's table as text, CSV, XLSX and JSON. What a cell holds is data, never a formula, a link or a command."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hotline.records import Scalar

BOM = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take for the beginning of a formula when they open a CSV file."""
MAX_SHEET_NAME = 31
MAX_COLUMN = 50
_WIDE = frozenset("WF")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column heads; `notes` say what is counted, and stand above in papers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    notes: tuple[str, ...] = ()


def to_csv(table: Table) -> bytes:
    """UTF-8 with BOM, which Excel needs for Chinese; a text that begins like a formula gets a `'` before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([guarded(name) for name in table.columns])
    writer.writerows([guarded(value) for value in row] for row in table.rows)
    return f"{BOM}{out.getvalue()}".encode()


def guarded(value: Scalar) -> Scalar:
    """The value so that no spreadsheet runs it; numbers stay numbers."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS) else value


def to_xlsx(tables: Sequence[Table]) -> bytes:
    """One sheet a table: bold heads that stay in view, a filter, texts as texts."""
    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **plain}) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EDF2", "border": 1, "text_wrap": True})
        for number, table in enumerate(tables, start=1):
            sheet = book.add_worksheet(_sheet_name(table.title, number))
            sheet.write_row(0, 0, table.columns, head)
            for index, row in enumerate(table.rows, start=1):
                for column, value in enumerate(row):
                    _write(sheet, index, column, value)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
            for column, width in enumerate(_widths(table)):
                sheet.set_column(column, column, min(width, MAX_COLUMN) + 2)
            for index, note in enumerate(table.notes):
                sheet.write_string(len(table.rows) + 2 + index, 0, note)
    return out.getvalue()


def to_text(table: Table) -> str:
    """Aligned columns for a terminal, where a Chinese character is two cells wide."""
    widths = _widths(table)
    lines = [table.title, *table.notes, ""]
    lines += [_aligned(row, widths) for row in (table.columns, *table.rows)]
    return "\n".join(line.rstrip() for line in lines)


def to_records(table: Table) -> list[dict[str, Scalar]]:
    """The rows as objects, for JSON."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def shown_width(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in _WIDE else 1 for character in text)


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Scalar) -> None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, _text(value))


def _text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "是" if value else ""
    return "" if value is None else str(value)


def _widths(table: Table) -> list[int]:
    columns: Iterable[tuple[Scalar, ...]] = zip(table.columns, *table.rows, strict=True)
    return [max(shown_width(_text(value)) for value in column) for column in columns]


def _aligned(row: Sequence[Scalar], widths: Sequence[int]) -> str:
    cells = []
    for value, width in zip(row, widths, strict=True):
        text = _text(value)
        pad = " " * (width - shown_width(text))
        cells.append(pad + text if isinstance(value, int) and not isinstance(value, bool) else text + pad)
    return "  ".join(cells)


def _sheet_name(title: str, number: int) -> str:
    name = "".join(character for character in title if character not in "[]:*?/\\'")
    return name[: MAX_SHEET_NAME - 3] + (f" {number}" if number > 1 else "")
