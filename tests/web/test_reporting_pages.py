"""The agency's own reports and the office's view of them: due list, weekly submission, cube exports, time shares."""

import html
import re

import pytest

from hotline.vocabulary import Action

TEXT = "本周查处两件，无重要情况。"


@pytest.fixture
def signed(cases, step, clock):
    step(cases["dispatched"], "xc-clerk", Action.SIGN, leg=True)
    clock.forward(hours=1)
    return cases["dispatched"]


def token(page):
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def test_an_agency_submits_and_the_office_reads_it(signed, app, client, login):
    login(client, "xc-clerk")
    page = client.get("/agencies/weekly").text
    assert "尚未报送" in page
    form = {"csrf_token": token(page), "text": TEXT, "kind": "weekly"}
    assert client.post("/agencies/weekly", data=form).status_code == 302
    empty = client.post("/agencies/weekly", data=form | {"text": " "})
    assert empty.status_code == 422
    assert 'id="text-error"' in empty.text
    urgent = client.post("/agencies/weekly", data=form | {"text": "有人抗法", "kind": "urgent"})
    assert urgent.status_code == 302
    assert TEXT in client.get("/agencies/weekly").text
    client = app.test_client()
    login(client, "xc-supervisor")
    weekly = client.get("/supervisors/weekly").text
    assert TEXT in weekly
    assert "有人抗法" in weekly
    assert "三率" in weekly
    assert "报来重要情况" in client.get("/notices/").text


def test_the_office_notes_its_own_submission_to_listed_recipients_only(client, login, cases):
    login(client, "xc-supervisor")
    form = {"csrf_token": token(client.get("/supervisors/weekly").text), "recipient": "区政府"}
    assert client.post("/supervisors/weekly", data=form).status_code == 302
    assert client.post("/supervisors/weekly", data=form | {"recipient": "别处"}).status_code == 422


@pytest.mark.parametrize(("span", "word"), [("month", "月报"), ("year", "年报"), ("nonsense", "周报")])
def test_months_and_years_stand_on_the_page_and_in_files(signed, client, login, span, word):
    login(client, "xc-supervisor")
    page = client.get(f"/supervisors/weekly?span={span}").text
    assert f"投诉举报工作{word}" in page
    assert ("应报单位" in page) == (word == "周报")
    for ending in ("docx", "xlsx", "csv"):
        assert client.get(f"/supervisors/weekly.{ending}?span={span}").status_code == 200


def test_every_link_of_the_pages_opens_a_list(signed, client, login):
    login(client, "xc-supervisor")
    pages = [client.get(url).text for url in ("/supervisors/weekly?span=year", "/supervisors/breaches")]
    links = {html.unescape(each) for page in pages for each in re.findall(r'href="(/supervisors/cases\?[^"]+)"', page)}
    assert links
    assert {client.get(each).status_code for each in links} == {200}


def test_the_due_list_and_figures_hold_only_the_bodys_own(signed, client, login):
    login(client, "xc-clerk")
    for url in ("/agencies/due", "/agencies/due.csv", "/agencies/figure?figure=dispatched&body=110102-whly"):
        assert client.get(url).status_code == 200
    assert "市场监督管理局" in client.get("/agencies/figure?figure=dispatched&body=110102-whly").text


def test_the_cube_as_files_and_the_case_tells_whose_time_it_took(signed, client, login):
    login(client, "xc-supervisor")
    assert "责任单位" in client.get("/supervisors/breaches.csv").data.decode("utf-8-sig")
    assert client.get("/supervisors/breaches.xlsx").data.startswith(b"PK")
    assert "时间去向" in client.get(f"/cases/{signed}").text


def test_the_list_of_today_says_whom_it_is_about_and_until_when(signed, clock, client, login):
    clock.forward(days=12)
    page = login(client, "xc-clerk").get("/agencies/due").text
    assert "好再来商店" in page
    assert "24:00" in page
    assert "好再来商店" not in client.get("/agencies/due.csv").text


def test_a_case_in_the_list_of_passed_deadlines_shows_which_one_passed(register, step, clock, client, login):
    case_id = register("劣质水壶，一烧就裂。")
    clock.forward(days=2)
    step(case_id, "xc-clerk", Action.SIGN, leg=True)  # Too late: that clock has ended, others run on.
    page = login(client, "xc-supervisor").get("/supervisors/cases?figure=breached&from=2026-11-16&to=2026-11-22").text
    row = page.split(case_id)[1].split("</tr>")[0]
    assert re.search(r"逾期后完成</span>\s*签收", row)
    assert "投诉受理决定并告知" not in row


def test_a_notice_about_the_weekly_report_leads_to_it(signed, app, client, login):
    login(client, "xc-clerk")
    form = {"csrf_token": token(client.get("/agencies/weekly").text), "text": "有人抗法", "kind": "urgent"}
    assert client.post("/agencies/weekly", data=form).status_code == 302
    page = login(app.test_client(), "xc-supervisor").get("/notices/").text
    assert '<a href="/supervisors/weekly">打开周报</a>' in page
