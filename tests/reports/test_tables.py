"""Tables as files: what a program reads back is what was written, and nothing is ever a formula."""

from __future__ import annotations

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from hotline.reports.tables import Table, guarded, shown_width, to_csv, to_records, to_text, to_xlsx

HOSTILE = ("=1+1", "+86", "-2", "@SUM(A1)", "\tx", "\r=x", "  =HYPERLINK(1)")
TABLE = Table("清单[1]", ("编号", "件数", "督办"), (("2026-1", 3, True), (HOSTILE[0], -4, False)), ("说明",))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_like_a_formula_is_guarded(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("value", [-4, 3.5, "2026-1", "上海=北京", "", True])
def test_what_is_no_formula_stays(value):
    assert guarded(value) == value


def test_csv_begins_with_a_mark_and_reads_back():
    content = to_csv(TABLE)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [["编号", "件数", "督办"], ["2026-1", "3", "True"], ["'=1+1", "-4", "False"]]


def test_csv_keeps_line_ends_and_quotes_inside_a_cell():
    table = Table("x", ("a",), (('他说"好"\n再说',),))
    assert list(csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig"))))[1] == ['他说"好"\n再说']


def test_xlsx_holds_texts_and_numbers_and_no_formula():
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx([TABLE, TABLE])))
    assert len(book.sheet_names) == 2
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0] == ["编号", "件数", "督办"]
    assert rows[1] == ["2026-1", 3.0, "是"]
    assert rows[2] == ["=1+1", -4.0, ""]


def test_an_empty_table_is_still_a_file():
    empty = Table("空", ("编号", "件数"), ())
    assert CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx([empty]))).get_sheet_by_index(0).to_python() == [
        ["编号", "件数"]
    ]
    assert to_csv(empty).decode("utf-8-sig").strip() == "编号,件数"
    assert "编号" in to_text(empty)


def test_text_lines_up_wide_characters():
    lines = to_text(Table("题", ("单位", "件"), (("西城区知识产权局", 3), ("a", 12)))).splitlines()
    assert shown_width("西a") == 3
    assert shown_width(lines[-1]) == shown_width(lines[-2])


def test_records_name_their_columns():
    assert to_records(TABLE)[0] == {"编号": "2026-1", "件数": 3, "督办": True}
