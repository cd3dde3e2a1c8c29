"""导入、隔离记录: files taken at the desk, and what was refused looked at, put right or dismissed."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from sqlalchemy import select

from hotline.intake.submission import NO_TEXT
from hotline.store import worklists
from hotline.store.tables import QUARANTINE as QUARANTINE_TABLE
from tests.web.conftest import field_in

IMPORT, QUARANTINE = "/operators/import", "/operators/quarantine"


@pytest.fixture
def desk(client, login):
    return login(client, "xc-operator")


TABLE = "工单编号,诉求内容,联系电话,登记时间\nA1,劣质台灯漏电,13811112222,2026-11-17 10:00\nA2,,13811113333,\n"


def upload(client, content, channel="12315", name="tickets.csv"):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(IMPORT).text)[1]
    data = {"csrf_token": token, "channel": channel, "file": (io.BytesIO(content), name)}
    return client.post(IMPORT, data=data, content_type="multipart/form-data")


def test_an_import_says_what_became_of_each_row_and_repeats_without_effect(desk):
    page = upload(desk, TABLE.encode()).text
    assert re.findall(r'class="stat"><b>(\d+)', page) == ["1", "0", "1"]
    assert "没有诉求内容" in page
    assert "隔离记录 1 条待处理" in desk.get(IMPORT).text
    again = upload(desk, TABLE.encode("gb18030")).text
    assert re.findall(r'class="stat"><b>(\d+)', again)[:2] == ["0", "1"]


def test_an_import_shows_what_its_records_likely_repeat(desk):
    """Under what they are judged to be; each with both numbers to open, and nobody's telephone."""
    told = "柳林村村东头鱼塘边上有个院子加工劣质猪血，味道很重，工人往桶里倒福尔马林。"
    table = f"工单编号,诉求内容,联系电话,性质\nA1,{told},,举报\nA2,{told},,举报\nA3,劣质台灯,13900001234,投诉\n"
    page = upload(desk, table.encode()).text
    assert "可能重复（2 条）" in page
    assert "同一来电人或被投诉人（1 条）" in page
    numbers = re.findall(r'<a class="number" href="/cases/\w+"[^>]*>([0-9-]+)</a>', page.split("疑似重复", 1)[1])
    assert len(numbers) >= 4
    assert numbers[:2] == numbers[2:4][::-1]
    assert "13900001234" not in page
    assert "没有发现与以前的诉求重复" in upload(desk, "工单编号,诉求内容\nB1,隔壁厂房夜里灌装假白酒\n".encode()).text


@pytest.mark.parametrize(
    ("content", "channel", "kept"),
    [(b"\x89PNG\r\n\x1a\n\x00\x00\x00", "12315", True), (b"", "12315", False), (b"a,b\n1,2\n", "12315", True)],
)
def test_an_unusable_file_is_refused_and_kept(desk, content, channel, kept):
    answer = upload(desk, content, channel)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert ("原文件已存入隔离记录" in answer.text) is kept


def test_a_file_that_is_no_text_is_not_offered_for_correction_in_the_form(desk):
    upload(desk, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), name="old.xls")
    link = re.search(rf'href="({QUARANTINE}/[^"]+)"', desk.get(QUARANTINE).text)[1]
    page = desk.get(link).text
    assert "重新导入" in page
    assert "在登记表中改正</a>" not in page


def test_an_unknown_channel_and_a_missing_file_are_named(desk, post):
    assert upload(desk, TABLE.encode(), "99999").status_code == 422
    answer = post(desk, IMPORT, IMPORT, channel="12315")
    assert answer.status_code == 422
    assert "请选择一个文件" in answer.text


def refused(client):
    upload(client, TABLE.encode())
    page = client.get(QUARANTINE).text
    return re.search(r"/operators/quarantine/(\w+)", page)[1]


def test_a_refused_row_is_looked_at_put_right_and_registered(desk, post, app_services):
    quarantine_id = refused(desk)
    page = desk.get(f"{QUARANTINE}/{quarantine_id}").text
    assert "A2,,13811113333" in page
    form = desk.get(f"/operators/new?quarantine={quarantine_id}").text
    assert "A2,,13811113333" in form, "the original stands beside what is put right"
    assert field_in(form, "phone") == "13811113333"
    answer = post(
        desk,
        "/operators/new",
        "/operators/new",
        channel="12315",
        text="劣质插座，来电补充。",
        quarantine_id=quarantine_id,
    )
    assert answer.status_code == 302
    assert f'href="{QUARANTINE}"' in desk.get(answer.location).text, "the next refused record is one click away"
    with app_services.read() as store:
        line = worklists.quarantine_line(store.session, "xicheng", quarantine_id)
        looks = store.events(f"quarantine:{quarantine_id}")
    assert line.complaint_id
    assert {event.data["what"] for event in looks} == {"viewed"}
    assert "已改正登记" in desk.get(f"{QUARANTINE}/{quarantine_id}").text
    assert desk.get(f"/operators/new?quarantine={quarantine_id}").status_code == 422


