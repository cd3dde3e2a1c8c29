"""登记: preview, saving, splitting, and what comes back when something is wrong."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from hotline import registering
from hotline.casework.planned import planned_clocks
from hotline.casework.state import replay
from hotline.errors import ConflictError
from hotline.intake.submission import Draft
from hotline.records import Actor
from hotline.registering import prepare_draft, register_prepared
from hotline.store.clockstore import clocks_of
from hotline.store.tables import CASE, COMPLAINT, EVENT, NUMBER_COUNTER, QUARANTINE
from hotline.vocabulary import CaseState, Kind, Role
from hotline.web.operators import saving

NEW, PREVIEW = "/operators/new", "/operators/preview"
BASE = {"channel": "12315", "urgency": "一般", "text": "在好再来商店买到劣质电水壶，花了128元，要求退款。"}


@pytest.fixture
def desk(client, login):
    return login(client, "xc-operator")


def case_of(services, location):
    case_id = re.search(r"/operators/saved/(\w+)", location)[1]
    with services.read() as store:
        snapshot = replay(store.events(case_id))
        return snapshot, store.complaint(snapshot.complaint_id)


def fragment(client, post, **fields):
    answer = post_fragment(client, {**BASE, **fields})
    assert answer.status_code == 200, answer.text
    return answer.text


def post_fragment(client, fields):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(NEW).text)[1]
    return client.post(PREVIEW, data={"csrf_token": token, **fields}, headers={"X-Fragment": "1"})


def test_the_form_has_a_label_for_every_field(desk):
    page = desk.get(NEW).text
    ids = set(re.findall(r'<(?:input|select|textarea)[^>]*? id="([^"]+)"', page)) - {"kind-proposed"}
    assert ids <= set(re.findall(r'<label[^>]* for="([^"]+)"', page))
    assert {"text", "phone", "respondent_name", "demand", "evidence_note", "happened_on", "url"} <= ids


def test_the_preview_names_category_clause_agencies_clocks_and_what_is_missing(desk, post):
    text = fragment(desk, post)
    for part in ("产品质量", "95%", "劣质", "Alt 1", "可以直接派单", "方案所列", "今天", "将起算的时限"):
        assert part in text
    assert "第7条" in text or "第十" in text or "第1" in text, "a statutory clock cites its article"
    assert "受理还缺（第10条）" in text
    assert "投诉人真实姓名" in text
    assert "服务器用时" in text
    assert "<html" not in text


def test_the_preview_says_how_long_it_took(desk):
    assert re.fullmatch(r"preview;dur=[\d.]+", post_fragment(desk, BASE).headers["Server-Timing"])


def test_the_preview_offers_what_stands_in_the_text(desk, post):
    text = fragment(desk, post, text="劣质水壶，老板电话13811112222，昨天买的，128元，在西城区。")
    assert 'data-fill="phone" data-value="13811112222"' in text
    assert 'data-fill="respondent_phone" data-value="13811112222"' in text
    assert 'data-fill="amount" data-value="128"' in text
    assert 'data-fill="happened_on" data-value="2026-11-17"' in text


def test_the_preview_says_that_garbled_text_was_repaired(desk, post):
    garbled = "店里卖的水壶是劣质的".encode("gb18030").decode("latin-1")
    text = fragment(desk, post, text=garbled)
    assert "文字中有乱码，已修复后识别" in text
    assert "店里卖的水壶是劣质的" in text
    assert "乱码" not in fragment(desk, post)


def test_what_the_model_doubts_would_go_to_triage_and_accepting_it_settles_the_doubt(desk, post):
    doubted = "商店态度很差。"
    assert "保存后进入分拣" in fragment(desk, post, text=doubted)
    assert "可以直接派单" in fragment(desk, post, text=doubted, category="product_quality")


def test_a_text_with_both_kinds_is_offered_as_a_split(desk, post):
    text = fragment(desk, post, text="举报商店长期卖劣质电器，请严查，我买的那台要求退款赔偿。")
    assert 'data-split="1"' in text


def test_earlier_complaints_of_the_same_phone_are_shown_even_without_a_text(desk, post):
    text = fragment(desk, post, text="", phone="139-0000-1234")
    assert "同一电话" in text
    assert "13900001234" not in text


def test_another_office_is_told_only_that_there_is_a_record(client, login, post):
    login(client, "bd-operator")
    text = fragment(client, post, text="", phone="13900001234")
    assert "另一办公室有相同记录" in text


def test_the_preview_works_without_a_script(desk, post):
    page = post(desk, NEW, PREVIEW, **BASE, accept="trademark").text
    assert "<html" in page
    assert re.search(r'<option value="trademark" selected>', page)
    filled = post(desk, NEW, PREVIEW, **BASE, fill="phone=13811112222").text
    assert re.search(r'name="phone" value="13811112222"', filled)


def test_saving_dispatches_and_shows_the_number_to_read_out(desk, post, app_services):
    answer = post(
        desk, NEW, NEW, **BASE, name="钱小二", phone="13811112222", demand="退款", amount="1,280", then="dispatch"
    )
    assert answer.status_code == 302
    snapshot, complaint = case_of(app_services, answer.location)
    assert snapshot.state is CaseState.DISPATCHED
    assert snapshot.legs
    assert (complaint.reporter.name, str(complaint.amount), complaint.demand) == ("钱小二", "1280", "退款")
    page = desk.get(answer.location).text
    assert "再录一件" in page
    assert "读作：二零二六" in page
    assert "已派给" in page
    assert "13811112222" not in page


def test_the_clocks_that_were_announced_are_those_that_start(desk, post, app_services):
    who = Actor("acct-xc-operator", Role.OPERATOR, "xicheng")
    draft = Draft("12315", "", BASE["text"], app_services.now(), kind=Kind.DISPUTE, raw=b"x")
    prepared = prepare_draft(app_services, draft, "xicheng")
    office = app_services.office("xicheng")
    planned = planned_clocks(prepared, office=office, rulebook=app_services.rulebook, now=app_services.now())
    made = register_prepared(app_services, prepared, who, dispatch=True, source="test")
    with app_services.read() as store:
        clocks = clocks_of(store.session, made.case_id)
    running = {(clock.policy, clock.body_id, clock.due.due_at) for clock in clocks if clock.running()}
    assert {(clock.policy, clock.body_id, clock.due_at) for clock in planned} == running
    assert any(clock.statutory and clock.article for clock in planned)
    assert all(clock.why for clock in planned)


def test_saving_without_dispatch_keeps_the_case_ready(desk, post, app_services):
    answer = post(desk, NEW, NEW, **BASE, then="keep")
    assert case_of(app_services, answer.location)[0].state is CaseState.READY


def test_what_is_in_doubt_goes_to_triage_whatever_the_button(desk, post, app_services):
    answer = post(desk, NEW, NEW, **(BASE | {"text": "商店态度很差。"}), then="dispatch")
    assert case_of(app_services, answer.location)[0].state is CaseState.TRIAGE
    assert "已进入分拣" in desk.get(answer.location).text


def test_a_kind_only_proposed_is_proposed_anew_and_a_chosen_one_stays(desk, post, app_services):
    proposed = post(desk, NEW, NEW, **BASE, kind="report", kind_proposed="report")
    assert case_of(app_services, proposed.location)[0].kind is Kind.DISPUTE
    chosen = post(desk, NEW, NEW, **BASE, kind="report", kind_proposed="")
    assert case_of(app_services, chosen.location)[0].kind is Kind.REPORT


def test_a_split_makes_two_complaints_linked_to_each_other(desk, post, app_services):
    answer = post(desk, NEW, NEW, **BASE, split="1", name="钱小二")
    first_id, second_id = re.search(r"saved/(\w+)\?also=(\w+)", answer.location).groups()
    with app_services.read() as store:
        cases = [replay(store.events(each)) for each in (first_id, second_id)]
        complaints = [store.complaint(case.complaint_id) for case in cases]
    assert [case.kind for case in cases] == [Kind.DISPUTE, Kind.REPORT]
    assert [each.linked_to for each in complaints] == [complaints[1].id, complaints[0].id]
    assert desk.get(answer.location).text.count("big-number") == 2


def test_the_same_form_sent_twice_is_one_complaint(desk, post):
    token = "0" * 32
    first = post(desk, NEW, NEW, **BASE, token=token)
    assert post(desk, NEW, NEW, **BASE, token=token).location == first.location
    changed = post(desk, NEW, NEW, **(BASE | {"text": "劣质雨伞。"}), token=token)
    assert changed.status_code == 409
    assert "劣质雨伞。" in changed.text
    assert token not in changed.text, "pressing again registers another complaint"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": " "}, "请填写来电人反映的内容"),
        ({"channel": ""}, "请选择渠道"),
        ({"channel": "99999"}, "请从列出的渠道中选择"),
        ({"amount": "很多"}, "金额无法识别"),
        ({"amount": "9" * 14}, "金额无法识别"),
        ({"happened_on": "2026-02-30"}, "日期无法识别"),
        ({"happened_on": "2027-01-01"}, "日期无法识别，或在将来"),
        ({"received_at": "2026-11-30T10:00"}, "来电时间在将来"),
        ({"received_at": "昨天"}, "时间无法识别"),
        ({"phone": "没有"}, "电话应含"),
        ({"id_number": "?!"}, "证件号只能是字母和数字"),
        ({"plan_id": "xicheng-2011"}, "另选方案请写明理由"),
        ({"plan_id": "nowhere-1999", "reason": "试"}, "请从列出的方案中选择"),
        ({"category": "nonsense"}, "请从列出的类别中选择"),
        ({"setting": "nonsense"}, "请从列出的环节中选择"),
        ({"kind": "nonsense"}, "请选择投诉、举报或咨询"),
        ({"urgency": "nonsense"}, "请选择紧急程度"),
        ({"name": "长" * 301}, "太长了"),
    ],
)
def test_unusable_input_comes_back_with_what_was_typed(desk, post, fields, message):
    answer = post(desk, NEW, NEW, **({**BASE, "goods": "留在这里的商品"} | fields))
    assert answer.status_code == 422
    assert message in answer.text
    assert "留在这里的商品" in answer.text
    assert 'aria-invalid="true"' in answer.text or "kind" in fields, "the first wrong field gets the cursor"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>劣质电水壶",
        "劣质'; DROP TABLE complaint; --",
        '=HYPERLINK("http://x")劣质',
        "劣质{{ 7*7 }}{% raw %}",
        "劣质" + "很长的话。" * 2000,
        "劣质\x00\u202e\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    ],
)
def test_a_hostile_or_long_text_is_a_text(desk, post, app_services, text):
    shown = fragment(desk, post, text=text)
    assert "<script>alert" not in shown
    answer = post(desk, NEW, NEW, **(BASE | {"text": text}))
    assert answer.status_code == 302, answer.text
    snapshot, _ = case_of(app_services, answer.location)
    page = desk.get(f"/cases/{snapshot.case_id}").text
    assert "<script>alert" not in page
    assert ("7*7" in text) <= ("7*7" in page), "a template in the text stays a text"


def test_the_channel_is_remembered_per_account(desk, post):
    post(desk, NEW, NEW, **(BASE | {"channel": "12365"}))
    assert re.search(r'<option value="12365" selected>', desk.get(NEW).text)


def test_another_plan_needs_a_reason_and_stands_in_the_trace(desk, post, app_services):
    answer = post(desk, NEW, NEW, **BASE, plan_id="xicheng-2011", reason="来电人补充在西城购买")
    snapshot, _ = case_of(app_services, answer.location)
    with app_services.read() as store:
        steps = store.assignment(snapshot.case_id).trace
    assert any("来电人补充在西城购买" in step.detail for step in steps)


def test_agencies_cannot_open_the_form(client, login):
    login(client, "xc-clerk")
    assert client.get(NEW).status_code == 403


def test_another_offices_saved_page_is_unknown(client, login, cases):
    login(client, "xc-operator")
    assert client.get(f"/operators/saved/{cases['north']}").status_code == 404
    assert client.get(f"/operators/saved/{cases['ready']}?also={cases['north']}").status_code == 404


def test_a_split_whose_second_half_cannot_be_registered_registers_nothing(desk, post, app_services, monkeypatch):
    """One transaction: also the number is given back."""
    before = counts(app_services)
    with monkeypatch.context() as broken:
        broken.setattr(saving, "link", refuse)
        assert post(desk, NEW, NEW, **BASE, split="1", name="钱小二").status_code == 409
    assert counts(app_services) == before
    answer = post(desk, NEW, NEW, **BASE, split="1", name="钱小二")
    assert answer.status_code == 302


def refuse(*_args, **_more):
    message = "刚刚有人改动。"
    raise ConflictError(message)


def counts(services):
    with services.read() as store:
        tables = (CASE, COMPLAINT, EVENT, NUMBER_COUNTER, QUARANTINE)
        return [store.session.execute(select(table)).all() for table in tables]


def test_the_form_comes_through_the_use_case_of_the_api(desk, post, app_services, monkeypatch):
    """A refused row of that id leaves quarantine, as when the API brings what was refused before."""
    seen = []
    real = registering._register_once
    monkeypatch.setattr(registering, "_register_once", lambda *args: seen.append(1) or real(*args))
    assert post(desk, NEW, NEW, **BASE).status_code == 302
    assert len(seen) == 1


def test_a_kind_that_only_the_channel_gives_is_said_to_be_the_channels(desk, post):
    assert "文中没有明说，按渠道默认" in fragment(desk, post, text="劣质水壶漏电，在好再来商店。")
    assert "由坐席选定" in fragment(desk, post, text="劣质水壶漏电，在好再来商店。", kind="report")
