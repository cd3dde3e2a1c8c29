"""The page of a case: who sees what, what can be done on it, and what happens when it cannot."""

import io
import re

import pytest

from hotline.casework.state import replay
from hotline.records import Respondent
from hotline.vocabulary import Action, CaseState, LegState
from hotline.web import evidence

PHONE, NAME, ADDRESS = "13900001234", "赵晓梅", "西城区某胡同5号"
MARKET, CULTURE = "110102-scjg", "110102-whly"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4
READERS_OF_NOTES = (
    ("dispatched", "xc-operator", True),
    ("report", "xc-operator", False),
    ("report", "xc-supervisor", False),
    ("report", "xc-clerk", False),
)


def snapshot(services, case_id):
    with services.read() as store:
        return replay(store.events(case_id))


def events(services, case_id):
    with services.read() as store:
        return store.events(case_id)


@pytest.fixture
def perform(app_services):
    """Send an action's form as the page holds it."""

    def send(client, case_id, action, *, leg=None, seq=None, **fields):
        page = client.get(f"/cases/{case_id}").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        now = snapshot(app_services, case_id)
        data = {"csrf_token": token, "expected_seq": now.seq if seq is None else seq, **fields}
        if leg is not None:
            data["leg_id"] = next(each.id for each in now.legs if each.body_id == leg)
        return client.post(f"/cases/{case_id}/actions/{action}", data=data)

    return send


# ---- what is shown ---------------------------------------------------------------------------


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


# ---- what can be done ------------------------------------------------------------------------


def test_the_desk_dispatches_as_the_plan_proposes(client, login, cases, app_services, perform):
    login(client, "xc-operator")
    page = client.get(f"/cases/{cases['ready']}").text
    assert re.search(rf'value="{MARKET}" selected', page)
    answer = perform(client, cases["ready"], "dispatch", lead=MARKET, plan="xicheng-2011", clause="二（一）3")
    assert answer.status_code == 302
    after = snapshot(app_services, cases["ready"])
    assert after.state is CaseState.DISPATCHED
    assert [leg.body_id for leg in after.legs] == [MARKET]


def test_an_agency_signs_accepts_and_resolves(client, app, login, app_services, perform, register, step):
    case_id = register("劣质水杯裂开。", dispatch=False)
    step(case_id, "xc-operator", Action.DISPATCH, lead=MARKET)
    login(client, "xc-clerk")
    assert perform(client, case_id, "sign", leg=MARKET).status_code == 302
    assert perform(client, case_id, "accept", leg=MARKET, told="1").status_code == 302
    answer = perform(client, case_id, "resolve", leg=MARKET, outcome="settled", text="双方和解，已退款。")
    assert answer.status_code == 302
    after = snapshot(app_services, case_id)
    assert after.state is CaseState.RESOLVED
    assert after.legs[0].state is LegState.RESOLVED
    desk = login(app.test_client(), "xc-operator")
    assert "双方和解，已退款。" in desk.get(f"/cases/{case_id}").text
    assert perform(desk, case_id, "review").status_code == 302
    assert perform(desk, case_id, "follow_up", satisfied="yes", solved="1").status_code == 302
    assert snapshot(app_services, case_id).state is CaseState.ARCHIVED


def test_a_missing_field_is_said_beside_it_and_what_was_typed_stays(client, login, cases, app_services, perform):
    login(client, "xc-clerk")
    before = snapshot(app_services, cases["dispatched"])
    answer = perform(client, cases["dispatched"], "return", leg=MARKET, clause="二（一）3", text="应由文化部门办理")
    assert answer.status_code == 422
    assert "请填写“应当承办的单位”" in answer.text
    assert "应由文化部门办理</textarea>" in answer.text
    assert "<details" in answer.text
    assert re.search(r'id="form-return-[0-9a-f]+" open', answer.text)
    assert snapshot(app_services, cases["dispatched"]) == before


