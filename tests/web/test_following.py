"""查进度: number and code, nothing of anybody's identity, and no way to try codes out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from hotline.records import Reporter
from hotline.store.engine import read_transaction
from hotline.store.following import ALPHABET, SIGNS, case_of_code, issue_code
from hotline.store.tables import CASE, FOLLOW_CODE
from hotline.vocabulary import Action, Kind
from hotline.web import create_app
from tests.web.conftest import CALLER


@pytest.fixture
def open_services(app_services):
    return replace(app_services, settings=replace(app_services.settings, follow=True))


@pytest.fixture
def visitor(open_services):
    made = create_app(open_services)
    made.testing = True
    return made.test_client()


@pytest.fixture
def known(open_services, cases):
    """Number and code of the report."""
    with open_services.write() as store:
        row = store.session.execute(select(CASE).where(CASE.c.id == cases["report"])).mappings().one()
        code = issue_code(store.session, store.keyring, row["id"], row["complaint_id"], by="op", at=open_services.now())
    return row["number"], code


def send(visitor, url, **fields):
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/follow").text)[1]
    return visitor.post(url, data={"csrf_token": token, **fields})


def test_it_is_closed_unless_opened(client):
    assert client.get("/follow").status_code == 404


def test_a_code_has_fifty_bits_and_is_not_in_the_database(open_services, known):
    assert len(ALPHABET) ** SIGNS >= 2**40
    with read_transaction(open_services.engine) as session:
        held = session.execute(select(FOLLOW_CODE.c.code_hash)).scalar_one()
    assert known[1].replace("-", "") not in held


def test_the_caller_sees_state_and_what_was_said_and_nobody(visitor, known, step, cases):
    step(cases["report"], "xc-operator", Action.TELL, text=f"已派员核查。{CALLER.name}、{CALLER.phone}")
    step(cases["report"], "xc-operator", Action.NOTE, text="内部备注")
    page = send(visitor, "/follow", number=known[0], code=known[1].lower().replace("-", " "))
    assert page.status_code == 200
    assert "已派员核查" in page.text
    assert "办理中" in page.text
    for secret in (CALLER.name, CALLER.phone, "内部备注", "测试xc-clerk", "测试xc-operator"):
        assert secret not in page.text


def test_facts_are_added_as_an_event_and_read_by_who_works_on_it(visitor, known, client, login, cases):
    kept = send(visitor, "/follow/facts", number=known[0], code=known[1], text="库房在后院，电话13900001234")
    assert kept.status_code == 200
    assert "已收到" in kept.text
    seen = login(client, "xc-clerk").get(f"/cases/{cases['report']}").text
    assert "库房在后院" in seen
    assert "13900001234" not in seen


@pytest.mark.parametrize("text", ["", "长" * 2001])
def test_facts_that_cannot_be_kept_come_back(visitor, known, text):
    assert send(visitor, "/follow/facts", number=known[0], code=known[1], text=text).status_code == 422


def test_wrong_codes_run_into_the_limit_for_all_workers(visitor, known, open_services):
    answers = [send(visitor, "/follow", number=known[0], code="AAAAA-AAAAA").status_code for _ in range(9)]
    assert answers == [403] * 8 + [429]
    other = create_app(open_services).test_client()
    assert send(other, "/follow", number=known[0], code=known[1]).status_code == 429


def test_one_address_cannot_walk_through_numbers(visitor):
    answers = [send(visitor, "/follow", number=f"2026-1{n:05}-0", code="AAAAA-AAAAA").status_code for n in range(21)]
    assert answers == [403] * 20 + [429]


def test_a_new_code_ends_the_old_one(open_services, known, client, login, cases):
    app = create_app(open_services)
    app.testing = True
    desk = login(app.test_client(), "xc-operator")
    page = f"/cases/{cases['report']}"
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.get(page).text)[1]
    asked = {"csrf_token": token, "text": "来电人说出举报的细节"}
    shown = desk.post(f"{page}/code", data=asked, follow_redirects=True).text
    fresh = re.search(r"查询码：([0-9A-Z-]+)", shown)[1]
    assert fresh not in desk.get(page).text
    with read_transaction(open_services.engine) as session:
        assert case_of_code(session, open_services.keyring, known[0], known[1]) is None
        assert case_of_code(session, open_services.keyring, known[0], fresh) is not None


def test_what_is_sent_twice_is_added_once(visitor, known, open_services, cases):
    for text in ("库房在后院", "库房在后院", "门口有狗", "库房在后院"):
        kept = send(visitor, "/follow/facts", number=known[0], code=known[1], text=text)
        assert (kept.status_code, "已收到" in kept.text) == (200, True)
    with open_services.read() as store:
        added = [event for event in store.events(cases["report"]) if event.action is Action.ADD_FACTS]
    assert len(added) == 3


def test_a_wrong_code_leaves_the_cursor_at_the_code_and_the_brand_leads_no_caller_to_a_login(visitor, known):
    page = send(visitor, "/follow", number=known[0], code="AAAAA-AAAAA").text
    assert [name for name in ("number", "code") if re.search(rf'id="{name}"[^>]* autofocus', page)] == ["code"]
    assert 'class="brand" href="/follow"' in page
    assert "alert-danger" in page


def test_each_half_of_a_split_is_told_with_its_own_code(open_services, login):
    app = create_app(open_services)
    app.testing = True
    desk = login(app.test_client(), "xc-operator")
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.get("/operators/new").text)[1]
    text = "我买到劣质电饭锅，要求退款，另外请查处这家无证经营的店。"
    form = {"csrf_token": token, "channel": "12315", "urgency": "一般", "text": text, "split": "1"}
    page = desk.post("/operators/new", data=form, follow_redirects=True).text
    told = re.findall(r"(\d{4}-\d{6}-\d) 的查询码：([0-9A-Z-]+)（只显示这一次", page)
    numbers = re.findall(r'aria-label="工单 (\d{4}-\d{6}-\d)"', page)
    assert [number for number, _ in told] == numbers
    assert len(set(told)) == 2
    with read_transaction(open_services.engine) as session:
        assert all(case_of_code(session, open_services.keyring, number, code) for number, code in told)


def test_a_caller_without_a_number_is_not_known_by_having_none(open_services, register, login):
    case = register("买到坏灯，不退。", kind=Kind.DISPUTE, reporter=Reporter(phone="无"), dispatch=False)
    app = create_app(open_services)
    app.testing = True
    desk, page = login(app.test_client(), "xc-operator"), f"/cases/{case}"
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.get(page).text)[1]
    shown = desk.post(f"{page}/code", data={"csrf_token": token, "phone": "不记得"}, follow_redirects=True).text
    assert "查询码：" not in shown
    asked = {"csrf_token": token, "text": "回拨原座机核实"}
    assert "查询码：" in desk.post(f"{page}/code", data=asked, follow_redirects=True).text
