"""Ways round the seal: whose report it is must not come out by renaming it, splitting it, or giving it another name."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest

from hotline.casework.bonds import links_of
from hotline.casework.matters import matters_of
from hotline.casework.state import replay
from hotline.records import Reporter
from hotline.store.respondent_members import number_of
from hotline.vocabulary import Action, Kind
from hotline.web import create_app
from tests.web.conftest import CALLER, CULTURE, POLICE, token_in

INFORMER = Reporter("欧阳雪梅", "13712345678", "11010219900307451X")
TOLD = "举报仓库夜里换标签，店员欧阳雪梅亲眼看到。"
NAMED = (("13712345678", "phone"), ("11010219900307451X", "id_number"))


@pytest.fixture
def report(register):
    return register(TOLD, kind=Kind.REPORT, reporter=INFORMER, dispatch=False)


@pytest.fixture
def desk(client, login):
    return login(client, "xc-operator")


def found(client, case_id):
    """By what of the caller a case is found: in the search box, and beside the form while it is typed."""
    by = set()
    for number, name in NAMED:
        token = token_in(client.get("/operators/search").text)
        if case_id in client.post("/operators/search", data={"csrf_token": token, "q": number}).text:
            by.add(f"search:{name}")
        typed = {"csrf_token": token, "channel": "12315", "urgency": "一般", "text": "", name: number}
        if case_id in client.post("/operators/preview", data=typed, headers={"X-Fragment": "1"}).text:
            by.add(f"preview:{name}")
    return by


EVERYWHERE = {f"{where}:{name}" for where in ("search", "preview") for _, name in NAMED}


@pytest.mark.parametrize("kind", ["dispute", "inquiry"])
def test_a_report_called_something_else_is_not_found_by_its_caller(desk, report, perform, kind):
    done = perform(
        desk, report, "classify", kind=kind, category="product_quality", setting="market", urgency="一般", text=""
    )
    assert done.status_code == 302, done.text
    assert found(desk, report) == set()


def test_what_is_split_out_of_a_report_is_not_found_by_its_caller(desk, report, post):
    done = post(desk, f"/cases/{report}", f"/cases/{report}/split", text="另有消费纠纷")
    dispute = done.location.rsplit("/", 1)[1]
    assert dispute != report
    assert found(desk, dispute) == set()


def test_a_dispute_is_found_by_its_caller_also_after_its_clue_was_split_off(desk, register, post, app_services):
    dispute = register(TOLD, reporter=INFORMER, dispatch=False)
    assert found(desk, dispute) == EVERYWHERE
    post(desk, f"/cases/{dispute}", f"/cases/{dispute}/split", text="线索另立")
    with app_services.read() as store:
        (clue,) = links_of(replay(store.events(dispute)))
    assert found(desk, dispute) == EVERYWHERE
    assert found(desk, clue.case_id) == set()


def test_the_dispute_half_of_one_entry_is_found_by_its_caller(desk, post, app_services):
    typed = {"channel": "12315", "urgency": "一般", "kind": "dispute", "split": "1", "text": TOLD}
    typed |= {"name": INFORMER.name, "phone": INFORMER.phone, "id_number": INFORMER.id_number}
    saved = post(desk, "/operators/new", "/operators/new", **typed)
    assert saved.status_code == 302, saved.text
    halves = re.findall(r"[0-9a-f]{32}", saved.location)
    with app_services.read() as store:
        kinds = {replay(store.events(each)).kind: each for each in halves}
    assert found(desk, kinds[Kind.DISPUTE]) == EVERYWHERE
    assert found(desk, kinds[Kind.REPORT]) == set()


def test_another_name_for_the_informer_does_not_unmask_the_one_in_the_text(desk, report, post, app_services):
    page = f"/cases/{report}"
    assert INFORMER.name not in desk.get(page).text
    answer = post(desk, page, f"{page}/caller", name="赵六")
    assert answer.status_code == 422
    assert "已经登记的姓名不能改写" in answer.text
    assert INFORMER.name not in answer.text + desk.get(page).text
    with app_services.read() as store:
        assert store.complaint(replay(store.events(report)).complaint_id).reporter == INFORMER


def test_what_an_informer_has_not_said_yet_can_be_told(desk, report, post, app_services):
    post(desk, f"/cases/{report}", f"/cases/{report}/caller", address="西城区月坛北街9号楼")
    with app_services.read() as store:
        complaint = store.complaint(replay(store.events(report)).complaint_id)
    assert complaint.reporter == replace(INFORMER, address="西城区月坛北街9号楼")
    assert INFORMER.name not in complaint.masked_text


def test_a_corrected_name_leaves_the_old_one_masked_for_agencies(desk, register, post, app_services):
    dispute = register(TOLD, reporter=INFORMER)
    post(desk, f"/cases/{dispute}", f"/cases/{dispute}/caller", name="王雪")
    with app_services.read() as store:
        complaint = store.complaint(replay(store.events(dispute)).complaint_id)
    assert complaint.reporter.name == "王雪"
    assert INFORMER.name not in complaint.masked_text


def test_a_number_written_in_other_ways_gives_no_more_attempts(app_services, report):
    made = create_app(replace(app_services, settings=replace(app_services.settings, follow=True)))
    visitor = made.test_client()
    with app_services.read() as store:
        number = number_of(store.session, report)
    statuses = []
    for spaces in range(10):
        token = token_in(visitor.get("/follow").text)
        typed = number.replace("-", "-" + " " * spaces, 1)
        sent = visitor.post("/follow", data={"csrf_token": token, "number": typed, "code": "AAAAA-AAAAA"})
        statuses.append(sent.status_code)
    assert statuses == [403] * 8 + [429] * 2


def test_what_was_put_right_as_a_report_is_not_shown_once_more(desk, post):
    token = token_in(desk.get("/operators/import").text)
    table = "工单编号,投诉内容,联系电话\nA2,,13811113333\n"
    desk.post(
        "/operators/import",
        data={"csrf_token": token, "channel": "12315", "file": (BytesIO(table.encode()), "a.csv")},
        content_type="multipart/form-data",
    )
    refused = re.search(r"/operators/quarantine/(\w+)", desk.get("/operators/quarantine").text)[1]
    assert "13811113333" in desk.get(f"/operators/quarantine/{refused}").text
    typed = {"channel": "12315", "urgency": "一般", "kind": "report", "text": TOLD, "phone": "13811113333"}
    made = post(desk, "/operators/new", "/operators/new", **typed, quarantine_id=refused)
    assert made.status_code == 302, made.text
    page = desk.get(f"/operators/quarantine/{refused}").text
    assert "13811113333" not in page
    assert "申请启封" in page


def test_the_desks_list_does_not_say_who_the_informer_is(desk, step, cases):
    told = f"{CALLER.name}说不在本区。"
    step(cases["report"], "xc-clerk", Action.RETURN, leg=True, clause="三（一）2", owner=CULTURE, text=told)
    page = desk.get("/operators/desk?tab=disputed").text
    assert "说不在本区" in page
    assert CALLER.name not in page


@pytest.mark.parametrize("typed", ["5678", "137 5678", "137****5678", "11010219900307"])
def test_no_report_is_found_by_what_a_masked_number_still_shows(desk, register, typed):
    told = f"{TOLD}我的电话{INFORMER.phone}，身份证{INFORMER.id_number}。"
    report = register(told, kind=Kind.REPORT, reporter=INFORMER, dispatch=False)
    token = token_in(desk.get("/operators/search").text)
    assert report in desk.post("/operators/search", data={"csrf_token": token, "q": "夜里换标签"}).text
    assert report not in desk.post("/operators/search", data={"csrf_token": token, "q": typed}).text


def test_an_agency_does_not_learn_of_a_linked_case_that_it_may_not_see(app, login, register, post, app_services):
    desk, clerk = login(app.test_client(), "xc-operator"), login(app.test_client(), "xc-clerk")
    dispute = register("劣质电饭锅，用了两天就坏。", reporter=INFORMER)
    post(desk, f"/cases/{dispute}", f"/cases/{dispute}/split", text="线索另立")
    with app_services.read() as store:
        (clue,) = links_of(replay(store.events(dispute)))
    assert clue.number in desk.get(f"/cases/{dispute}").text
    shown = clerk.get(f"/cases/{dispute}")
    assert shown.status_code == 200
    assert clue.number not in shown.text


def test_the_page_of_a_transfer_does_not_say_who_the_informer_is(desk, cases, step, app_services):
    told = f"{CALLER.name}提供了账本，请审批。"
    step(cases["report"], "xc-clerk", Action.TRANSFER, step="propose", body=POLICE, crime="C214", text=told)
    with app_services.read() as store:
        (matter,) = matters_of(replay(store.events(cases["report"])))
    page = desk.get(f"/matters/{matter.id}").text
    assert "提供了账本" in page
    assert CALLER.name not in page


def test_what_a_channel_sends_again_under_a_reports_number_stays_closed(desk):
    def send(text):
        table = f"工单编号,投诉内容,联系电话,性质\nR7,{text},13811113333,举报\n"
        sent = {"channel": "12315", "file": (BytesIO(table.encode()), "a.csv")}
        token = token_in(desk.get("/operators/import").text)
        desk.post("/operators/import", data={"csrf_token": token, **sent}, content_type="multipart/form-data")

    send(TOLD)
    send(f"{TOLD}又看到一次。")
    refused = re.search(r"/operators/quarantine/(\w+)", desk.get("/operators/quarantine").text)[1]
    page = desk.get(f"/operators/quarantine/{refused}").text
    form = desk.get(f"/operators/new?quarantine={refused}", follow_redirects=True).text
    assert "申请启封" in page
    assert "13811113333" not in page
    assert "13811113333" not in form