def test_a_return_goes_to_the_desk(client, login, cases, app_services, perform):
    login(client, "xc-clerk")
    fields = {"clause": "二（一）3", "owner": CULTURE, "text": "属于文化市场"}
    assert perform(client, cases["dispatched"], "return", leg=MARKET, **fields).status_code == 302
    assert snapshot(app_services, cases["dispatched"]).state is CaseState.DISPUTED


def test_the_second_of_two_gets_a_conflict_and_keeps_the_text(client, app, login, cases, app_services, perform):
    first, second = login(app.test_client(), "xc-clerk"), login(client, "xc-responsible")
    seen = snapshot(app_services, cases["dispatched"]).seq
    assert perform(first, cases["dispatched"], "sign", leg=MARKET, seq=seen).status_code == 302
    fields = {"clause": "二（一）3", "owner": CULTURE, "text": "属于文化市场，请改派"}
    answer = perform(second, cases["dispatched"], "return", leg=MARKET, seq=seen, **fields)
    assert answer.status_code == 409
    assert "别人刚刚办理过" in answer.text
    assert "属于文化市场，请改派" in answer.text
    assert snapshot(app_services, cases["dispatched"]).state is CaseState.DISPATCHED


def test_the_same_action_twice_keeps_the_text_though_the_form_is_gone(client, login, cases, app_services, perform):
    login(client, "xc-operator")
    seen = snapshot(app_services, cases["other"]).seq
    fields = {"where": "12345", "to": "市民热线", "handed_at": "2026-11-18T09:30", "text": "电话转办"}
    assert perform(client, cases["other"], "hand_on", **fields).status_code == 302
    answer = perform(client, cases["other"], "hand_on", seq=seen, **fields)
    assert answer.status_code == 409
    assert "电话转办" in answer.text


def test_a_look_or_a_note_in_between_is_no_conflict(client, app, login, cases, app_services, perform, post):
    login(client, "xc-clerk")
    seen = snapshot(app_services, cases["dispatched"]).seq
    desk = login(app.test_client(), "xc-operator")
    page = f"/cases/{cases['dispatched']}"
    post(desk, page, f"{page}/look", why="verify")
    assert perform(desk, cases["dispatched"], "note", text="来电催问").status_code == 302
    assert perform(client, cases["dispatched"], "sign", leg=MARKET, seq=seen).status_code == 302


def test_the_desk_classifies_anew_with_another_plan_and_a_reason(client, login, cases, app_services, perform):
    login(client, "xc-operator")
    fields = {"category": "copyright", "setting": "market", "kind": "report", "urgency": "紧急"}
    answer = perform(client, cases["triage"], "classify", plan_id="xicheng-2011", **fields)
    assert answer.status_code == 422
    assert "另选方案请写明理由" in answer.text
    reason = "来电人13900001234说在西城"
    answer = perform(client, cases["triage"], "classify", plan_id="xicheng-2011", reason=reason, **fields)
    assert answer.status_code == 302, re.findall(r'role="alert">(.*?)<', answer.text, re.DOTALL)
    after = snapshot(app_services, cases["triage"])
    assert (after.category, after.kind.value, after.urgency.value) == ("copyright", "report", "紧急")
    assert after.state is CaseState.READY
    page = client.get(f"/cases/{cases['triage']}").text
    assert "由人改定" in page
    with app_services.read() as store:
        trace = " ".join(step.detail for step in store.assignment(cases["triage"]).trace)
    assert "说在西城" in trace
    assert PHONE not in trace


@pytest.mark.parametrize(("field", "value"), [("category", "nonsense"), ("setting", "nonsense"), ("plan_id", "x")])
def test_a_code_that_is_not_offered_is_refused(client, login, cases, perform, field, value):
    login(client, "xc-operator")
    fields = {"category": "copyright", "setting": "market", "kind": "report", "urgency": "一般", "reason": "x"}
    assert perform(client, cases["triage"], "classify", **(fields | {field: value})).status_code == 422


