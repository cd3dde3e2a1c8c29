"""The same matter beside the form and on the case's page: shown with its words, linked in one act, undone."""

from __future__ import annotations

import re

import pytest

from hotline.casework.bonds import links_of
from hotline.casework.state import replay
from hotline.records import Reporter, Respondent
from hotline.store.clockstore import clocks_of
from hotline.vocabulary import Action, Kind, Relation

NEW, PREVIEW = "/operators/new", "/operators/preview"
TOLD = "柳林村村东头鱼塘边上有个院子加工猪血，味道很重，工人往桶里倒福尔马林。"
FORM = {
    "channel": "12315",
    "urgency": "一般",
    "kind": "report",
    "name": "钱小二",
    "phone": "13811112222",
    "text": "柳林村鱼塘旁边一户人家做血豆腐，往桶里倒福尔马林，味道很重。",
}

AS_IT_IS = {"category": "product_quality", "setting": "market", "kind": "report", "urgency": "一般"}


@pytest.fixture
def earlier(register):
    return register(TOLD, kind=Kind.REPORT, respondent=Respondent(), reporter=Reporter("孙某", "13900005555"))


@pytest.fixture
def desk(client, login, earlier):
    return login(client, "xc-operator")


def preview_of(client, **changes):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(NEW).text)[1]
    answer = client.post(PREVIEW, data={"csrf_token": token, **FORM, **changes}, headers={"X-Fragment": "1"})
    assert answer.status_code == 200, answer.text
    return answer.text


def links(services, case_id):
    with services.read() as store:
        return links_of(replay(store.events(case_id)))


def made_by(answer):
    assert answer.status_code == 302, answer.text
    return re.search(r"/operators/saved/(\w+)", answer.location)[1]


def test_the_preview_shows_the_same_matter_with_its_words(desk, earlier):
    text = preview_of(desk)
    assert "可能重复" in text
    assert "“往桶里倒福尔马林”" in text
    assert f'name="link" value="duplicate:{earlier}"' in text
    assert "13900005555" not in text


def test_a_tick_stays_while_the_preview_changes(desk, earlier):
    text = preview_of(desk, link=f"duplicate:{earlier}")
    assert re.search(rf'value="duplicate:{earlier}" checked', text)


def test_a_dispute_of_another_caller_is_shown_as_one_of_a_group(desk, register):
    register(TOLD, kind=Kind.DISPUTE, respondent=Respondent(), reporter=Reporter("周某", "13900006666"))
    text = preview_of(desk, kind="dispute")
    assert "群体诉求" in text
    assert 'name="link" value="related:' in text


def test_saving_links_what_was_ticked_and_each_keeps_its_clocks(desk, earlier, post, app_services):
    before = links(app_services, earlier)
    made = made_by(post(desk, NEW, NEW, **FORM, link=f"duplicate:{earlier}"))
    (link,) = links(app_services, made)
    assert (link.case_id, link.relation) == (earlier, Relation.DUPLICATE)
    assert [each.case_id for each in links(app_services, earlier)] == [*(each.case_id for each in before), made]
    with app_services.read() as store:
        clocks = [{clock.holder_id for clock in clocks_of(store.session, each)} for each in (made, earlier)]
    assert all(clocks)
    assert clocks[0].isdisjoint(clocks[1])


@pytest.mark.parametrize("ticked", ["duplicate:nothing", "split:{earlier}", "{earlier}", "duplicate:{north}"])
def test_nothing_is_saved_with_a_link_that_cannot_be(desk, earlier, cases, post, app_services, ticked):
    value = ticked.format(earlier=earlier, north=cases["north"])
    answer = post(desk, NEW, NEW, **FORM, link=value)
    assert answer.status_code == 422
    assert "重新勾选" in answer.text
    assert FORM["text"] in answer.text
    assert links(app_services, earlier) == ()


def test_the_page_of_a_case_links_in_one_act_and_then_offers_it_no_more(desk, earlier, post, app_services):
    made = made_by(post(desk, NEW, NEW, **FORM))
    page = desk.get(f"/cases/{made}").text
    assert "可能重复" in page
    assert "“往桶里倒福尔马林”" in page
    assert "关联为“重复诉求”" in page
    number = re.search(r'name="number" value="([^"]+)"', page)[1]
    post(desk, f"/cases/{made}", f"/cases/{made}/links", number=number, relation="duplicate", token="r1")
    assert [each.case_id for each in links(app_services, made)] == [earlier]
    assert "关联为“重复诉求”" not in desk.get(f"/cases/{made}").text
    post(desk, f"/cases/{made}", f"/cases/{made}/unlink", case=earlier, text="不是一处")
    assert links(app_services, earlier) == ()


def test_another_office_learns_no_more_than_that_there_is_one(client, login, earlier):
    login(client, "bd-operator")
    text = preview_of(client)
    assert "另一办公室有相同记录" in text
    assert earlier not in text
    assert "福尔马林”" not in text


def test_who_only_asks_how_it_stands_is_led_to_the_earlier_case(desk, earlier, step):
    waiting = preview_of(desk)
    assert "只问进展的不必另登记" in waiting
    assert f'href="/cases/{earlier}#form-note-case"' in waiting
    step(earlier, "xc-operator", Action.CLASSIFY, state="ready", **AS_IT_IS)
    step(earlier, "xc-operator", Action.DISPATCH, lead="110102-scjg")
    sent = preview_of(desk)
    assert f'href="/cases/{earlier}#form-remind-case"' in sent
    assert "北京市西城区市场监督管理局" in sent.split("以前的诉求")[1].split("</section>")[0]
    assert 'id="form-remind-case"' in desk.get(f"/cases/{earlier}").text
