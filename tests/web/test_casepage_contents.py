"""What the page of a case holds: who reads its text, its notes and the caller's identity, and the evidence kept."""

import io
import re

import pytest

from hotline.records import Respondent
from hotline.vocabulary import Action, Kind
from hotline.web import evidence
from tests.web.casepage_world import MARKET, PHONE, events, snapshot

NAME, ADDRESS = "赵晓梅", "西城区某胡同5号"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4
READERS_OF_NOTES = (
    ("dispatched", "xc-operator", True),
    ("report", "xc-operator", False),
    ("report", "xc-supervisor", False),
    ("report", "xc-clerk", False),
)


@pytest.fixture
def upload(app_services):
    def send(client, case_id, content, name, leg=None):
        page = client.get(f"/cases/{case_id}").text
        data = {
            "csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page)[1],
            "file": (io.BytesIO(content), name),
        }
        if leg:
            data["leg_id"] = next(each.id for each in snapshot(app_services, case_id).legs if each.body_id == leg)
        return client.post(f"/cases/{case_id}/evidence", data=data, follow_redirects=True)

    return send


# ---- text, notes and identity ----------------------------------------------------------------


def test_the_desk_reads_the_text_and_why(client, login, cases):
    login(client, "xc-operator")
    page = client.get(f"/cases/{cases['dispatched']}").text
    assert "用了两天就坏" in page
    assert "加强产品质量监管" in page  # The clause, verbatim.
    assert "区质监局" in page
    assert "北京市西城区市场监督管理局" in page
    assert "为什么是这一天" in page
    assert "总局121号令" in page
    assert "劣质" in page


def test_identity_is_hidden_until_somebody_looks(client, login, cases, app_services, post):
    login(client, "xc-operator")
    page = f"/cases/{cases['dispatched']}"
    before = client.get(page).text
    assert NAME not in before
    assert ADDRESS not in before
    assert "赵**" in before
    shown = post(client, page, f"{page}/look", why="verify").text
    assert all(value in shown for value in (NAME, PHONE, ADDRESS))
    last = events(app_services, cases["dispatched"])[-1]
    assert last.action is Action.LOOK
    assert set(last.data["fields"]) == {"name", "phone", "id_number", "address"}
    assert NAME not in client.get(page).text


def test_the_lead_of_a_dispute_sees_name_and_phone_only(client, login, cases, app_services, post):
    login(client, "xc-clerk")
    page = f"/cases/{cases['dispatched']}"
    assert PHONE in client.get(page).text  # It stands in the text, which mediation needs.
    shown = post(client, page, f"{page}/look", why="verify").text
    assert NAME in shown
    assert ADDRESS not in shown
    assert set(events(app_services, cases["dispatched"])[-1].data["fields"]) == {"name", "phone"}


def test_of_a_report_the_agency_learns_nothing(client, login, cases, app_services, post):
    login(client, "xc-clerk")
    page = f"/cases/{cases['report']}"
    text = client.get(page).text
    for secret in (NAME, PHONE, "1234", "赵*", ADDRESS):
        assert secret not in text
    assert "已登记，不公开" in text
    before = len(events(app_services, cases["report"]))
    refused = post(client, page, f"{page}/look", why="verify")
    assert refused.status_code in (403, 409)
    assert NAME not in refused.text
    assert len(events(app_services, cases["report"])) == before


@pytest.mark.parametrize(("kind", "reader", "reads"), READERS_OF_NOTES)
def test_who_reads_a_note_that_names_the_caller(client, app, login, cases, perform, kind, reader, reads):
    desk = login(app.test_client(), "xc-operator")
    answer = perform(desk, cases[kind], "note", text=f"{NAME}又来电，号码{PHONE}，催问进展")
    assert answer.status_code == 302
    login(client, reader)
    text = client.get(f"/cases/{cases[kind]}").text
    assert "催问进展" in text
    assert (f"{NAME}又来电" in text, PHONE in text) == (reads, reads)


