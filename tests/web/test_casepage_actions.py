"""What can be done on the page of a case, and what happens when it cannot."""

import re
from datetime import datetime

import pytest

from hotline.moments import SHANGHAI
from hotline.vocabulary import Action, CaseState, LegState
from tests.web.casepage_world import MARKET, PHONE, events, snapshot

CULTURE = "110102-whly"


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


def test_a_return_is_offered_to_the_end_of_its_time_and_then_the_page_says_what_to_do(
    client, app, login, cases, perform, clock
):
    page = f"/cases/{cases['dispatched']}"
    clock.moment = datetime(2026, 11, 21, tzinfo=SHANGHAI)
    login(client, "xc-clerk")
    assert 'id="form-return-' in client.get(page).text
    clock.forward(minutes=1)
    text = client.get(page).text
    assert 'id="form-return-' not in text
    assert "退单时限已于 2026-11-21 00:00 届满" in text
    assert "联系派单台收回改派" in text
    fields = {"clause": "二（一）3", "owner": CULTURE, "text": "属于文化市场，不属本单位"}
    answer = perform(client, cases["dispatched"], "return", leg=MARKET, **fields)
    assert answer.status_code == 409
    assert "属于文化市场，不属本单位" in answer.text
    assert "退单时限已于" not in login(app.test_client(), "xc-operator").get(page).text


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
    offered = re.findall(r'<option value="(H-[A-Z\-0-9]+)" selected', page)
    assert len(offered) == 1, "the only clock that can be extended is chosen already"
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
    answer = perform(client, cases["ready"], "withdraw", text="来电人不再要求", back=back)
    assert answer.headers["Location"] == (goes or f"/cases/{cases['ready']}")


def test_after_a_step_on_the_way_the_case_stays_open_with_the_way_back(client, login, cases, perform):
    login(client, "xc-clerk")
    queue = "/agencies/queue"
    answer = perform(client, cases["dispatched"], "sign", leg=MARKET, back=queue)
    assert answer.headers["Location"] == f"/cases/{cases['dispatched']}?back={queue}"
    page = client.get(answer.headers["Location"]).text
    assert re.search(rf'<a [^>]*href="{re.escape(queue)}"[^>]*>返回列表</a>', page)
    assert re.search(r"2026-\d{6}-\d “签收”已登记。", page)
    fields = {"clause": "二（一）3", "owner": CULTURE, "text": "属于文化市场", "back": queue}
    done = perform(client, cases["dispatched"], "return", leg=MARKET, **fields)
    assert done.headers["Location"] == queue


@pytest.mark.parametrize("back", ["javascript:alert(1)", "//evil.example", "https://evil.example"])
def test_the_way_back_of_a_case_is_never_somebody_elses(client, login, cases, back):
    page = login(client, "xc-operator").get(f"/cases/{cases['ready']}", query_string={"back": back}).text
    assert "返回列表" not in page
    assert "evil" not in page
    assert "javascript" not in page


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
