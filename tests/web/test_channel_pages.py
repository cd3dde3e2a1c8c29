"""A channel added without code, quarantine put right under its own id, the raw text beside the cleaned one."""

import io
import re

import pytest
from sqlalchemy import select

from hotline.importing.files import import_file
from hotline.intake.channels import adopt_channels, load_channels
from hotline.records import Actor
from hotline.store.tables import COMPLAINT, EVENT, QUARANTINE, RAW_SUBMISSION
from hotline.vocabulary import Kind, Role

NEW = "/admin/channels/new"
FORM = {"code": "12345", "name": "12345 政务热线", "kind": "dispute", "authority": "市政府", "alias_text": "市民所述"}
SAMPLE = "流转号,市民所述,来电人电话\nA-1,东安市场的劣质水杯一用就裂,13900007777\nA-2,,13900007778\n".encode()
DESK = Actor("test", Role.SYSTEM, "xicheng")


@pytest.fixture(autouse=True)
def _shipped_only():
    yield
    adopt_channels({})


def columns(services, table, *names):
    with services.read() as store:
        return [tuple(row) for row in store.session.execute(select(*(table.c[name] for name in names)))]


def test_a_sample_shows_columns_first_rows_and_refusals(client, login, post):
    login(client, "admin")
    page = post(client, NEW, NEW, **FORM, do="try", sample=(io.BytesIO(SAMPLE), "样例.csv")).text
    assert "市民所述" in page
    assert "不认得，略过" in page
    assert "劣质水杯" in page
    assert "没有诉求内容" in page
    assert "13900007777" not in page
    assert "12345" not in load_channels()


def test_a_saved_channel_is_known_at_once_and_is_an_event(app_services, client, login, post):
    login(client, "admin")
    answer = post(client, NEW, NEW, **FORM, do="save")
    assert answer.status_code == 302
    assert (app_services.settings.channels / "12345.toml").is_file()
    assert load_channels()["12345"].field_of("市民所述") == "text"
    with app_services.read() as store:
        assert [event.data["what"] for event in store.events("channel:12345")] == ["channel_set"]
    assert "12345 政务热线" in client.get("/admin/fetched").text


def test_another_process_takes_it_up_from_the_folder(app_services):
    folder = app_services.settings.channels
    folder.mkdir()
    (folder / "a.toml").write_text('[channels.12319]\nname = "城建"\nkind = "dispute"\n', "utf-8")
    (folder / "b.toml").write_text("[channels.", "utf-8")
    app_services.refresh_rules()
    assert "12319" in load_channels()
    (folder / "a.toml").unlink()
    app_services.refresh_rules()
    assert "12319" not in load_channels()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"code": "12315"}, "code"), ({"code": "../x"}, "code"), ({"name": " "}, "name"), ({"kind": "x"}, "kind")],
)
def test_what_cannot_be_a_channel_is_refused(client, login, post, wrong, field):
    login(client, "admin")
    answer = post(client, NEW, NEW, **(FORM | wrong), do="save")
    assert answer.status_code == 422
    assert f'aria-describedby="{field}-error"' in answer.text


@pytest.mark.parametrize("who", ["xc-operator", "xc-clerk", "xc-supervisor"])
@pytest.mark.parametrize("page", [NEW, "/admin/fetched"])
def test_only_administrators_see_channels(client, login, who, page):
    assert login(client, who).get(page).status_code == 403


def test_a_row_that_comes_again_leaves_quarantine(app_services):
    bad = "编号,诉求内容\nR-1,\nR-2,劣质电池\n".encode()
    good = "编号,诉求内容\nR-1,盗版光盘\nR-2,劣质电池\n".encode()
    first = import_file(app_services, bad, "12315", DESK, source="a.csv")
    assert (first.accepted, len(first.rejected)) == (1, 1)
    assert [row for row in columns(app_services, QUARANTINE, "external_id", "resolved_at") if row[0] == "R-1"] == [
        ("R-1", None)
    ]
    second = import_file(app_services, good, "12315", DESK, source="b.csv")
    assert (second.accepted, second.duplicates) == (1, 1)
    with app_services.read() as store:
        complaint_id = store.find_submission("xicheng", "12315", "R-1")[0]
    assert [row[2] for row in columns(app_services, QUARANTINE, "external_id", "resolved_at", "complaint_id")] == [
        complaint_id
    ]


