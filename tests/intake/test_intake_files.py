import contextlib
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.errors import InvalidInputError, UnusableFileError
from hotline.intake import workbooks
from hotline.intake.channels import get_channel, load_channels, parse_channels
from hotline.intake.judge import judge_file
from hotline.intake.moments import parse_moment
from hotline.intake.readers import read_table

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TABLE = "工单编号,登记时间,联系电话,诉求内容\n1,2026-11-20 08:30,13900000000,买到假货\n2,,,店里卖假烟\n"


def judge(content, channel="12315"):
    return judge_file(content if isinstance(content, bytes) else content.encode(), channel, now=NOW)


def refusals(content):
    return [(each.row, each.line) for each in judge(content).rejected]


def workbook(rows, *, merge=None, sheets=("Sheet1",)):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for name in sheets[:-1]:
        book.add_worksheet(name).write(0, 0, "封面")
    sheet = book.add_worksheet(sheets[-1])
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    if merge:
        sheet.merge_range(*merge)
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(encoding, delimiter):
    got = judge(TABLE.replace(",", delimiter).encode(encoding))
    assert (got.accepted, got.rejected) == (2, [])
    first, second = got.drafts
    assert first.external_id == "1"
    assert first.reporter.phone == "13900000000"
    assert first.received_at == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
    assert (second.received_at, second.received_given) == (NOW, False)


def test_titles_blanks_totals_and_repeated_headers_are_not_counted():
    text = (
        "十一月工单汇总\n\n * 编号 ,诉求内容（必填）\n1,甲\n,\n编号,诉求内容\n * 编号 ,诉求内容（必填）\n2,\n合计,2\n"
    )
    got = judge(text)
    assert got.accepted == 2
    assert [(each.row, each.line) for each in got.rejected] == [(3, 8)]


def test_a_record_with_newlines_counts_once_and_its_line_is_where_it_begins():
    text = 'id,text\r\n1,"第一行\r\n第二行, ""引""用"\r\n2\r\n3,好\r\n'
    got = judge(text)
    assert [draft.text for draft in got.drafts] == ['第一行\r\n第二行, "引"用', "好"]
    assert [(each.row, each.line) for each in got.rejected] == [(2, 4)]


def test_wrong_number_of_columns_is_refused():
    assert refusals("id,text\n1,a,b\n2\n3,c\n") == [(1, 2), (2, 3)]


def test_a_file_cut_in_a_quote_keeps_the_records_before():
    got = judge('id,text\n1,好\n2,"断了')
    assert got.accepted == 1
    assert [(each.row, each.line) for each in got.rejected] == [(2, 3)]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_file_cut_in_a_character_keeps_the_records_before(encoding):
    got = judge("id,text\n1,这是第一条投诉内容\n2,这是第二条投诉内容".encode(encoding)[:-1])
    assert got.accepted == 1
    assert [(each.row, each.line) for each in got.rejected] == [(2, 3)]


def test_ids_met_again():
    got = judge("id,text\n1,甲\n1,甲\n1,乙\n2,丙\n")
    assert (got.accepted, got.duplicates) == (2, 1)
    assert [each.row for each in got.rejected] == [3]
    assert [draft.text for draft in got.drafts] == ["甲", "丙"]


def test_rows_without_an_id_get_a_stable_one_by_content_and_count():
    text = "text\n同样的话\n同样的话\n"
    first = [draft.external_id for draft in judge(text).drafts]
    later = judge_file(text.encode(), "12315", now=NOW.replace(day=22))
    assert first == [draft.external_id for draft in later.drafts]
    assert len(set(first)) == 2
    assert all(each.startswith("auto-") and len(each) == 25 for each in first)
    assert first != [draft.external_id for draft in judge(text, "12365").drafts]


def test_an_unreadable_time_and_a_missing_text_are_refused():
    got = judge("id,text,受理时间\n1,甲,2023-02-30\n2,乙,2026/11/20\n3,,2026/11/20\n")
    assert got.accepted == 1
    assert [each.row for each in got.rejected] == [1, 3]
    assert "时间" in got.rejected[0].reason


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-20 08:30", "2026-11-20T00:30:00"),
        ("2026/1/2 3:04:05", "2026-01-01T19:04:05"),
        ("2026年11月20日 下午3时30分", "2026-11-20T07:30:00"),
        ("2026-11-20", "2026-11-19T16:00:00"),
        ("2026-11-20T08:30:00Z", "2026-11-20T08:30:00"),
        ("2026-11-20T08:30:00.123+09:00", "2026-11-19T23:30:00"),
        ("20261120083000", "2026-11-20T00:30:00"),
        ("46346.5", "2026-11-20T04:00:00"),
    ],
)
def test_times(text, utc):
    assert parse_moment(text).strftime("%Y-%m-%dT%H:%M:%S") == utc


@pytest.mark.parametrize(
    "text", ["2023-02-30", "昨天", "2026-13-01", "2026-11-20 25:00", "9999-12-31", "0001-01-01", "1", "九" * 99]
)
def test_times_that_cannot_be_read(text):
    with pytest.raises(InvalidInputError):
        parse_moment(text)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xef\xbb\xbf",
        b" \n\n",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"%PDF-1.4\n\x00\x01\x02" * 9,
        b"a,b\n1,2\n",
        b"PK\x03\x04junk",
        bytes(range(256)),
    ],
)
def test_files_that_cannot_be_used_at_all(content):
    with pytest.raises(UnusableFileError):
        judge(content)


def test_an_unknown_channel_is_named_in_chinese():
    with pytest.raises(InvalidInputError, match="渠道"):
        judge("text\n甲\n", "99999")


