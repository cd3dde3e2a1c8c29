"""分拣, 派单台, 查询: the desk's worklists worked through as a person would."""

from __future__ import annotations

import re

import pytest

from hotline.casework.desk import act
from hotline.casework.state import replay
from hotline.records import Command
from hotline.store import worklists
from hotline.store.accounts import account_by_username
from hotline.vocabulary import Action, CaseState, LegRole
from tests.web.conftest import field_in

TRIAGE, DESK, SEARCH = "/operators/triage", "/operators/desk", "/operators/search"

MARKET, CULTURE, POLICE = "110102-scjg", "110102-whly", "110102-gafj"


@pytest.fixture
def desk(client, login):
    return login(client, "xc-operator")


def snapshot_of(services, case_id):
    with services.read() as store:
        return replay(store.events(case_id))


def do(services, case_id, username, action, **data):
    """One action through the use case, on the leg of the account's body where it has one."""
    snapshot = snapshot_of(services, case_id)
    text = data.pop("text", "")
    with services.read() as store:
        who = account_by_username(store.session, username).actor
    leg = data.pop("leg_id", None) or next((leg.id for leg in snapshot.legs if leg.body_id == who.body_id), None)
    command = Command(action, leg, data, text)
    with services.write() as store:
        return act(store, case_id, command, desk=services.desk(snapshot.office_id), actor=who, now=services.now())


# ---- triage -----------------------------------------------------------------------------------


def test_triage_shows_the_reason_the_guess_and_the_nearest_deadline_first(desk, app_services):
    page = desk.get(TRIAGE).text
    assert "类别把握不足，请人工确认" in page
    assert "不属于本系统受理范围" in page
    assert "40%" in page
    with app_services.read() as store:
        lines = worklists.by_deadline(store.session, "xicheng", [CaseState.TRIAGE]).lines
    assert [line.due_at for line in lines] == sorted(line.due_at for line in lines)


def test_bodies_are_offered_by_the_name_of_their_place_the_own_one_first(desk):
    headings = re.findall(r'<optgroup label="([^"]+)"', desk.get(TRIAGE).text)
    assert headings[headings.index("本地单位") :][:3] == ["本地单位", "北京市", "国家机关"]
    assert not any(re.search(r"\d{6}", heading) for heading in headings)


def test_one_click_accepts_the_guess_and_dispatches(desk, post, app_services, cases):
    case_id = cases["triage"]
    seq = snapshot_of(app_services, case_id).seq
    answer = post(desk, TRIAGE, f"{TRIAGE}/{case_id}/confirm", expected_seq=seq)
    assert answer.status_code == 302, answer.text
    after = snapshot_of(app_services, case_id)
    assert after.state is CaseState.DISPATCHED
    assert after.category == "product_quality"


def test_the_desk_corrects_the_category_and_names_the_lead(desk, post, app_services, cases):
    case_id = cases["triage"]
    post(
        desk, TRIAGE, f"{TRIAGE}/{case_id}/confirm", category="copyright", setting="online", lead=CULTURE, kind="report"
    )
    after = snapshot_of(app_services, case_id)
    assert (after.category, after.setting, after.kind) == ("copyright", "online", "report")
    assert [leg.body_id for leg in after.legs if leg.role is LegRole.LEAD] == [CULTURE]


@pytest.mark.parametrize(
    "attempt",
    [
        ("triage", {"category": "nonsense"}, 422, "请从列出的选项中选择"),
        ("triage", {"lead": "no-such-body"}, 422, "请从列出的选项中选择"),
        ("triage", {"plan_id": "xicheng-2011"}, 422, "另选方案请写明理由"),
        ("triage", {"expected_seq": "0"}, 409, "刚被他人处理过"),
        ("other", {}, 422, "请转交或答复"),
        ("dispatched", {}, 409, "不能"),
    ],
)
def test_a_confirmation_that_cannot_be_done_changes_nothing(desk, post, app_services, cases, attempt):
    which, fields, status, message = attempt
    before = snapshot_of(app_services, cases[which])
    answer = post(desk, TRIAGE, f"{TRIAGE}/{cases[which]}/confirm", **fields)
    assert answer.status_code == status
    assert message in answer.text
    assert snapshot_of(app_services, cases[which]) == before


