"""The supervisors' room: every number against a naive recount and its list; exports, rulings, the weekly report."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from docx import Document
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from hotline.casework.state import replay
from hotline.store.clockstore import clocks_of
from hotline.store.tables import CASE
from hotline.vocabulary import Action, CaseState, Kind, Urgency

MARKET, CULTURE = "110102-scjg", "110102-whly"


@pytest.fixture
def busy(app_services, register, step, clock, cases):
    """Two weeks of cases in every stage, one supervised, some late."""
    for index in range(6):
        kind = Kind.REPORT if index % 2 else Kind.DISPUTE
        case_id = register(
            f"劣质插线板第{index}只", kind=kind, urgency=Urgency.URGENT if index == 3 else Urgency.NORMAL
        )
        cases[f"more{index}"] = case_id
        if index > 1:
            step(case_id, "xc-clerk", Action.SIGN, leg=True)
        clock.forward(hours=9)
    step(cases["more4"], "xc-supervisor", Action.SUPERVISE, text="请抓紧")
    step(cases["more5"], "xc-clerk", Action.CONTACT, leg=True)
    clock.forward(days=2)
    register("劣质台灯，刚买的", urgency=Urgency.URGENT)
    clock.forward(minutes=100)
    return cases


def recount(services, office, now):
    """Cases by (whose clock, category, channel, policy) with an overdue or due-soon clock, from the whole clocks."""
    found = {"overdue": set(), "due_soon": set()}
    windows = {policy.id for policy in services.rulebook.policies if policy.window}
    with services.read() as store:
        rows = store.session.execute(select(CASE).where(CASE.c.office_id == office)).mappings().all()
        for row in rows:
            for clock in clocks_of(store.session, row["id"]):
                if clock.policy in windows or not clock.running():
                    continue
                key = (row["id"], clock.body_id or "desk", row["category"], row["channel"], clock.policy)
                if clock.overdue(now):
                    found["overdue"].add(key)
                elif clock.warn_at <= now:
                    found["due_soon"].add(key)
    return found


def links(page):
    """Every link to the list of cases with the number on it."""
    pattern = r'<a [^>]*?href="(/supervisors/cases\?[^"]+)"[^>]*>(?:<b[^>]*>)?(\d+)<'
    return [(unescape(url), int(number)) for url, number in re.findall(pattern, page)]


def listed(client, url):
    """All cases of a list, over its pages, and the total it names; of a list of clocks see `listed_clocks`."""
    found, total = [], None
    while url:
        page = client.get(url).text
        total = int(re.search(r"共 <b>(\d+)</b> 件", page)[1])
        found += re.findall(r'class="number" href="/cases/([^"?]+)', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        url = unescape(following[1]) if following else None
    return found, total


def listed_clocks(client, url):
    """How many clocks a list says it holds: the number in the cube."""
    return int(re.search(r"，<b>(\d+)</b> 个时限", client.get(url).text)[1])


def test_every_number_of_the_overview_opens_exactly_its_cases(app_services, busy, clock, client, login):
    login(client, "xc-supervisor")
    page = client.get("/supervisors/overview").text
    truth = recount(app_services, "xicheng", clock())
    assert truth["overdue"]
    assert truth["due_soon"]
    shown = links(page)
    assert len(shown) > 10
    for url, number in shown:
        cases, total = listed(client, url)
        assert number == total == len(cases) == len(set(cases)), url
        query = dict(re.findall(r"(\w+)=([^&]+)", url))
        if query.get("clock") in truth:
            sides = {"body": 1, "category": 2, "channel": 3, "policy": 4}
            wanted = {sides[name]: value for name, value in query.items() if name in sides}
            keys = truth[query["clock"]]
            expected = {key[0] for key in keys if all(key[side] == value for side, value in wanted.items())}
            assert set(cases) == expected, url


def test_the_overview_leaves_nothing_out(app_services, busy, clock, client, login):
    page = login(client, "xc-supervisor").get("/supervisors/overview").text
    urls = {url for url, _ in links(page)}
    for state, keys in recount(app_services, "xicheng", clock()).items():
        for _, body, category, channel, policy in keys:
            for name, value in (("body", body), ("category", category), ("channel", channel), ("policy", policy)):
                assert any(f"clock={state}" in url and f"{name}={value}" in url for url in urls), (state, name, value)


def test_the_cube_page_opens_exactly_its_cases(busy, client, login):
    login(client, "xc-supervisor")
    for url in (
        "/supervisors/breaches",
        f"/supervisors/breaches?body={MARKET}",
        "/supervisors/breaches?from=2026-11-19",
    ):
        for link, number in links(client.get(url).text):
            cases, total = listed(client, link)
            assert total == len(set(cases)) <= number == listed_clocks(client, link), link


def test_another_office_sees_nothing_of_it(busy, client, login):
    login(client, "bd-supervisor")
    cases, total = listed(client, "/supervisors/cases?kind=dispute")
    assert (cases, total) == ([busy["north"]], 1)


def test_the_filter_stands_there_in_words(busy, client, login):
    page = (
        login(client, "xc-supervisor")
        .get("/supervisors/cases", query_string={"clock": "overdue", "body": MARKET, "channel": "12315"})
        .text
    )
    assert "时限责任单位：北京市西城区市场监督管理局" in page
    assert "时限已逾期" in page


def test_narrowing_a_lists_number_further_keeps_what_was_counted(busy, client, login):
    login(client, "xc-supervisor")
    page = client.get("/supervisors/cases", query_string={"figure": "breached", "from": "2026-11-16"}).text
    assert '<input type="hidden" name="figure" value="breached">' in page
    assert all(re.search(rf'id="{name}"[^>]* disabled', page) for name in ("clock", "policy", "cause"))
    plain = client.get("/supervisors/cases?clock=overdue").text
    assert "disabled" not in plain.split("</form>")[2]
    assert 'name="figure"' not in plain


@pytest.mark.parametrize(
    ("query", "field"),
    [({"clock": "x"}, "clock"), ({"from": "2026-02-30"}, "from"), ({"from": "2026-11-20", "to": "2026-11-01"}, "to")],
)
def test_a_filter_that_cannot_be_read_is_said_beside_the_field(client, login, query, field):
    answer = login(client, "xc-supervisor").get("/supervisors/cases", query_string=query)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_hostile_parameters_are_no_error_of_ours(client, login):
    login(client, "xc-supervisor")
    for query in ({"category": "<script>"}, {"body": "' OR 1=1"}, {"after": "x"}, {"policy": "x" * 999}):
        answer = client.get("/supervisors/cases", query_string=query)
        assert answer.status_code in {200, 422}
        assert "<script>" not in answer.text.replace('<script type="module"', "")


def test_supervise_links_to_the_cases_own_action(busy, client, login):
    login(client, "xc-supervisor")
    page = client.get("/supervisors/cases").text
    assert "#form-supervise-case" in page
    case = client.get(f"/cases/{busy['dispatched']}").text
    assert 'id="form-supervise-case"' in case
    supervised, total = listed(client, "/supervisors/cases?supervised=1")
    assert (supervised, total) == ([busy["more4"]], 1)


def test_the_filter_offers_the_clocks_the_office_has_met(busy, client, login):
    page = login(client, "xc-supervisor").get("/supervisors/cases").text
    offered = re.findall(
        r'<option value="([^"]+)"', re.search(r'<select[^>]*name="policy".*?</select>', page, re.DOTALL)[0]
    )
    assert "H-SIGN" in offered
    assert "H-RETURN" not in offered, "a window is no deadline"
    assert len(offered) == len(set(offered)) < 20


def test_exports_hold_the_same_cases_and_no_personal_data(busy, client, login):
    login(client, "xc-supervisor")
    _, total = listed(client, "/supervisors/cases?clock=overdue")
    answer = client.get("/supervisors/export.csv?clock=overdue")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=cases-2026")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) - 1 == total
    assert {row[rows[0].index("督办")] for row in rows[1:]} <= {"是", "否"}
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/supervisors/export.xlsx?clock=overdue").data))
    sheet = [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]
    assert [row[0] for row in sheet[: total + 1]] == [row[0] for row in rows]
    whole = client.get("/supervisors/export.csv").data.decode() + str(sheet)
    for secret in ("赵晓梅", "13900001234", "好再来商店", "某胡同", "电饭锅", "插线板"):
        assert secret not in whole
    assert client.get("/supervisors/export.csv?clock=x").status_code == 422


def twice_returned(cases, step):
    case_id = cases["dispatched"]
    step(
        case_id, "xc-clerk", Action.RETURN, leg=True, text="电话13900001234不在辖区", clause="二（一）1", owner=CULTURE
    )
    step(case_id, "xc-operator", Action.REASSIGN, lead=CULTURE, why="returned")
    step(case_id, "xc-other-clerk", Action.RETURN, leg=True, text="不是文化市场", clause="二（二）3", owner=MARKET)
    return case_id


def test_a_case_returned_twice_waits_for_a_ruling(app_services, cases, step, client, login, post):
    case_id = twice_returned(cases, step)
    login(client, "xc-supervisor")
    page = client.get("/supervisors/requests").text
    assert f'href="/cases/{case_id}"' in page
    assert "不是文化市场" in page
    assert "第 2 次退单" in page
    assert "13900001234" not in page
    assert '<b class="soon">1</b>退单两次待裁定' in client.get("/supervisors/overview").text
    url, fields = f"/cases/{case_id}/actions/rule", {"lead": MARKET, "text": "由市场监管部门办理", "expected_seq": 5}
    seq = re.search(r'name="expected_seq" value="(\d+)"', page)[1]
    answer = post(client, "/supervisors/requests", url, back="/supervisors/requests", **fields | {"expected_seq": seq})
    assert answer.location.endswith("/supervisors/requests")
    with app_services.read() as store:
        after = replay(store.events(case_id))
    assert (after.state, after.ruled) == (CaseState.DISPATCHED, True)
    assert "没有待裁定的工单" in client.get("/supervisors/requests").text


def test_a_first_return_is_the_desks(cases, step, client, login):
    step(cases["dispatched"], "xc-clerk", Action.RETURN, leg=True, text="不在辖区", clause="二（一）1", owner=CULTURE)
    assert "没有待裁定的工单" in login(client, "xc-supervisor").get("/supervisors/requests").text


def test_ids_stay_unique_with_several_requests(cases, step, client, login):
    for name in ("dispatched", "anonymous", "report"):
        if name != "report":
            step(cases[name], "xc-clerk", Action.SIGN, leg=True)
        step(cases[name], "xc-clerk", Action.REQUEST_EXTEND, leg=True, policy="H-RESOLVE", amount=3, text="多查几天")
    page = login(client, "xc-supervisor").get("/supervisors/requests").text
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "待批（3）" in page


def test_the_office_extends_a_hotline_clock(app_services, cases, step, client, login, post):
    step(cases["report"], "xc-clerk", Action.REQUEST_EXTEND, leg=True, policy="H-RESOLVE", amount=3, text="多查几天")
    step(cases["report"], "xc-clerk", Action.REQUEST_EXTEND, leg=True, policy="R-VERIFY", amount=3, text="法定的")
    login(client, "xc-supervisor")
    page = client.get("/supervisors/requests").text
    assert "多查几天" in page
    assert "法定的" not in page
    with app_services.read() as store:
        case = replay(store.events(cases["report"]))
        before = {each.policy: each.due.due for each in clocks_of(store.session, case.case_id)}
    hotline = next(each for each in case.extensions if each.policy == "H-RESOLVE")
    fields = {"leg_id": hotline.leg_id, "request_id": hotline.id, "expected_seq": case.seq}
    post(
        client, "/supervisors/requests", f"/cases/{case.case_id}/actions/extend", back="/supervisors/requests", **fields
    )
    with app_services.read() as store:
        after = {each.policy: each.due.due for each in clocks_of(store.session, case.case_id)}
    assert after["H-RESOLVE"] > before["H-RESOLVE"]
    assert after["R-VERIFY"] == before["R-VERIFY"]
    assert "待批（0）" in client.get("/supervisors/requests").text


def test_the_weekly_report_on_the_page_and_as_files(busy, clock, client, login):
    login(client, "xc-supervisor")
    page = client.get("/supervisors/weekly").text
    shown = links(page)
    assert shown
    for url, number in shown:
        cases, total = listed(client, url)
        assert number == total == len(set(cases)), url
    assert "西城工商分局、区质监局、西城药监分局" in page
    paper = Document(io.BytesIO(client.get("/supervisors/weekly.docx").data))
    assert paper.tables[0].rows[-1].cells[0].text == "合计"
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/supervisors/weekly.xlsx").data))
    assert book.get_sheet_by_index(0).to_python()[0][0] == "单位"
    assert client.get("/supervisors/weekly.csv").data.startswith(b"\xef\xbb\xbf")
    last = client.get("/supervisors/weekly", query_string={"week": (clock() - timedelta(days=7)).date().isoformat()})
    assert "下一周" in last.text


@pytest.mark.parametrize("week", ["x", "2026-02-30", "2027-01-01", "1900-01-01"])
def test_a_week_that_cannot_be_reported_is_said(client, login, week):
    answer = login(client, "xc-supervisor").get("/supervisors/weekly", query_string={"week": week})
    assert answer.status_code == 422