@pytest.mark.parametrize(
    ("content", "text", "phone"),
    [
        ("Q1,西单一家店卖假冒鞋,2023-02-30,13800002222", "西单一家店卖假冒鞋", "13800002222"),
        ("Q1\t西单，一家店卖假冒鞋\t13800002222\t13800003333", "西单，一家店卖假冒鞋", ""),
        ("Q4,多一列,2026-11-20,1,2,3", "多一列", ""),
        ("没有分栏的一段话", "没有分栏的一段话", ""),
        ('"没有收尾的引号,甲', '"没有收尾的引号,甲', ""),
    ],
)
def test_a_refused_row_of_a_table_fills_the_text_and_the_phone(desk, app_services, content, text, phone):
    with app_services.write() as store:
        quarantine_id = store.quarantine(
            office_id="xicheng",
            channel="12315",
            source="页面导入：甲.csv",
            reason="时间无法识别",
            content=content.encode(),
            at=app_services.now(),
        )
    page = unescape(desk.get(f"/operators/new?quarantine={quarantine_id}").text)
    assert re.search(r'name="text"[^>]*>\n(.*)</textarea>', page)[1] == text
    assert field_in(page, "phone") == phone
    assert "时间无法识别" in page
    assert "页面导入：甲.csv" in desk.get(QUARANTINE).text


NAMED = "工单编号,诉求内容,联系电话,被投诉人,被投诉人电话,登记时间,备用列\n"


def put_back(desk, app_services, row):
    """The first record that a file with this row leaves in quarantine: its id and what stands in its sealed columns."""
    upload(desk, (NAMED + row).encode())
    quarantine_id = re.search(rf"{QUARANTINE}/([0-9a-f]{{32}})", desk.get(QUARANTINE).text)[1]
    with app_services.read() as store:
        row = store.session.execute(select(QUARANTINE_TABLE).where(QUARANTINE_TABLE.c.id == quarantine_id)).one()
    return quarantine_id, row


def test_a_refused_row_is_put_right_by_its_own_column_names(desk, app_services):
    quarantine_id, row = put_back(desk, app_services, "Q7,买到假鞋,13811112222,永和鞋店,13911113333,2023-02-30,周三\n")
    names = "工单编号：Q7\n诉求内容：买到假鞋\n联系电话：13811112222\n被投诉人：永和鞋店\n被投诉人电话：13911113333"
    for url in (f"{QUARANTINE}/{quarantine_id}", f"/operators/new?quarantine={quarantine_id}"):
        page = unescape(desk.get(url).text)
        assert f"{names}\n登记时间：2023-02-30\n备用列：周三</div>" in page
    fields = {"phone": "13811112222", "respondent_name": "永和鞋店", "respondent_phone": "13911113333"}
    assert {name: field_in(page, name) for name in fields} == fields
    assert field_in(page, "received_at") == ""
    assert re.search(r'name="text"[^>]*>\n(.*)</textarea>', page)[1] == "买到假鞋"
    assert row.header
    assert not any("诉求内容".encode() in value or b"\\u8bc9" in value for value in row if isinstance(value, bytes))


def test_a_row_of_two_files_is_put_right_once(desk, post, app_services):
    row = "Q7,买到假鞋,13811112222,永和鞋店,13911113333,2023-02-30,周三\n"
    quarantine_id, _ = put_back(desk, app_services, row)
    assert put_back(desk, app_services, "Q6,买到假帽子,,,,2023-02-31,\n" + row)[0] != quarantine_id
    waiting = desk.get(QUARANTINE).text
    assert waiting.count(quarantine_id) == 2, "one line with two links"
    assert "同一内容出现 2 次" in waiting
    page = desk.get(f"{QUARANTINE}/{quarantine_id}").text
    assert "页面导入：tickets.csv 第 1 条，第 2 行；页面导入：tickets.csv 第 2 条，第 3 行" in page
    form = {"channel": "12315", "text": "买到假鞋", "quarantine_id": quarantine_id}
    assert post(desk, "/operators/new", "/operators/new", **form).status_code == 302
    assert "买到假鞋" not in desk.get(QUARANTINE).text
    assert quarantine_id not in desk.get(QUARANTINE).text


