"""Files as call-centre systems really write them, each against the words of the import's contract."""

import io
import json
import time
import xml.sax.saxutils
from datetime import UTC, datetime

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.errors import UnusableFileError
from hotline.intake import markup
from hotline.intake.judge import judge_file
from hotline.intake.readers import top_rows
from hotline.intake.rows import plain_number

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HEADER = ["工单编号", "来电号码", "登记时间", "诉求内容"]
ROWS = [[f"A{number}", f"1390000000{number}", "2026-11-03 09:05", f"买到假酒第{number}件"] for number in range(1, 5)]


def judge(content):
    return judge_file(content if isinstance(content, bytes) else content.encode(), "12315", now=NOW)


def counts(content):
    got = judge(content)
    return got.accepted, got.duplicates, [(each.row, each.line) for each in got.rejected]


def table(cell="td", title="<tr><td colspan=4>工单导出</td></tr>"):
    lines = ["".join(f"<{cell}>{xml.sax.saxutils.escape(value)}</{cell}>" for value in row) for row in [HEADER, *ROWS]]
    return f"<html><head><style>td{{color:red}}</style></head><body><table>{title}" + "".join(
        f"\n<tr>{line}</tr>" for line in lines
    )


def csv(*rows):
    return "\r\n".join(",".join(row) for row in [HEADER, *rows]) + "\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("cell", ["td", "th"])
def test_a_page_that_is_named_xls(encoding, cell):
    got = judge((table(cell) + "</table></body></html>").encode(encoding))
    assert (got.accepted, got.rejected) == (4, [])
    assert got.drafts[0].reporter.phone == "13900000001"
    assert got.drafts[0].received_at == datetime(2026, 11, 3, 1, 5, tzinfo=UTC)


def test_a_page_that_was_cut_gives_its_whole_rows():
    content = table()
    assert counts(content[: content.rindex("第4件")]) == (3, 0, [(4, 6)])
    assert counts(content.encode("gb18030")[:-12]) == (3, 0, [(4, 6)])


def test_line_breaks_entities_and_scripts_in_a_page():
    content = (
        "<table><tr><th>编号<th>诉求内容<tr><td>1<td>买到<br>假酒 5&lt;6 &amp; 退款<script>alert(1)</script></table>"
    )
    assert judge(content).drafts[0].text == "买到\n假酒 5<6 & 退款"


def test_cells_over_several_rows_and_columns_of_a_page():
    rows = "<tr><td rowspan=2>1</td><td rowspan=2>西城区</td><td rowspan=2>假酒</td></tr><tr></tr>"
    rows += "<tr><td>3</td><td colspan=2>无</td></tr><tr><td>4</td><td rowspan=2>东城区</td><td>假烟</td></tr>"
    rows += "<tr><td>5</td><td>假药</td></tr>"
    got = judge(f"<table><tr><td>编号</td><td>所属区域</td><td>内容</td></tr>{rows}</table>")
    assert [(each.external_id, each.location_hint, each.text) for each in got.drafts] == [
        ("1", "西城区", "假酒"),
        ("4", "东城区", "假烟"),
        ("5", "东城区", "假药"),
    ]
    assert [each.row for each in got.rejected] == [2, 3]


@pytest.mark.parametrize(
    "hostile",
    [
        "<td><!--" + "x" * 2_000_000,
        "<tr><td>" + "<a " * 300_000,
        "<tr><td>" + "</" * 300_000,
        "<tr><td>" + "<!" * 300_000,
        "<tr><td>" + "&" * 300_000,
        "<tr><td " + 'a="' * 300_000,
        "<script>" + "</scrip" * 300_000,
        "<tr><td rowspan=9999 colspan=9999>x" * 300,
    ],
)
def test_hostile_markup_takes_time_by_its_length(hostile):
    begin = time.process_time()
    assert sum(len(line.cells) for line in markup.parse(pieces("<table>" + hostile, 65_536))) < 100_000
    assert time.process_time() - begin < 5


def pieces(text, size):
    return (text[at : at + size] for at in range(0, len(text), size))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_a_page_read_in_pieces_is_the_same(size):
    page = "<!-- x --><table>\n<tr><td a='1'>5<6<br/>2 > 1</td><td/><td colspan=2>y</td></tr><!--<tr>-->\n<tr><td>z"
    whole = list(markup.parse(iter([page])))
    assert list(markup.parse(pieces(page, size))) == whole
    assert [(line.cells, line.line, line.cut) for line in whole] == [
        (["5<6\n2 > 1", "", "y", ""], 2, False),
        (["z"], 3, True),
    ]


@given(st.text(alphabet="<>/!-&;\"'= \ntdr表格a1"))
@settings(max_examples=200, deadline=None)
def test_no_markup_breaks_the_reader(text):
    for line in markup.parse(pieces("<table><tr><td>" + text, 5)):
        assert len(line.cells) <= 256


def test_a_workbook_written_as_xml():
    def cells(row):
        return "".join(f'<Cell><Data ss:Type="String">{value}</Data></Cell>' for value in row)

    rows = f"<Row>{cells(HEADER)}</Row><Row>{cells(ROWS[0])}</Row>"
    rows += '<Row><Cell><Data>A9</Data></Cell><Cell ss:Index="4"><Comment>批注</Comment><Data>假烟</Data></Cell></Row>'
    got = judge(f'<?xml version="1.0"?>\n<Workbook><Worksheet><Table>{rows}</Table></Worksheet></Workbook>')
    assert [(each.external_id, each.reporter.phone, each.text) for each in got.drafts] == [
        ("A1", "13900000001", "买到假酒第1件"),
        ("A9", "", "假烟"),
    ]


