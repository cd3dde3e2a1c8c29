"""Two people at once, the same form twice, steps told late: nobody's work is lost or overwritten unseen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from hotline.records import Reporter
from hotline.vocabulary import Action
from tests.web.casepage_world import MARKET, events, snapshot
from tests.web.conftest import CULTURE, POLICE, field_in, token_in


@pytest.fixture
def two(app, login):
    """Two of the desk, each with a page open."""
    return login(app.test_client(), "xc-operator"), login(app.test_client(), "xc-supervisor")


def completing(client, case_id):
    """What the open page's form of completing would send, to be filled in."""
    page = client.get(f"/cases/{case_id}").text
    form = page[page.index('id="supplement"') :]
    return {name: field_in(form, name) for name in ("token", "told_before")} | {"csrf_token": token_in(page)}


def phone_of(services, case_id):
    with services.read() as store:
        return store.complaint(snapshot(services, case_id).complaint_id).reporter.phone


def test_who_completes_second_is_told_and_sees_what_the_first_wrote(two, register, app_services):
    case_id, url = register("劣质水杯。", reporter=Reporter(name="钱多多")), "/cases/{}/caller"
    forms = [completing(client, case_id) for client in two]
    first = two[0].post(url.format(case_id), data=forms[0] | {"phone": "13900001111"})
    assert first.status_code == 302
    second = two[1].post(url.format(case_id), data=forms[1] | {"phone": "13900002222", "facts": "小票还在"})
    assert second.status_code == 409
    assert "别人刚刚补充过" in second.text
    assert "小票还在</textarea>" in second.text
    assert phone_of(app_services, case_id) == "13900001111"
    again = completing(two[1], case_id) | {"phone": "13900002222"}
    assert two[1].post(url.format(case_id), data=again).status_code == 302
    # The first one's form, sent once more by an impatient hand, is known and changes nothing.
    assert two[0].post(url.format(case_id), data=forms[0] | {"phone": "13900001111"}).status_code == 302
    assert phone_of(app_services, case_id) == "13900002222"
    assert [event.action for event in events(app_services, case_id)].count(Action.SUPPLEMENT) == 2


def test_the_same_correction_of_the_category_sent_twice_does_not_undo_the_next(two, register, app_services):
    case_id = register("劣质水杯。", dispatch=False)
    chosen = {"setting": "market", "kind": "dispute", "urgency": "一般", "state": "ready"}
    page = two[0].get(f"/cases/{case_id}").text
    seen = re.search(r'name="expected_seq" value="(\d+)"', page)[1]
    form = chosen | {"csrf_token": token_in(page), "expected_seq": seen, "token": "f1", "category": "fuel"}
    url = f"/cases/{case_id}/actions/classify"
    assert two[0].post(url, data=form).status_code == 302
    newer = form | {"csrf_token": token_in(two[1].get(f"/cases/{case_id}").text), "token": "f2", "category": "food"}
    newer |= {"expected_seq": str(len(events(app_services, case_id)))}
    assert two[1].post(url, data=newer).status_code == 302
    with app_services.read() as store:
        assignment = store.assignment(case_id)
    assert two[0].post(url, data=form).status_code == 302
    assert snapshot(app_services, case_id).category == "food"
    with app_services.read() as store:
        assert store.assignment(case_id) == assignment


def test_the_desk_hears_of_a_co_agency_that_gives_its_leg_back(two, app, login, register, step, perform):
    case_id = register("劣质水杯。", dispatch=False)
    step(case_id, "xc-operator", Action.DISPATCH, lead=MARKET, co=(CULTURE,))
    co = login(app.test_client(), "xc-other-clerk")
    fields = {"clause": "二（一）3", "owner": POLICE, "text": "不涉及文化市场"}
    assert perform(co, case_id, "return", leg=CULTURE, **fields).status_code == 302
    assert "配合单位退单" in two[0].get("/notices/").text
    lead = login(app.test_client(), "xc-clerk")
    assert perform(lead, case_id, "return", leg=MARKET, **fields).status_code == 302
    assert two[0].get("/notices/").text.count("配合单位退单") == 1, "a lead's return stands in the list of returns"


def test_a_notice_cannot_be_dated_before_what_it_tells(client, login, register, step, perform, clock):
    case_id = register("劣质水杯。", dispatch=False)
    step(case_id, "xc-operator", Action.DISPATCH, lead=MARKET)
    step(case_id, "xc-clerk", Action.SIGN, leg=True)
    clock.forward(minutes=30)
    step(case_id, "xc-clerk", Action.ACCEPT, leg=True)
    login(client, "xc-clerk")
    early = clock().replace(microsecond=0).isoformat()
    clock.forward(minutes=5)
    told = {"subject": "acceptance", "how": "phone"}
    answer = perform(client, case_id, "notify", leg=MARKET, at=(clock() - timedelta(minutes=20)).isoformat(), **told)
    assert answer.status_code == 422
    assert "“告知”的时间早于“受理”的时间" in answer.text
    assert perform(client, case_id, "notify", leg=MARKET, at=early, **told).status_code == 302
