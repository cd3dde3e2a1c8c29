"""Small things of the web room: words for times and sums, kinds of files, notices."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from hotline.errors import InvalidInputError
from hotline.store.notices import Notice, add_notices
from hotline.store.types import FAR
from hotline.web import filetypes, quantities, rendering, times
from hotline.web.filetypes import fitting_name, media_type


@pytest.fixture
def request_now(app, clock):
    with app.test_request_context("/login"):
        yield clock()


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(hours=3, minutes=20), "剩 3 小时 20 分"),
        (timedelta(days=2), "剩 2 天"),
        (timedelta(days=2, hours=5, minutes=9), "剩 2 天 5 小时"),
        (timedelta(seconds=30), "剩 不到 1 分"),
        (-timedelta(days=1, hours=2), "逾期 1 天 2 小时"),
        (-timedelta(minutes=2), "逾期 2 分"),
    ],
)
def test_remaining_time_in_words(request_now, ahead, words):
    assert times.remaining(request_now + ahead) == words


def test_between_the_two_deadlines_it_is_not_late_yet(request_now):
    due, breach = request_now - timedelta(hours=1), request_now + timedelta(days=2)
    assert times.remaining(due, breach) == "剩 2 天"
    assert times.tag_class(due, breach) == "tag-soon"


def test_no_deadline_is_a_dash(request_now):
    assert times.remaining(None) == times.remaining(FAR) == "—"
    assert times.tag_class(FAR) == ""
    assert not times.is_late(FAR)


def test_times_are_shanghais(request_now):
    assert times.moment(datetime(2026, 11, 20, 16, 30, tzinfo=UTC)) == "11月21日 00:30"
    assert times.day(datetime(2025, 12, 31, 16, 30, tzinfo=UTC)) == "1月1日"
    assert times.day(datetime(2024, 12, 31, 1, 0, tzinfo=UTC)) == "2024年12月31日"


@pytest.mark.parametrize(("value", "words"), [(Decimal(1280), "1,280 元"), (Decimal("88.5"), "88.50 元"), (None, "")])
def test_sums(value, words):
    assert quantities.money(value) == words


@pytest.mark.parametrize(("value", "words"), [(0.934, "93%"), (0.9999, "99%"), (None, "")])
def test_a_guess_is_never_certain(value, words):
    assert quantities.percent(value) == words


def test_masks_keep_little():
    assert rendering.masked_name("欧阳小明") == "欧**"
    assert rendering.masked_tail("13900001234") == "****1234"
    assert rendering.masked_tail("12345") == "*****"


def archive(*names, **texts):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(name, texts.get("types", "x") if name == TYPES else "x")
    return held.getvalue()


TYPES = "[Content_Types].xml"
MACRO_TYPES = '<Override PartName="/word/a.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"ID3\x03", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (archive("a.txt"), "application/zip"),
        (archive("[Content_Types].xml", "word/document.xml"), WORD),
        (archive("[Content_Types].xml", "xl/workbook.xml"), EXCEL),
        ("通话记录\r\n".encode(), "text/plain"),
    ],
)
def test_a_file_is_what_its_bytes_say(content, kind):
    assert media_type(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02",
        b"RIFF\x00\x00\x00\x00AVI ",
        b"\xff\xe0\x00",
        "中文".encode("gb18030"),
        b"text\x00with zero",
        archive(TYPES, "word/document.xml", "word/vbaProject.bin"),
        archive(TYPES, "word/document.xml", "word/VBAPROJECT.BIN"),
        archive(TYPES, "word/document.xml", "word/a.bin", types=MACRO_TYPES),
        archive(TYPES, "word/document.xml", "word/a.bin", types=MACRO_TYPES.encode("utf-16")),
        archive(TYPES, "word/document.xml", types=MACRO_TYPES.replace("vba", "vb&#97;")),
        archive(TYPES, "word/document.xml", types=" " * 2_000_000 + MACRO_TYPES),
        archive(TYPES, "xl/workbook.xml", "xl/macrosheets/sheet1.xml"),
        b"PK\x03\x04 no archive",
    ],
)
def test_other_files_are_not_taken(content):
    with pytest.raises(InvalidInputError):
        media_type(content)


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("合同.PDF", "application/pdf", "合同.PDF"),
        ("照片.jpeg", "image/jpeg", "照片.jpeg"),
        ("记录.txt", "text/plain", "记录.txt"),
        ("没有后缀", "text/plain", "没有后缀.txt"),
        ("a.hta", "text/plain", "a.hta.txt"),
        ("a.bat", "text/plain", "a.bat.txt"),
        ("a.html", "image/gif", "a.html.gif"),
        ("a.csv", "text/plain", "a.csv.txt"),
        ("a.jar", "application/zip", "a.jar.zip"),
        ("a.docm", WORD, "a.docm.docx"),
    ],
)
def test_a_name_ends_as_its_content_does(name, kind, kept):
    """A clerk opens an evidence file by a double click: its name must not make a program of it."""
    assert fitting_name(name, kind) == kept


def test_notices_are_read_and_marked(client, login, post, app_services, cases, clock):
    with app_services.write() as store:
        messages = [
            Notice("overdue", "clock:H-SIGN", body_id="110102-scjg", case_id=cases["dispatched"], dedupe="a"),
            Notice("warn", "clock:H-SIGN", body_id="110102-whly", case_id=cases["dispatched"], dedupe="b"),
        ]
        add_notices(store.session, messages, clock())
    login(client, "xc-clerk")
    page = client.get("/notices/").text
    assert page.count("标为已读</button>") == 2  # One notice, and the button for all.
    assert "已逾期" in page
    assert "签收" in page
    assert post(client, "/notices/", "/notices/read").status_code == 302
    assert "没有未读通知" in client.get("/notices/?unread=1").text


def test_nobody_marks_anothers_notice(client, login, post, app_services, clock):
    with app_services.write() as store:
        add_notices(store.session, [Notice("warn", "clock:H-SIGN", body_id="110102-whly", dedupe="b")], clock())
    with app_services.engine.connect() as connection:
        notice_id = connection.exec_driver_sql("SELECT id FROM notice").scalar()
    login(client, "xc-clerk")
    post(client, "/notices/", "/notices/read", notice_id=notice_id)
    with app_services.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT read_at FROM notice").scalar() is None


def test_an_escalation_names_who_must_answer_for_it(client, login, app_services, cases, clock):
    with app_services.write() as store:
        common = {"office_id": "xicheng", "role": "supervisor", "case_id": cases["dispatched"]}
        messages = [
            Notice("overdue", "escalation:110102-scjg:H-SIGN", **common, dedupe="a"),
            Notice("overdue", "escalation::H-DISPATCH", **common, dedupe="b"),
        ]
        add_notices(store.session, messages, clock())
    page = login(client, "xc-supervisor").get("/notices/").text
    assert "上报：签收，责任在北京市西城区市场监督管理局，请督促" in page
    assert "上报：派单，责任在派单台，请督促" in page


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 20, 16, tzinfo=UTC), "11月20日 24:00"),
        (datetime(2026, 12, 31, 16, tzinfo=UTC), "12月31日 24:00"),
        (datetime(2026, 11, 20, 9, 30, tzinfo=UTC), "11月20日 17:30"),
        (None, ""),
    ],
)
def test_a_deadline_at_midnight_belongs_to_the_day_before(request_now, at, words):
    assert times.until(at) == words


def test_every_kind_of_file_has_a_name_for_people():
    assert set(filetypes.LABELS) == set(filetypes._ENDINGS)