def test_what_is_out_of_scope_is_handed_on_from_the_row(desk, post, app_services, cases):
    case_id = cases["other"]
    page = desk.get(TRIAGE).text
    assert "12345政务服务便民热线" in page
    seq = snapshot_of(app_services, case_id).seq
    answer = post(
        desk,
        TRIAGE,
        f"/cases/{case_id}/actions/hand_on",
        expected_seq=seq,
        back=TRIAGE,
        where="12345",
        to="12345热线",
        handed_at="2026-11-18T09:30",
        text="已电话转交12345。",
    )
    assert answer.location == TRIAGE
    assert snapshot_of(app_services, case_id).state is CaseState.HANDED_ON


def test_another_offices_case_cannot_be_confirmed(desk, post, cases):
    assert post(desk, TRIAGE, f"{TRIAGE}/{cases['north']}/confirm").status_code == 404
    assert post(desk, TRIAGE, f"{TRIAGE}/nothing/confirm").status_code == 404


# ---- the desk ---------------------------------------------------------------------------------


def test_a_ready_case_is_dispatched_in_one_click(desk, post, app_services, cases):
    page = desk.get(f"{DESK}?tab=ready").text
    form = page[page.index("actions/dispatch") :]
    answer = post(
        desk,
        f"{DESK}?tab=ready",
        f"/cases/{cases['ready']}/actions/dispatch",
        **{name: field_in(form, name) for name in ("expected_seq", "back", "lead", "plan", "clause")},
    )
    assert answer.location == f"{DESK}?tab=ready"
    assert snapshot_of(app_services, cases["ready"]).state is CaseState.DISPATCHED


def test_a_return_names_clause_owner_and_text_and_is_reassigned_in_place(desk, post, app_services, cases):
    case_id = cases["dispatched"]
    do(app_services, case_id, "xc-clerk", Action.RETURN, clause="三（一）2", owner=CULTURE, text="属文化市场，请改派。")
    page = desk.get(f"{DESK}?tab=disputed").text
    for part in ("退单 1 次", "三（一）2", "属文化市场，请改派。", f'<option value="{CULTURE}" selected>'):
        assert part in page
    answer = post(
        desk,
        f"{DESK}?tab=disputed",
        f"/cases/{case_id}/actions/reassign",
        expected_seq=field_in(page, "expected_seq"),
        back=f"{DESK}?tab=disputed",
        lead=CULTURE,
        why="returned",
    )
    assert answer.status_code == 302, answer.text
    after = snapshot_of(app_services, case_id)
    assert after.state is CaseState.DISPATCHED
    assert after.legs[-1].body_id == CULTURE


def test_after_two_returns_the_supervisor_rules(desk, app_services, cases):
    case_id = cases["dispatched"]
    do(app_services, case_id, "xc-clerk", Action.RETURN, clause="三（一）2", owner=CULTURE, text="一退。")
    do(app_services, case_id, "xc-operator", Action.REASSIGN, lead=CULTURE, why="returned")
    do(app_services, case_id, "xc-other-clerk", Action.RETURN, clause="三（一）2", owner=MARKET, text="二退。")
    page = desk.get(f"{DESK}?tab=disputed").text
    assert "由督办员裁定" in page
    assert "actions/reassign" not in page


def resolve(services, case_id):
    """The lead replies; the co-agencies are let off first."""
    for leg in snapshot_of(services, case_id).legs:
        if leg.role is LegRole.CO:
            do(services, case_id, "xc-operator", Action.WAIVE, leg_id=leg.id, text="不需配合。")
    do(services, case_id, "xc-clerk", Action.SIGN)
    do(services, case_id, "xc-clerk", Action.RESOLVE, outcome="settled", text="商家已退款128元。")