def test_a_refused_row_with_a_column_too_many_says_that_names_may_be_shifted(desk, app_services):
    quarantine_id, _ = put_back(desk, app_services, "Q8,买到假鞋，假的,13811112222,永和鞋店,,,,多\n")
    page = unescape(desk.get(f"/operators/new?quarantine={quarantine_id}").text)
    assert "列数与表头不符" in page
    assert "（多出的一列）：多" in page
    assert field_in(page, "respondent_name") == ""
    assert field_in(page, "phone") == "13811112222"


@pytest.mark.parametrize(
    ("content", "reason", "text", "received"),
    [
        ("R1,多一列的一行,2026-11-20 08:05,13800002222", "编号重复", "多一列的一行", "2026-11-20T08:05"),
        ("R2,多一列的一行,2026年11月2日", "编号重复", "多一列的一行", "2026-11-02T00:00"),
        ("R3,两个时间的一行,2026-11-20 08:05,2026-11-21 08:05", "编号重复", "两个时间的一行", ""),
        ("R4,没有这一天的一行,2026-13-45 08:05", "时间无法识别", "没有这一天的一行", ""),
        ("R5,单号20261120不是时间,20261120080500", "编号重复", "单号20261120不是时间", ""),
        ('{"text": "一段诉求", "登记时间": "2026-11-20T00:05:00Z"}', "编号重复", "一段诉求", "2026-11-20T08:05"),
        ('{"text": "一段诉求", "登记时间": "某天"}', "编号重复", "一段诉求", ""),
        ("R6,,永和超市,2026-11-20 08:05", NO_TEXT, "", "2026-11-20T08:05"),
    ],
)
def test_a_refused_record_keeps_its_time_and_takes_no_name_for_the_text(
    desk, app_services, content, reason, text, received
):
    with app_services.write() as store:
        quarantine_id = store.quarantine(
            office_id="xicheng",
            channel="12315",
            source="页面导入：甲.csv",
            reason=reason,
            content=content.encode(),
            at=app_services.now(),
        )
    page = unescape(desk.get(f"/operators/new?quarantine={quarantine_id}").text)
    assert re.search(r'name="text"[^>]*>\n(.*)</textarea>', page)[1] == text
    assert field_in(page, "received_at") == received


def test_a_refused_record_of_json_fills_the_fields_it_has(desk, app_services):
    body = '{"text": "", "goods": "电热毯", "reporter": {"name": "孙七", "phone": "13811114444"}, "amount": 88}'
    with app_services.write() as store:
        quarantine_id = store.quarantine(
            office_id="xicheng",
            channel="12315",
            source="api",
            reason="没有诉求内容",
            content=body.encode(),
            at=app_services.now(),
        )
    page = desk.get(f"/operators/new?quarantine={quarantine_id}").text
    for name, value in (("goods", "电热毯"), ("name", "孙七"), ("phone", "13811114444"), ("amount", "88")):
        assert field_in(page, name) == value


def test_dismissing_needs_a_reason_and_keeps_it(desk, post, app_services):
    quarantine_id = refused(desk)
    url = f"{QUARANTINE}/{quarantine_id}"
    assert post(desk, url, f"{url}/dismiss", reason=" ").status_code == 422
    assert post(desk, url, f"{url}/dismiss", reason="重复的空行").status_code == 302
    page = desk.get(url).text
    assert "已作废" in page
    assert "重复的空行" in page
    token_page = desk.get("/operators/new").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', token_page)[1]
    assert desk.post(f"{url}/dismiss", data={"csrf_token": token, "reason": "再来"}).status_code == 422


def test_another_offices_refused_record_is_unknown(desk, client, login, post):
    quarantine_id = refused(desk)
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.get("/operators/new").text)[1]
    desk.post("/logout", data={"csrf_token": token})
    login(client, "bd-operator")
    assert client.get(f"{QUARANTINE}/{quarantine_id}").status_code == 404
    assert client.get(f"/operators/new?quarantine={quarantine_id}").status_code == 404
    assert post(client, "/operators/new", f"{QUARANTINE}/{quarantine_id}/dismiss", reason="看不见").status_code == 404
    kept = post(client, "/operators/new", "/operators/new", channel="12315", text="劣质", quarantine_id=quarantine_id)
    assert kept.status_code == 404
