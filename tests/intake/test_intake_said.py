"""A refused row under its own column names: whatever parted it, and where cells are missing or too many."""

from __future__ import annotations

import json

import pytest

from hotline.intake.channels import get_channel
from hotline.intake.said import EXTRA, said

HEADER = ("编号", "投诉内容", "联系电话", "被投诉人电话", "登记时间")
CELLS = ["A-1", "买到假鞋，要求退款", "13900001111", "01066001234", "2023-02-30"]
FIELDS = {
    "external_id": "A-1",
    "text": "买到假鞋，要求退款",
    "reporter_phone": "13900001111",
    "respondent_phone": "01066001234",
    "received_at": "2023-02-30",
}


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_a_row_is_read_by_the_delimiter_that_gives_its_columns(delimiter):
    row = said(delimiter.join(CELLS), HEADER)
    assert row is not None
    assert row.fits
    assert row.pairs == tuple(zip(HEADER, CELLS, strict=True))
    assert row.fields(get_channel("12315")) == FIELDS


def test_quotes_keep_a_delimiter_and_a_line_break_in_their_cell():
    row = said('A-1,"买到假鞋,\n要求退款",13900001111,,2023-02-30\r\n', HEADER)
    assert row is not None
    assert dict(row.pairs)["投诉内容"] == "买到假鞋,\n要求退款"
    assert "被投诉人电话" not in dict(row.pairs)


def test_a_row_of_a_workbook_is_kept_as_a_list():
    row = said(json.dumps(CELLS, ensure_ascii=False), HEADER)
    assert row is not None
    assert row.fields(get_channel("12315")) == FIELDS


@pytest.mark.parametrize(
    ("raw", "pairs"),
    [
        ("A-1,买到假鞋,13900001111", (("编号", "A-1"), ("投诉内容", "买到假鞋"), ("联系电话", "13900001111"))),
        ("A-1,买到假鞋,1,2,3,多的", (*zip(HEADER, ["A-1", "买到假鞋", "1", "2", "3"], strict=True), (EXTRA, "多的"))),
    ],
)
def test_a_row_of_another_width_is_shown_and_fills_nothing(raw, pairs):
    row = said(raw, HEADER)
    assert row is not None
    assert not row.fits
    assert row.pairs == pairs
    assert row.fields(get_channel("12315")) == {}


@pytest.mark.parametrize(("raw", "header"), [("A-1,买到假鞋", ()), ("A-1,甲\nA-2,乙", HEADER), ("", HEADER)])
def test_without_names_or_a_single_row_there_is_nothing_to_say(raw, header):
    assert said(raw, header) is None


@pytest.mark.parametrize("raw", ["[1, 2]", "[" * 5000, "[不是列表"])
def test_what_only_begins_like_a_list_is_taken_as_it_stands(raw):
    row = said(raw, HEADER)
    assert row is not None
    assert row.pairs[0][1][0] == "["
    assert row.fields(get_channel("12315")) == {}