def test_a_reply_is_reviewed_and_the_caller_called_back(desk, post, app_services, cases):
    case_id = cases["dispatched"]
    resolve(app_services, case_id)
    page = desk.get(f"{DESK}?tab=resolved").text
    assert "商家已退款128元。" in page
    seq = field_in(page, "expected_seq")
    post(desk, DESK, f"/cases/{case_id}/actions/review", expected_seq=seq, back=DESK)
    page = desk.get(f"{DESK}?tab=follow_up").text
    assert "13900001234" not in page
    assert "商家已退款128元。" in page, "who calls back must know what the agency answered"
    looked = post(desk, f"{DESK}?tab=follow_up", f"{DESK}/{case_id}/look")
    assert "13900001234" in looked.text
    with app_services.read() as store:
        events = store.events(case_id)
    assert events[-1].action is Action.LOOK
    assert set(events[-1].data["fields"]) == {"name", "phone"}
    done = post(
        desk,
        DESK,
        f"/cases/{case_id}/actions/follow_up",
        expected_seq=field_in(looked.text, "expected_seq"),
        back=DESK,
        satisfied="yes",
        solved="1",
    )
    assert done.status_code == 302, done.text
    assert snapshot_of(app_services, case_id).state is CaseState.ARCHIVED


def test_what_is_late_can_be_reminded(client, login, clock):
    clock.forward(days=30)
    page = login(client, "xc-operator").get(f"{DESK}?tab=late").text
    assert "actions/remind" in page


def test_an_unknown_tab_is_not_found(desk):
    assert desk.get(f"{DESK}?tab=nonsense").status_code == 404


def test_the_phone_of_another_offices_caller_is_not_shown(desk, post, cases):
    assert post(desk, DESK, f"{DESK}/{cases['north']}/look").status_code == 404


# ---- search -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("13900001234", "电话相符"),
        ("好再来", "被投诉人相符"),
        ("电饭锅", "内容含有这些字词"),
        ("没有这种东西", "没有找到"),
    ],
)
def test_search_says_by_what_it_found(desk, post, query, why):
    page = post(desk, SEARCH, SEARCH, q=query).text
    assert why in page
    assert 'name="q" value="' in page


def test_search_by_number_opens_one_case(desk, post, app_services, cases):
    page = desk.get(f"/cases/{cases['dispatched']}").text
    number = re.search(r'<span class="number">([\d-]+)</span>', page)[1]
    found = post(desk, SEARCH, SEARCH, q=number.replace("-", "")).text
    assert "编号相符" in found
    assert cases["dispatched"] in found


def test_a_number_is_found_without_its_year_and_a_wrong_digit_is_said_to_be_wrong(desk, post, cases):
    page = desk.get(f"/cases/{cases['dispatched']}").text
    year, middle, check = re.search(r'<span class="number">([\d-]+)</span>', page)[1].split("-")
    for typed in (f"{middle}-{check}", f"{middle[:3]} {middle[3:]} {check}", middle):
        assert cases["dispatched"] in post(desk, SEARCH, SEARCH, q=typed).text, typed
    wrong = f"{year}-{middle}-{(int(check) + 1) % 10}"
    assert "校验码对不上" in post(desk, SEARCH, SEARCH, q=wrong).text


@pytest.mark.parametrize("query", ["%' OR 1=1 --", '"*^', "<b>", "\x00", "*" * 500, "中"])
def test_a_strange_query_finds_nothing_and_breaks_nothing(desk, post, query):
    answer = post(desk, SEARCH, SEARCH, q=query)
    assert answer.status_code == 200
    assert '<b>"' not in answer.text


def test_search_sees_only_the_own_office(desk, post):
    assert "没有找到" in post(desk, SEARCH, SEARCH, q="锄头").text