def test_json_lines_an_array_and_nested_keys():
    lines = [{"text": "甲", "id": "1"}, {"text": "乙", "reporter": {"name": "张三", "phone": 13900000000}}]
    as_lines = "\n".join(json.dumps(each, ensure_ascii=False) for each in lines)
    for content in (as_lines, json.dumps(lines), json.dumps(lines, indent=1)):
        got = judge(content)
        assert got.accepted == 2
        assert got.drafts[1].reporter.phone == "13900000000"


def test_json_records_that_cannot_be_used():
    text = '{"text": "甲"}\n\n[1]\n{"text": 5}\n{"text": ""}\n{"text": "断'
    got = judge(text)
    assert got.accepted == 1
    assert [(each.row, each.line) for each in got.rejected] == [(2, 3), (3, 4), (4, 5), (5, 6)]


def test_a_cut_json_array_keeps_the_records_before():
    got = judge('[\n{"text": "甲"},\n{"text": "乙"},\n{"te')
    assert got.accepted == 2
    assert [(each.row, each.line) for each in got.rejected] == [(3, 4)]


def test_a_workbook():
    rows = [
        ["汇总"],
        [],
        ["工单编号", "来电号码", "联系电话", "反映内容", "登记时间"],
        [1, "", 13900000000, "甲", 46346.5],
    ]
    rows += [["合计", "", "", 1], [2, "", "'010-66001234", "乙", "2026-11-20"], ["3", "", "", "", ""]]
    got = judge(workbook(rows, sheets=("封面", "数据")))
    assert got.accepted == 2
    assert got.drafts[0].reporter.phone == "13900000000"
    assert got.drafts[0].external_id == "1"
    assert got.drafts[0].received_at == datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    assert got.drafts[1].reporter.phone == "010-66001234"
    assert [(each.row, each.line) for each in got.rejected] == [(3, 7)]


def test_cells_merged_downwards_keep_their_value():
    rows = [["text", "被投诉人"], ["甲", ""], ["乙", ""]]
    got = judge(workbook(rows, merge=(1, 1, 2, 1, "某店")))
    assert [draft.respondent.name for draft in got.drafts] == ["某店", "某店"]


def test_a_zip_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 1000)
    with pytest.raises(UnusableFileError, match="过大"):
        judge(workbook([["text"], ["甲"]]))


def test_another_zip_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "text\n甲")
    with pytest.raises(UnusableFileError):
        judge(out.getvalue())


def test_text_guards_are_taken_off():
    got = judge('text,phone\n甲,"=""13900000000"""\n乙,\'13900001111\n')
    assert [draft.reporter.phone for draft in got.drafts] == ["13900000000", "13900001111"]


def test_the_four_channels_ship():
    assert sorted(load_channels()) == ["12315", "12330", "12365", "12390"]


def test_a_channel_can_be_added_as_data_and_a_bad_one_is_refused():
    text = (
        '[channels.12312]\nname = "商务"\nkind = "report"\naliases = {text = ["说了什么"]}\n[fields]\ntext = ["text"]\n'
    )
    channel = parse_channels(text)["12312"]
    assert channel.field_of("说了什么*") == "text"
    for bad in ("x", text.replace("report", "nothing"), text.replace("{text", "{novel")):
        with pytest.raises(InvalidInputError):
            parse_channels(bad)
    for lacking in (text.replace("report", "nothing"), text.replace('name = "商务"\n', "")):
        with pytest.raises(InvalidInputError, match="应有 name（渠道名称）和 kind"):
            parse_channels(lacking)


def test_rows_keep_their_original_content():
    reading = read_table(TABLE.encode("gb18030"), get_channel("12330"))
    assert reading.encoding == "gb18030"
    assert [row.raw for row in reading.records] == TABLE.splitlines()[1:]


@given(st.binary(max_size=300) | st.text(alphabet='id,text\n\r\t"{}[]: 诉求内容合计1', max_size=120).map(str.encode))
@settings(max_examples=400, deadline=None)
def test_no_file_makes_the_reader_fail(content):
    for head in (b"", b"id,text\n", b'{"text": "a"}\n', b"PK\x03\x04"):
        try:
            got = judge(head + content)
        except UnusableFileError:
            continue
        assert got.accepted == len(got.drafts)
        assert all(each.row >= 1 and each.reason for each in got.rejected)


def test_what_cannot_be_stored_never_leaves_the_reader():
    got = judge('{"text": "甲\\ud800乙\\u0000", "id": "1\\u0000"}')
    assert (got.drafts[0].text, got.drafts[0].external_id) == ("甲?乙", "1")
    refused = judge(b"id,text\n1,\xe5\xa5\xbd\xe5\xa5\xbd\xe5\xa5\xbd\n2,\xe5\xa5")
    assert refused.rejected[0].raw.encode("utf-8", "surrogateescape").endswith(b"\xe5\xa5")


@pytest.mark.parametrize(
    "content", ['"' * 200_001, '"",' * 60_000, "id,text\n" + '"a""' * 50_000, "[" * 100_000, '{"a":' * 50_000]
)
@pytest.mark.timeout(20)
def test_hostile_files_take_bounded_time(content):
    with contextlib.suppress(UnusableFileError):
        judge(content)


def test_one_nul_in_a_small_table_is_a_slip_in_its_cell():
    content = "工单编号,诉求内容,登记时间\nN1,西城\x00区卖假烟,2026-01-01 00:00\n".encode()
    (draft,) = judge_file(content, "12315", now=NOW).drafts
    assert draft.text == "西城区卖假烟"
    assert b"\x00" in draft.raw