def test_an_extension_is_asked_for_and_granted(client, app, login, cases, app_services, perform):
    login(client, "xc-clerk")
    perform(client, cases["dispatched"], "sign", leg=MARKET)
    page = client.get(f"/cases/{cases['dispatched']}").text
    offered = re.findall(r'<option value="(H-[A-Z\-0-9]+)"', page)
    assert offered
    fields = {"policy": offered[0], "amount": "1", "text": "需要补充检测"}
    answer = perform(client, cases["dispatched"], "request_extend", leg=MARKET, **fields)
    assert answer.status_code == 302, answer.text
    request = snapshot(app_services, cases["dispatched"]).extensions[0]
    boss = login(app.test_client(), "xc-supervisor")
    assert "延长 1" in boss.get(f"/cases/{cases['dispatched']}").text
    answer = perform(boss, cases["dispatched"], "extend", leg=MARKET, request_id=request.id)
    assert answer.status_code == 302
    assert snapshot(app_services, cases["dispatched"]).extensions == ()


def test_a_date_in_the_future_or_unreadable_is_refused(client, login, cases, perform):
    login(client, "xc-clerk")
    perform(client, cases["dispatched"], "sign", leg=MARKET)
    for at, told in (("2026-12-01T10:00", "时间在将来"), ("neulich", "请填写日期和时间")):
        answer = perform(client, cases["dispatched"], "contact", leg=MARKET, at=at)
        assert answer.status_code == 422
        assert told in answer.text


def test_the_wrong_role_and_the_wrong_state_are_told_apart(client, app, login, cases, perform):
    login(client, "xc-operator")
    assert perform(client, cases["dispatched"], "sign", leg=MARKET).status_code == 403
    answer = perform(client, cases["ready"], "review")
    assert answer.status_code == 409
    assert "不能“审核通过”" in answer.text


@pytest.mark.parametrize("action", ["nonsense", "SIGN", "..%2f", "register "])
def test_an_unknown_action_is_not_found(client, login, cases, post, action):
    login(client, "xc-operator")
    page = f"/cases/{cases['ready']}"
    assert post(client, page, f"{page}/actions/{action}", expected_seq="1").status_code == 404


@pytest.mark.parametrize("seq", ["", "-1", "x", "99999999999", "١"])
def test_a_form_that_was_tampered_with_is_refused(client, login, cases, post, seq):
    login(client, "xc-operator")
    page = f"/cases/{cases['ready']}"
    assert post(client, page, f"{page}/actions/note", expected_seq=seq, text="x").status_code == 422


def test_an_action_of_the_system_cannot_be_sent(client, login, cases, perform):
    login(client, "xc-operator")
    assert perform(client, cases["ready"], "register").status_code == 409


@pytest.mark.parametrize(
    ("back", "goes"),
    [("/notices/", "/notices/"), ("//evil.example", None), ("https://evil.example", None), ("/\\evil", None)],
)
def test_after_an_action_the_way_back_stays_in_the_house(client, login, cases, perform, back, goes):
    login(client, "xc-operator")
    answer = perform(client, cases["ready"], "note", text="记一笔", back=back)
    assert answer.headers["Location"] == (goes or f"/cases/{cases['ready']}")


# ---- evidence --------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("evidence", {"evidence_id": "f" * 32, "sha256": "a" * 64, "size": "5"}),
        ("look", {"fields": ["name", "phone"]}),
        ("register", {}),
    ],
)
def test_what_has_no_form_cannot_be_sent_as_one(client, login, cases, app_services, perform, action, fields):
    """A file that was never uploaded, or a look at nobody, must not enter the record."""
    login(client, "xc-operator")
    before = len(events(app_services, cases["dispatched"]))
    assert perform(client, cases["dispatched"], action, **fields).status_code == 409
    assert len(events(app_services, cases["dispatched"])) == before


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