def test_hostile_text_is_shown_as_text(client, login, register):
    hostile = "劣质货 <script>alert(1)</script> {{7*7}} '; DROP TABLE case_file;-- =cmd()"
    respondent = Respondent(name='<img src=x onerror="1">')
    case_id = register(hostile, respondent=respondent)
    login(client, "xc-operator")
    page = client.get(f"/cases/{case_id}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "DROP TABLE case_file" in page


def test_a_long_text_is_shown_whole(client, login, register):
    text = "劣质商品，" + "很长的经过。" * 1300 + "完"
    case_id = register(text)
    login(client, "xc-operator")
    assert "很长的经过。完" in client.get(f"/cases/{case_id}").text


def test_related_complaints_are_the_desks_only(client, app, login, cases):
    desk = login(app.test_client(), "xc-operator").get(f"/cases/{cases['dispatched']}").text
    assert "同一电话" in desk
    assert "另一办公室有相关诉求" in desk
    login(client, "xc-clerk")
    assert "同一电话" not in client.get(f"/cases/{cases['dispatched']}").text


def test_triage_says_why(client, login, cases):
    login(client, "xc-operator")
    assert "类别把握不足" in client.get(f"/cases/{cases['triage']}").text
    assert "不属于本系统受理范围" in client.get(f"/cases/{cases['other']}").text


def test_an_overdue_clock_shows_at_once(client, login, cases, clock):
    login(client, "xc-operator")
    clock.forward(hours=11)
    assert "逾期" not in client.get(f"/cases/{cases['dispatched']}").text
    client.delete_cookie("hotline_session")
    clock.forward(days=9)
    login(client, "xc-operator")
    page = client.get(f"/cases/{cases['dispatched']}").text
    assert "tag-late" in page
    assert re.search(r"逾期 \d+ 天", page)


# ---- evidence --------------------------------------------------------------------------------


def test_evidence_is_kept_sealed_and_only_downloaded(client, login, cases, app_services, upload):
    login(client, "xc-clerk")
    page = upload(client, cases["dispatched"], PDF, "C:\\合同 <b>.pdf", leg=MARKET).text
    assert "证据已上传" in page
    assert "合同 &lt;b&gt;.pdf" in page
    link = re.search(rf"/cases/{cases['dispatched']}/evidence/[0-9a-f]+", page)[0]
    got = client.get(link)
    assert got.data == PDF
    assert got.mimetype == "application/octet-stream"
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in got.headers["Content-Security-Policy"]
    with app_services.read() as store:
        kept = store.evidence_list(cases["dispatched"])[0]
    assert kept.media_type == "application/pdf"
    assert kept.sha256 in page
    last = events(app_services, cases["dispatched"])[-1]
    assert (last.action, last.data["sha256"]) == (Action.EVIDENCE, kept.sha256)
    raw = app_services.settings.sqlite_path.read_bytes()
    assert PDF[20:200] not in raw


def test_evidence_is_never_named_like_a_program(client, login, cases, app_services, upload):
    login(client, "xc-clerk")
    upload(client, cases["dispatched"], b"<hta:application/>", "发票.hta", leg=MARKET)
    upload(client, cases["dispatched"], PDF, "长" * 300 + ".exe", leg=MARKET)
    with app_services.read() as store:
        names = [each.filename for each in store.evidence_list(cases["dispatched"])]
    assert names[0] == "发票.hta.txt"
    assert names[1].endswith("长.pdf")
    assert len(names[1]) <= evidence.MAX_NAME


def test_evidence_of_one_case_is_not_found_under_another(client, login, cases, upload, app):
    login(client, "xc-operator")
    page = upload(client, cases["dispatched"], PDF, "a.pdf").text
    link = re.search(rf"/cases/{cases['dispatched']}/evidence/([0-9a-f]+)", page)[1]
    assert client.get(f"/cases/{cases['ready']}/evidence/{link}").status_code == 404
    stranger = login(app.test_client(), "bd-operator")
    assert stranger.get(f"/cases/{cases['dispatched']}/evidence/{link}").status_code == 404
    assert stranger.get(f"/cases/{cases['north']}/evidence/{link}").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "empty.pdf", "文件是空的"),
        (b"MZ\x90\x00" + b"\x00" * 90, "photo.png", "不收这种文件"),
        (b"<html><script>alert(1)</script>\x00", "page.pdf", "不收这种文件"),
        (b"%PDF-" + b"0" * 2000, "big.pdf", "超过 20 MB"),
    ],
)
def test_a_file_that_is_not_taken_is_refused_with_its_reason(
    client, login, cases, app_services, upload, monkeypatch, content, name, told
):
    assert evidence.MAX_BYTES == 20 * 1024 * 1024
    monkeypatch.setattr(evidence, "MAX_BYTES", 1000)
    login(client, "xc-operator")
    before = len(events(app_services, cases["dispatched"]))
    assert told in upload(client, cases["dispatched"], content, name).text
    assert len(events(app_services, cases["dispatched"])) == before


def test_far_too_much_is_refused_before_it_is_read(client, login, cases):
    login(client, "xc-operator")
    answer = client.post(
        f"/cases/{cases['dispatched']}/evidence",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(22 * 1024 * 1024)},
    )
    assert answer.status_code == 413
    assert "20 MB" in answer.text


def test_far_too_much_is_read_to_its_end_so_that_the_answer_arrives(client, login, cases):
    """A browser that is cut off while it sends shows a broken connection instead of the message."""
    login(client, "xc-operator")
    sent = io.BytesIO(bytes(22 * 1024 * 1024))
    answer = client.post(
        f"/cases/{cases['dispatched']}/evidence",
        input_stream=sent,
        content_type="multipart/form-data; boundary=x",
        content_length=22 * 1024 * 1024,
    )
    assert answer.status_code == 413
    assert sent.tell() == 22 * 1024 * 1024


@pytest.mark.parametrize(("kind", "shown"), [(Kind.DISPUTE, True), (Kind.REPORT, False)])
def test_the_history_names_what_a_dispute_lacks_and_asks_it_of_no_report(client, login, register, kind, shown):
    case_id = register("店里卖假酒，请你们来查。", kind=kind, respondent=Respondent(), dispatch=False)
    login(client, "xc-operator")
    page = client.get(f"/cases/{case_id}").text
    assert ("第10条还缺" in page) is shown
