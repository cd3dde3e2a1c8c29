"""The normaliser and the readers under mutated, cut and hostile files: no exception, bounded time and memory."""

import io
import json
import random
import struct
import time
import zipfile
from datetime import UTC, datetime

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.errors import UnusableFileError
from hotline.intake import workbooks
from hotline.intake.channels import get_channel
from hotline.intake.judge import judge_file
from hotline.intake.normalise import normalise
from hotline.intake.readers import read_table
from hotline.intake.rows import RawRow, raw_bytes
from hotline.records import Reporter

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
CHANNEL = get_channel("12315")
TABLE = (
    "12315 工单导出（2026年11月）,,,\n登记编号,联系电话,诉求内容,登记时间\n"
    'A1,\'13900000001,"在西城区马连道买茶叶，\n付了１２８０元，商家不退",2026-11-20 09:12\n'
    "A2,010-66010000,淘宝店卖假冒商标皮包 http://a.example.com/x?y=1,2026/11/19\n合计,2,,\n"
)
JSON_LINES = "".join(
    json.dumps(
        {"id": f"J{n}", "text": f"昨天买到过期食品{n}", "reporter": {"phone": "13900000002"}}, ensure_ascii=False
    )
    + "\n"
    for n in range(3)
)
PIECES = (
    "　１２３０一二三千百万块元¥$%@.:/-\\\n\t<b>&amp;😀!！。\u200b\u202e幺洞繁體於乾隆(86)+XxQQ号"
    "北京朝阳区昨天去年姓王女士,\"';=\x00\x1a\ud800"
)


