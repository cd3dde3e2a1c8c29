"""Headers of two levels and headers merged over columns: every column keeps its meaning, and no line is lost."""

import io
from datetime import UTC, datetime

import pytest
import xlsxwriter

from hotline.intake.channels import get_channel
from hotline.intake.judge import judge_file
from hotline.intake.readers import read_table

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TEXT = "健身房办卡后跑路，2000元没退"


def workbook(rows, merges):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value:
                sheet.write(number, column, value)
    for place in merges:
        top, left = place[:2]
        sheet.merge_range(*place, rows[top][left])
    book.close()
    return out.getvalue()


def fields(content):
    return [dict(row.fields) for row in read_table(content, get_channel("12315")).records]


GROUPED = [
    ["导出表", "", "", "", "", "", ""],
    ["工单编号", "来电人信息", "", "诉求内容", "被投诉方", "", ""],
    ["", "姓名", "电话", "", "名称", "电话", "地址"],
    ["T-1", "赵一", "13900000001", TEXT, "丽人美容", "010-66660000", "西单北大街1号"],
]
GROUPS = [(0, 0, 0, 6), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 2, 3), (1, 4, 1, 6)]


def test_a_group_says_whose_phone_it_is():
    assert fields(workbook(GROUPED, GROUPS)) == [
        {
            "external_id": "T-1",
            "reporter_name": "赵一",
            "reporter_phone": "13900000001",
            "text": TEXT,
            "respondent_name": "丽人美容",
            "respondent_phone": "010-66660000",
            "respondent_address": "西单北大街1号",
        }
    ]


@pytest.mark.parametrize(
    ("upper", "lower", "row", "merges"),
    [
        (["编号", "诉求", ""], ["", "标题", "详细内容"], ["T-2", "办卡", TEXT], [(0, 0, 1, 0), (0, 1, 0, 2)]),
        (["编号", "工单", ""], ["", "来源", "诉求内容"], ["T-2", "电话", TEXT], [(0, 0, 1, 0), (0, 1, 0, 2)]),
    ],
    ids=["the text is a group", "the text stands on the lower line"],
)
def test_the_text_may_stand_on_either_line(upper, lower, row, merges):
    (only,) = fields(workbook([upper, lower, row], merges))
    assert only["external_id"] == "T-2"
    assert TEXT in only["text"]


def test_a_header_merged_over_two_columns_names_both():
    rows = [["编号", "联系电话", "", "诉求内容"], ["A", "13900000001", "", TEXT], ["B", "", "13900000002", TEXT]]
    assert [row["reporter_phone"] for row in fields(workbook(rows, [(0, 1, 0, 2)]))] == ["13900000001", "13900000002"]


def test_lines_are_counted_below_the_header_and_its_repetition_is_none():
    rows = [*GROUPED, *GROUPED[1:3], ["T-2", "钱二", "", "", "", "", ""]]
    outcome = judge_file(workbook(rows, GROUPS), "12315", now=NOW)
    assert outcome.accepted == 1
    assert [(each.row, each.line) for each in outcome.rejected] == [(2, 7)]
