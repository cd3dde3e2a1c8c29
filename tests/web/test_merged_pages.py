"""One matter told by several callers, on the pages: shown as one, worked on once, each with an event and a notice."""

from __future__ import annotations

import io
import itertools
import re

import pytest
from docx import Document

from hotline.casework.linking import link
from hotline.casework.state import replay
from hotline.records import Reporter
from hotline.store.respondent_members import number_of
from hotline.vocabulary import Action, Relation
from tests.web.conftest import MARKET, actor_of


@pytest.fixture
def three(app_services, register, step, clock):
    """Three callers of one matter, tied in a row, signed by one agency."""
    made = []
    for number in range(3):
        caller = Reporter(name=f"钱多{number}", phone=f"1390000123{number}", address="西城区某胡同1号")
        case_id = register(f"劣质水杯漏水，第{number}只。", reporter=caller, dispatch=False)
        step(case_id, "xc-operator", Action.DISPATCH, lead=MARKET)
        step(case_id, "xc-clerk", Action.SIGN, leg=True)
        clock.forward(minutes=5)
        made.append(case_id)
    who = {"desk": app_services.desk("xicheng"), "actor": actor_of("xc-operator"), "now": app_services.now()}
    for one, other in itertools.pairwise(made):
        with app_services.write() as store:
            ends = [(case_id, number_of(store.session, case_id)) for case_id in (one, other)]
            link(store, *ends, Relation.DUPLICATE, **who)
    return made


def snapshot(services, case_id):
    with services.read() as store:
        return replay(store.events(case_id))


def papers(services, case_id):
    with services.read() as store:
        return [each.filename.split(" ")[0] for each in store.evidence_list(case_id)]


def act(client, post, services, case_id, action, **fields):
    now = snapshot(services, case_id)
    form = {"leg_id": now.legs[0].id, "expected_seq": now.seq} | fields
    return post(client, f"/cases/{case_id}", f"/cases/{case_id}/actions/{action}", **form)


def test_the_page_shows_one_matter_with_its_callers(client, login, three):
    login(client, "xc-clerk")
    page = client.get(f"/cases/{three[2]}").text
    panel = page[page.index('id="merged"') :].split("</section>")[0]
    assert "同一件事，共 3 件工单" in panel
    assert re.findall(r'href="/cases/([0-9a-f]{32})"', panel) == three[:2]
    assert panel.index("最早收到") < panel.index(three[1])
    assert "全部 2 件" in page


def test_lists_say_how_many_callers_and_matters(app, login, three):
    office = login(app.test_client(), "xc-supervisor")
    page = office.get("/supervisors/cases?merged=1").text
    assert "共 <b>3</b> 件，合并重复后 <b>1</b> 件事" in page
    assert page.count("同一事 3 件") == 3
    queue = login(app.test_client(), "xc-clerk").get("/agencies/queue").text
    assert queue.count("同一事 3 件") == 3
    assert "合并重复后" not in office.get("/supervisors/cases?kind=report").text


def test_the_desk_and_who_decides_see_it_in_their_lists(app, app_services, login, post, three, step):
    desk, badge = login(app.test_client(), "xc-operator"), "同一事 3 件"
    found = post(desk, "/operators/search", "/operators/search", q="劣质水杯漏水").text
    assert found.count(badge) == 3
    step(three[0], "xc-clerk", Action.RETURN, leg=True, text="不属本单位", clause="二（一）3", owner="110102-whly")
    page = desk.get("/operators/desk?tab=disputed").text
    assert page.count(badge) == 1
    with app_services.read() as store:
        numbers = [number_of(store.session, case_id) for case_id in three]
    assert f'title="同一件事：{"、".join(numbers)}"' in page
    assert badge not in desk.get("/operators/desk?tab=ready").text
    asked = {"policy": "H-RESOLVE", "amount": 2, "text": "等待厂家说明"}
    step(three[1], "xc-clerk", Action.REQUEST_EXTEND, leg=True, **asked)
    assert login(app.test_client(), "xc-supervisor").get("/supervisors/requests").text.count(badge) == 1


def test_triage_shows_who_else_told_of_it(client, login, three, register, app_services):
    waiting = register("商店不给开发票，还说难听的话。")
    who = {"desk": app_services.desk("xicheng"), "actor": actor_of("xc-operator"), "now": app_services.now()}
    with app_services.write() as store:
        ends = [(case_id, number_of(store.session, case_id)) for case_id in (three[0], waiting)]
        link(store, *ends, Relation.DUPLICATE, **who)
    login(client, "xc-operator")
    assert client.get("/operators/triage").text.count("同一事 4 件") == 1


def test_one_click_does_it_for_all_each_with_its_own_event_and_notice(client, login, post, three, app_services):
    login(client, "xc-clerk")
    answer = act(client, post, app_services, three[0], "accept", told="1", told_each="1", also_all="1")
    assert answer.status_code == 302
    assert "等 3 件 “受理”已登记" in client.get(answer.location).text
    for case_id in three:
        now = snapshot(app_services, case_id)
        assert (now.legs[0].state, now.legs[0].told) == ("accepted", ("acceptance",))
        assert papers(app_services, case_id) == ["投诉受理告知书"]
    act(client, post, app_services, three[0], "resolve", outcome="settled", text="已退款。", also_all="1")
    assert [snapshot(app_services, each).state for each in three] == ["resolved"] * 3


def test_without_saying_so_nobody_else_was_told(client, login, post, three, app_services):
    login(client, "xc-clerk")
    act(client, post, app_services, three[0], "accept", told="1", also_all="1")
    assert [snapshot(app_services, each).legs[0].told for each in three] == [("acceptance",), (), ()]
    assert [papers(app_services, each) for each in three[1:]] == [[], []]
    act(client, post, app_services, three[1], "notify", subject="acceptance", also=three[2], told_each="1")
    assert [snapshot(app_services, each).legs[0].told for each in three[1:]] == [("acceptance",)] * 2


def test_one_that_refuses_stops_all(client, login, post, three, step, app_services):
    step(three[2], "xc-clerk", Action.ACCEPT, leg=True)
    login(client, "xc-clerk")
    answer = act(client, post, app_services, three[0], "accept", also_all="1")
    assert "全部没有登记" in answer.text
    assert snapshot(app_services, three[0]).legs[0].state == "signed"


def test_the_weekly_report_says_how_many_matters_they_are(client, login, three):
    login(client, "xc-supervisor")
    words = "3 件与别的来电人反映同一事"
    assert words in client.get("/supervisors/weekly").text
    paper = Document(io.BytesIO(client.get("/supervisors/weekly.docx").data))
    assert any(words in each.text for each in paper.paragraphs)