def test_a_corrected_row_keeps_its_id(app_services, client, login, post):
    import_file(app_services, "编号,诉求内容\nR-7,\n".encode(), "12315", DESK, source="a.csv")
    ((quarantine_id,),) = columns(app_services, QUARANTINE, "id")
    login(client, "xc-operator")
    page = f"/operators/new?quarantine={quarantine_id}"
    form = {"channel": "12315", "text": "东安市场的劣质水杯", "kind": "dispute", "quarantine_id": quarantine_id}
    answer = post(client, page, "/operators/new", **form, token="t-1", urgency="一般", then="keep")
    assert answer.status_code == 302, answer.text
    with app_services.read() as store:
        assert store.find_submission("xicheng", "12315", "R-7") is not None
    assert columns(app_services, QUARANTINE, "resolved_at") != [(None,)]


def test_other_content_is_shown_beside_the_first(app_services, client, login):
    import_file(app_services, "编号,诉求内容\nR-9,劣质水杯\n".encode(), "12315", DESK, source="a.csv")
    import_file(app_services, "编号,诉求内容\nR-9,盗版光盘\n".encode(), "12315", DESK, source="b.csv")
    ((quarantine_id,),) = columns(app_services, QUARANTINE, "id")
    page = login(client, "xc-operator").get(f"/operators/quarantine/{quarantine_id}").text
    assert "先登记的一件" in page
    assert "劣质水杯" in page
    assert "盗版光盘" in page


def test_the_raw_text_is_a_look_and_not_for_agencies(app_services, client, login, post, register):
    case_id = register("劣质水杯，电话13900001234", kind=Kind.DISPUTE)
    login(client, "xc-operator")
    before = len(columns(app_services, EVENT, "id"))
    page = post(client, f"/cases/{case_id}", f"/cases/{case_id}/raw", why="call_back")
    assert page.status_code == 200, page.text
    assert "收到的原文" in page.text
    assert len(columns(app_services, EVENT, "id")) == before + 1
    assert "乱码" not in page.text
    garbled = register("商店卖的水壶是劣质的".encode("gb18030").decode("latin-1"), kind=Kind.DISPUTE)
    page = post(client, f"/cases/{garbled}", f"/cases/{garbled}/raw", why="call_back").text
    assert "原文有乱码，已经修复" in page
    assert "商店卖的水壶是劣质的" in page
    other = client.application.test_client()
    login(other, "xc-clerk")
    assert post(other, f"/cases/{case_id}", f"/cases/{case_id}/raw", why="call_back").status_code == 403
    assert columns(app_services, RAW_SUBMISSION, "id")
    assert columns(app_services, COMPLAINT, "id")


def test_a_sample_without_a_known_column_names_its_columns_and_nobody(client, login, post):
    login(client, "admin")
    sample = "导出说明\n流转号,网友原话,手机\nA-1,劣质水杯一用就裂,13900007777\n".encode()
    form = {"code": "wx", "name": "公众号", "kind": "dispute", "do": "try"}
    answer = post(client, NEW, NEW, **form, sample=(io.BytesIO(sample), "样例.csv"))
    assert answer.status_code == 422
    assert "样例里的列：“流转号”、“网友原话”、“手机”" in answer.text
    assert re.search(r'id="alias_text"[^>]*aria-invalid="true"', answer.text)
    headless = "A-1,劣质水杯一用就裂了换了三次都不给换新的来电人很生气,13900007777\n".encode()
    page = post(client, NEW, NEW, **form, sample=(io.BytesIO(headless), "样例.csv")).text
    assert "13900007777" not in page
    assert "很生气" not in page


def test_an_own_channel_is_changed_from_what_it_is(client, login, post):
    login(client, "admin")
    assert post(client, NEW, NEW, **FORM, do="save").status_code == 302
    assert f'href="{NEW}?code=12345"' in client.get("/admin/fetched").text
    page = client.get(f"{NEW}?code=12345").text
    assert re.search(r'id="alias_text"[^>]*value="市民所述"', page)
    assert 'value="12345 政务热线"' in page
    assert 'value="12315' not in client.get(f"{NEW}?code=12315").text
    assert client.get(f"{NEW}?code=../x").status_code == 200
