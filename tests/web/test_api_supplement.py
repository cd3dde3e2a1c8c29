"""An agency's system completes what a dispute lacks, by the rules of the form, and can then accept it."""

from __future__ import annotations

import pytest

from hotline.records import Reporter, Respondent
from hotline.vocabulary import Action
from tests.web.api_world import AGENCY, CULTURE, READER, TOKEN, bearer, refused

CASES = "/api/v1/cases"
NAMELESS = {"reporter": Reporter(), "respondent": Respondent(), "demand": ""}
TOLD = {
    "reporter": {"name": "欧阳明慧", "phone": "13711112222", "address": "金丝胡同九号"},
    "respondent": {"name": "好再来商店", "address": "西单大街1号"},
    "demand": "退款",
    "facts": "小票已经找到",
}


@pytest.fixture
def lacking(register, step):
    case_id = register("劣质水杯漏水，倒热水就漏。", **NAMELESS)
    step(case_id, "xc-clerk", Action.SIGN, leg=True)
    return case_id


@pytest.fixture
def complete(api):
    def send(case_id, body, *, headers=AGENCY, tag=None, key=None):
        tag = tag or api.get(f"{CASES}/{case_id}", headers=AGENCY).headers["ETag"]
        headers = headers | {"If-Match": tag} | ({"Idempotency-Key": key} if key else {})
        return api.post(f"{CASES}/{case_id}/supplement", json=body, headers=headers)

    return send


def events(services, case_id):
    with services.read() as store:
        return store.events(case_id)


def test_what_lacks_is_told_and_completed_and_then_the_dispute_is_accepted(api, complete, lacking, app_services):
    before = api.get(f"{CASES}/{lacking}", headers=AGENCY)
    wanted = ["name", "phone", "address", "respondent_name", "respondent_address", "demand"]
    assert before.json["lacking"] == wanted
    (leg,) = [each["leg_id"] for each in before.json["legs"] if each["own"]]
    accept = {"headers": AGENCY | {"If-Match": before.headers["ETag"]}, "json": {"leg_id": leg}}
    refused(api.post(f"{CASES}/{lacking}/actions/accept", **accept), 409)
    answer = complete(lacking, TOLD)
    assert answer.status_code == 200, answer.text
    assert answer.json["lacking"] == []
    assert not any(value in answer.text for value in TOLD["reporter"].values())
    accept["headers"] = AGENCY | {"If-Match": answer.headers["ETag"]}
    assert api.post(f"{CASES}/{lacking}/actions/accept", **accept).status_code == 200
    told = next(each for each in events(app_services, lacking) if each.action is Action.SUPPLEMENT)
    assert set(told.data["fields"]) == {*wanted, "facts"}
    assert "欧阳" not in str(told.data)


def test_the_same_sent_again_with_its_old_tag_is_done_once(api, complete, lacking, app_services):
    seen = api.get(f"{CASES}/{lacking}", headers=AGENCY).headers["ETag"]
    assert complete(lacking, {"demand": "退款"}, key="k-1", tag=seen).status_code == 200
    assert complete(lacking, {"demand": "退款"}, key="k-1", tag=seen).status_code == 200
    assert [each.action for each in events(app_services, lacking)].count(Action.SUPPLEMENT) == 1
    refused(complete(lacking, {"facts": "又一件事"}, key="k-1"), 422, "Idempotency-Key")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reporter": {"phone": "12"}}, "reporter.phone"),
        ({"respondent": {"phone": "x"}}, "respondent.phone"),
        ({"reporter": {"id_number": "一二三"}}, "reporter.id_number"),
        ({"demand": 7}, "demand"),
        ({"欧阳明慧": "1"}, "others"),
    ],
)
def test_what_cannot_be_used_is_named(complete, lacking, body, field, app_services):
    refused(complete(lacking, body), 422, field)
    assert Action.SUPPLEMENT not in {each.action for each in events(app_services, lacking)}


def test_nothing_told_is_refused(complete, lacking):
    refused(complete(lacking, {}), 422, "reporter.name")
    refused(complete(lacking, {"reporter": {"anonymous": True}}), 422, "reporter.name")


def test_what_stands_there_is_not_written_over(complete, cases, step, app_services):
    step(cases["dispatched"], "xc-clerk", Action.SIGN, leg=True)
    refused(complete(cases["dispatched"], {"reporter": {"name": "别人"}}), 422, "reporter.name")
    refused(complete(cases["dispatched"], {"respondent": {"name": "别的店"}}), 422, "respondent.name")
    assert Action.SUPPLEMENT not in {each.action for each in events(app_services, cases["dispatched"])}


def test_only_who_may_act_on_the_case_completes_it(api, complete, lacking):
    tag = api.get(f"{CASES}/{lacking}", headers=AGENCY).headers["ETag"]
    assert complete(lacking, TOLD, headers=bearer(READER)).status_code == 403
    assert complete(lacking, TOLD, headers=bearer(CULTURE), tag=tag).status_code == 404
    assert complete(lacking, TOLD, headers=bearer(TOKEN), tag=tag).status_code == 403
    address = f"{CASES}/{lacking}/supplement"
    assert api.post(address, json=TOLD, headers=AGENCY).status_code == 428
    assert complete(lacking, TOLD, tag='"old"').status_code == 412


def test_a_report_is_not_completed_by_an_agency(complete, cases):
    assert complete(cases["report"], {"facts": "后来又看到一次"}).status_code == 409
