"""Every underlined number of the Word report opens a page that shows exactly that number, also some days later."""

from __future__ import annotations

import io
import re
from urllib.parse import urlsplit

import pytest
from docx import Document
from docx.oxml.ns import qn

from hotline.reports.annex import linker
from hotline.vocabulary import Action
from tests.web.conftest import MARKET

BASE = "https://hotline.example.gov.cn"


@pytest.fixture
def answered(app_services, register, step, clock, monkeypatch):
    """Cases contacted in time and late, called back happy, unhappy and in vain, in two weeks."""
    monkeypatch.setattr("hotline.web.supervisors.weekly.linker", lambda _unset, asof: linker(BASE, asof))
    for index, said in enumerate(["yes", "no", "unreached", "yes"]):
        case_id = register(f"劣质插线板第{index}只，用了一天就冒烟", dispatch=False)
        step(case_id, "xc-operator", Action.DISPATCH, lead=MARKET)
        step(case_id, "xc-clerk", Action.SIGN, leg=True)
        clock.forward(hours=30 if index == 1 else 1)
        step(case_id, "xc-clerk", Action.CONTACT, leg=True)
        step(case_id, "xc-clerk", Action.RESOLVE, leg=True, text="已退款", outcome="settled")
        step(case_id, "xc-operator", Action.REVIEW)
        if index < 3:
            step(case_id, "xc-operator", Action.FOLLOW_UP, satisfied=said, solved=said == "yes")
        clock.forward(days=2)
    register("劣质台灯，刚买的就不亮")
    return app_services


def opened(paper):
    """Each hyperlink as (number, address without the base)."""
    found = []
    for element in paper.element.body.iter(qn("w:hyperlink")):
        url = paper.part.rels[element.get(qn("r:id"))].target_ref
        assert url.startswith(f"{BASE}/supervisors/cases?")
        parts = urlsplit(url)
        found.append((element.text, f"{parts.path}?{parts.query}"))
    return found


def number_of(page):
    """What the page says it holds: clocks where clocks were chosen, else cases."""
    head = re.search(r"共 <b>(\d+)</b> 件(?:，<b>(\d+)</b> 个时限)?", page)
    return head[2] or head[1]


@pytest.mark.parametrize("span", ["week", "month", "year"])
def test_each_number_of_the_paper_is_that_of_its_page(answered, clock, client, login, register, step, span):
    login(client, "xc-supervisor")
    paper = Document(io.BytesIO(client.get(f"/supervisors/weekly.docx?span={span}").data))
    links = opened(paper)
    rates = paper.tables[1]
    assert rates.rows[0].cells[1].text == "响应率"
    assert re.fullmatch(r"[\d.]+%（\d+/\d+）", rates.rows[1].cells[1].text)
    assert len([url for _, url in links if "answer=" in url]) >= 4
    assert any("policy=H-FIRST-CONTACT" in url for _, url in links)
    clock.forward(hours=20)
    fresh = register("劣质电饭锅，一插电就跳闸", dispatch=False)
    step(fresh, "xc-operator", Action.DISPATCH, lead=MARKET)
    step(fresh, "xc-clerk", Action.SIGN, leg=True)
    step(fresh, "xc-clerk", Action.CONTACT, leg=True)
    login(client, "xc-supervisor")
    for text, url in links:
        page = client.get(url)
        assert page.status_code == 200
        assert (number_of(page.text), url) == (text, url)
    assert "统计截至" in client.get(links[0][1]).text


def test_every_number_but_nought_is_a_link(answered, client, login):
    login(client, "xc-supervisor")
    paper = Document(io.BytesIO(client.get("/supervisors/weekly.docx?span=year").data))
    for table in paper.tables[:2]:
        for cell in (cell for row in table.rows[1:] for cell in row.cells[1:]):
            counts = re.findall(r"\d+", re.sub(r"[\d.]+%", "", cell.text))
            linked = [each.text for paragraph in cell.paragraphs for each in paragraph.hyperlinks]
            assert linked == [count for count in counts if count != "0"]
    sentence = next(each for each in paper.paragraphs if each.text.startswith("本期收到"))
    assert [each.text for each in sentence.hyperlinks] == [n for n in re.findall(r"\d+", sentence.text) if n != "0"]
    assert any("可以点开" in each.text for each in paper.paragraphs)


def test_without_an_address_the_paper_says_so_and_has_no_link(app_services, client, login):
    login(client, "xc-supervisor")
    paper = Document(io.BytesIO(client.get("/supervisors/weekly.docx?span=year").data))
    assert not list(paper.element.body.iter(qn("w:hyperlink")))
    assert any("HOTLINE_BASE_URL" in each.text and "附表" in each.text for each in paper.paragraphs)


@pytest.mark.parametrize("asof", ["x", "2026-11-20", "2026-11-20T12:00"])
def test_a_moment_that_cannot_be_read_is_said(client, login, asof):
    answer = login(client, "xc-supervisor").get("/supervisors/cases", query_string={"asof": asof})
    assert answer.status_code == 422
    assert "统计时间" in answer.text


def test_a_running_clock_of_the_past_is_refused(client, login):
    query = {"asof": "2026-11-20T12:00+08:00", "clock": "overdue"}
    answer = login(client, "xc-supervisor").get("/supervisors/cases", query_string=query)
    assert answer.status_code == 422