def test_a_page_without_a_column_for_the_complaint_is_refused_as_a_whole():
    page = "<html><table><tr><td>姓名</td><td>电话</td></tr></table></html>"
    with pytest.raises(UnusableFileError):
        judge(page)
    assert top_rows(page.encode()) == [["姓名", "电话"]]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1.3900001111E10", "13900001111"),
        ("1.39E10", "13900000000"),
        ("1.3900001111E+10", "13900001111"),
        ("13900001111.0", "13900001111"),
        ("1.39E+10", ""),
        ("1.10105E+17", ""),
        ("A1E10", "A1E10"),
        ("1E10", "1E10"),
        ("1.5", "1.5"),
        ("010-66001234", "010-66001234"),
    ],
)
def test_numbers_that_a_program_made_floats_of(written, number):
    assert plain_number(written) == number


def test_ids_and_phones_as_floats():
    got = judge(csv(["1001.0", "1.3900001111E10", "", "假酒"], ["2.02611E+13", "1.39E+10", "", "假烟"]))
    assert [each.reporter.phone for each in got.drafts] == ["13900001111", ""]
    assert got.drafts[0].external_id == "1001"
    assert got.drafts[1].external_id.startswith("auto-")
    read = judge('{"id": 7.0, "text": "假酒", "phone": 1.3900001111e10}').drafts[0]
    assert read.reporter.phone == "13900001111"


def test_what_excel_shows_for_an_error_is_no_value():
    got = judge(csv(["A1", "#N/A", "", "假酒"], ["A2", "", "########", "假烟"], ["A3", "", "", "#NAME?"]))
    assert [each.reporter.phone for each in got.drafts] == [""]
    assert [each.row for each in got.rejected] == [2, 3]


def test_an_apostrophe_guards_any_text():
    got = judge(csv(["'001", "'13900001111", "\t2026-11-03", "'买到假酒"], ["2", "", "", "'假酒'是他说的"]))
    assert [each.text for each in got.drafts] == ["买到假酒", "'假酒'是他说的"]
    assert got.drafts[0].external_id == "001"


def test_a_file_filled_up_with_nuls():
    assert counts(csv(*ROWS).encode("gb18030") + b"\0" * 5000) == (4, 0, [])


def test_a_line_in_another_encoding_is_refused_alone():
    odd = "A8,13900000008,,这一行是国标编码的假酒\r\n".encode("gb18030")
    assert counts(csv(*ROWS).encode() + odd + "A9,,,又是好的\r\n".encode()) == (5, 0, [(5, 6)])


def hidden_sheet(content, hidden):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for name, rows in content.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if name in hidden:
            sheet.hide()
    book.get_worksheet_by_name(next(name for name in content if name not in hidden)).activate()
    book.close()
    return out.getvalue()


def test_a_hidden_sheet_does_not_stand_in_for_the_one_in_sight():
    old = [["编号", "内容"], ["H1", "去年的旧投诉"]]
    book = {"说明": [["共两页"]], "旧": old, "11月": [["编号", "内容"], ["A1", "买到假酒"], ["A2", "买到假烟"]]}
    assert [each.external_id for each in judge(hidden_sheet(book, {"旧"})).drafts] == ["A1", "A2"]
    only = {"说明": [["共两页"]], "旧": old}
    assert [each.external_id for each in judge(hidden_sheet(only, {"旧"})).drafts] == ["H1"]


COMPLAINTS = [{"工单编号": "A1", "诉求内容": "买到假酒"}, {"工单编号": "A2", "诉求内容": "买到假烟"}]


@pytest.mark.parametrize("indent", [None, 1])
def test_a_list_inside_an_object(indent):
    answer = {"code": 0, "columns": [{"field": "x"}], "data": {"total": 2, "list": COMPLAINTS}}
    text = json.dumps(answer, ensure_ascii=False, indent=indent)
    assert counts(text) == (2, 0, [])
    assert counts("\n" + text[: text.rindex("买到假烟") + 2]) == (1, 0, [(2, 2 if indent is None else 16)])


def test_a_complaint_with_a_list_in_it_stays_one():
    one = {"text": "买到假酒", "id": "A1", "attachments": [{"内容": "小票"}]}
    assert counts(json.dumps(one)) == (1, 0, [])
    assert counts(json.dumps(one, indent=1)) == (1, 0, [])
    assert counts(json.dumps(one) + "\n" + json.dumps(one | {"id": "A2"})) == (2, 0, [])
    first = {"items": [{"内容": "x"}], "text": "买到假酒"}
    assert counts("\n".join(json.dumps(first | {"id": str(number)}) for number in range(3))) == (3, 0, [])


def test_commas_behind_the_lines_of_json():
    assert counts('{"id":"1","text":"假酒"},\n{"id":"2","text":"假烟"},\n{"id":"3","text":"假\n') == (2, 0, [(3, 3)])


def test_a_cell_of_two_hundred_thousand_characters():
    got = judge(csv(["A1", "", "", "假酒" * 100_000], ["A2", "", "", "假烟"]))
    assert [len(each.text) for each in got.drafts] == [200_000, 2]