def xlsx():
    """A workbook of the usual kind."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    for number, cells in enumerate(
        (["登记编号", "联系电话", "诉求内容"], ["X1", 13900000003, "劣质水杯"], ["X2", None, "盗版光盘"])
    ):
        sheet.write_row(number, 0, cells)
    book.close()
    return made.getvalue()


def record(kind, data):
    """One BIFF record."""
    return struct.pack("<HH", kind, len(data)) + data


def biff(cells):
    """A workbook stream of BIFF8, as exporters of the time wrote it: one sheet of LABEL cells."""
    end = record(0x000A, b"")
    head = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)) + record(0x0042, struct.pack("<H", 1200))
    offset = len(head) + 4 + 9 + len(end)
    head += record(0x0085, struct.pack("<IHBB", offset, 0, 1, 0) + b"S") + end
    body = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    for row, columns in enumerate(cells):
        for column, text in enumerate(columns):
            label = struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le")
            body += record(0x0204, label)
    return head + body + end


def compound(stream):
    """An OLE container (512-byte sectors) with this one stream: table of sectors, directory, the stream."""
    stream += bytes(max(4096, -(-len(stream) // 512) * 512) - len(stream))
    count = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))

    def entry(name, kind, child, start, size):
        text = (name + "\0").encode("utf-16-le")
        head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return head + bytes(36) + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream)) + bytes(256)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + table + folder + stream


FILES = {
    "csv-utf8": TABLE.encode(),
    "csv-bom": TABLE.encode("utf-8-sig"),
    "csv-gbk": TABLE.encode("gb18030"),
    "csv-utf16": TABLE.encode("utf-16"),
    "tsv": TABLE.replace(",", "\t").encode(),
    "jsonl": JSON_LINES.encode(),
    "json": ("[" + ",".join(JSON_LINES.splitlines()) + "]").encode(),
    "xlsx": xlsx(),
    "xls": compound(biff([["登记编号", "诉求内容"], ["O1", "劣质水杯"], ["O2", "盗版光盘"]])),
}


def judged(content):
    """The judgement of a file that may be refused as a whole, and in no other way."""
    try:
        judgement = judge_file(content, "12315", now=NOW)
    except UnusableFileError:
        return None
    assert judgement.accepted == len(judgement.drafts)
    assert all(refusal.reason and refusal.row > 0 for refusal in judgement.rejected)
    return judgement


@pytest.mark.parametrize("name", list(FILES))
def test_the_files_are_good_before_they_are_spoilt(name):
    assert judged(FILES[name]).accepted >= 2


@pytest.mark.parametrize("name", list(FILES))
def test_cut_anywhere(name):
    content = FILES[name]
    for end in range(0, len(content), max(1, len(content) // 150)):
        judged(content[:end])


@pytest.mark.parametrize("name", list(FILES))
def test_mutated_bytes(name):
    chance = random.Random(name)  # noqa: S311 - the same mutations every time, nothing secret.
    for _ in range(120):
        content = bytearray(FILES[name])
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(content))
            what = chance.randrange(3)
            if what == 0:
                content[place] = chance.randrange(256)
            elif what == 1:
                del content[place : place + chance.randint(1, 30)]
            else:
                content[place:place] = bytes(chance.choices(range(256), k=chance.randint(1, 12)))
            content = content or bytearray(b"x")
        judged(bytes(content))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@given(cell=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
@settings(max_examples=60, deadline=None)
def test_a_record_keeps_its_own_bytes(encoding, cell):
    text = '编号,诉求内容\nB1,"有人卖假药' + cell.replace('"', '""') + '"\n'
    (row,) = read_table(text.encode(encoding), CHANNEL).records
    assert isinstance(row, RawRow)
    assert raw_bytes(row.raw).decode() == text.splitlines()[1] or "\x0b" in text or row.raw in text


@given(st.one_of(st.text(max_size=300), st.text(alphabet=PIECES, max_size=300)))
@settings(max_examples=400, deadline=None)
def test_any_text_is_normalised(text):
    caller = Reporter(name="王丽华", phone="13900001234", address="北京市西城区牛街12号")
    read = normalise(text, received_at=NOW, location_hint=text[:20], home_region="110102", reporter=caller)
    again = normalise(text, received_at=NOW, location_hint=text[:20], home_region="110102", reporter=caller)
    assert read == again
    assert "13900001234" not in read.masked_text
    assert all(phone.isdigit() for phone in read.phones)
    assert all(amount.value >= 0 for amount in read.amounts_yuan)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "一",
        "幺三九 ",
        "((((",
        "<a ",
        "&amp;",
        "北京",
        "昨天",
        "。。",
        "http://a.",
        "“",
        "1-",
        "三月",
        "我叫王",
        "¥1,",
        "家住",
    ],
)
def test_a_hundred_thousand_characters_take_no_longer_than_their_length(piece):
    begin = time.process_time()
    normalise(piece * (100_000 // len(piece)), received_at=NOW, home_region="110102")
    assert time.process_time() - begin < 20


def test_huge_cells_and_lines():
    big = "卖假药" * 40_000
    assert judged(f"诉求内容\n{big}\n".encode()).accepted == 1
    assert judged((json.dumps({"text": big}) + "\n").encode()).accepted == 1
    assert judged(('诉求内容\n"' + "x\n" * 50_000).encode()).rejected
    assert judged(b"\xe8\xaf\x89\xe6\xb1\x82\xe5\x86\x85\xe5\xae\xb9\n" + b"," * 100_000) is not None


def bomb(name, size):
    """A workbook one of whose parts unpacks to `size` bytes of zeros."""
    made = io.BytesIO(xlsx())
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w", force_zip64=True) as part:
        for _ in range(size // 65_536):
            part.write(bytes(65_536))
    return made.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 2 * 1024 * 1024)
    content = bomb("xl/media/x.bin", 8 * 1024 * 1024)
    assert len(content) < 100_000
    with pytest.raises(UnusableFileError, match="过大"):
        read_table(content, CHANNEL)
    # A directory that lies about the size does not help: what is counted is what comes out.
    lying = content.replace(struct.pack("<I", 8 * 1024 * 1024), struct.pack("<I", 10))
    with pytest.raises(UnusableFileError):
        read_table(lying, CHANNEL)


def test_an_old_workbook_is_read_and_a_broken_one_refused_whole():
    assert [draft.text for draft in judged(FILES["xls"]).drafts] == ["劣质水杯", "盗版光盘"]
    assert judged(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)) is None
