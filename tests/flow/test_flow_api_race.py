"""Several at once through the API, on both databases: one complaint, one step, one limit."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from hotline.store.queries import quarantine_list
from hotline.store.tables import CASE, RAW_SUBMISSION
from hotline.store.token_hash import hash_token
from hotline.store.tokens import add_token
from hotline.vocabulary import Action, Kind
from hotline.web import create_app
from hotline.web.api import rates

URL = "/api/v1/complaints"
BODY = {"external_id": "R-1", "text": "在商店买到劣质电饭锅，用了两天就坏，要求退款。", "kind": "dispute"}
CHANNEL, AGENCY = {"Authorization": "Bearer channel"}, {"Authorization": "Bearer agency"}


@pytest.fixture
def apps(services):
    """Two workers on one database; what threads of one worker share, these do not."""
    with services.write() as store:
        add_for(store, services, "channel", channel="12315")
    return [create_app(each) for each in (services, replace(services))]


def add_for(store, services, token, **whose):
    hashed, at = hash_token(token), services.now()
    add_token(store.session, token_hash=hashed, office_id="xicheng", label="", at=at, **whose)


def at_once(apps, calls):
    """The statuses and bodies of calls that begin together, spread over the workers."""
    start, answers = threading.Barrier(len(calls)), []

    def run(app, call):
        client = app.test_client()
        start.wait()
        answers.append(call(client))

    threads = [threading.Thread(target=run, args=(apps[n % len(apps)], call)) for n, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def count(services, table):
    with services.read() as store:
        return store.session.execute(select(func.count()).select_from(table)).scalar_one()


def test_the_same_complaint_at_once_is_one(apps, services):
    answers = at_once(apps, [lambda client: client.post(URL, json=BODY, headers=CHANNEL)] * 8)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 7}
    assert len({answer.json["case_id"] for answer in answers}) == 1
    assert (count(services, CASE), count(services, RAW_SUBMISSION)) == (1, 1)


def test_other_content_under_the_same_id_at_once_is_kept_beside_the_first(apps, services):
    bodies = [BODY | {"text": f"{BODY['text']}第{n}次反映。"} for n in range(6)]
    calls = [lambda client, body=body: client.post(URL, json=body, headers=CHANNEL) for body in bodies]
    answers = at_once(apps, calls)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 5}
    assert count(services, CASE) == 1
    with services.read() as store:
        assert len(quarantine_list(store.session, "xicheng").lines) == 5


def test_one_of_several_steps_at_once_is_done(apps, services, hotline):
    case_id = hotline.register(BODY["text"], kind=Kind.DISPUTE, dispatch=False).case_id
    hotline.act(case_id, Action.DISPATCH, lead="110102-scjg")
    with services.write() as store:
        add_for(store, services, "agency", body_id="110102-scjg")
    client = apps[0].test_client()
    seen = client.get(f"/api/v1/cases/{case_id}", headers=AGENCY)
    leg_id = next(leg["leg_id"] for leg in seen.json["legs"] if leg["own"])
    headers = AGENCY | {"If-Match": seen.headers["ETag"]}
    sign = f"/api/v1/cases/{case_id}/actions/sign"
    answers = at_once(apps, [lambda client: client.post(sign, json={"leg_id": leg_id}, headers=headers)] * 6)
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[200] == 1
    assert set(statuses) <= {200, 409, 412}
    with services.read() as store:
        assert [event.action for event in store.events(case_id)].count("sign") == 1


def test_the_limit_is_one_for_all_workers(apps, monkeypatch):
    monkeypatch.setattr(rates, "PER_MINUTE", 120)
    calls = [lambda client: [client.get(URL, headers=CHANNEL).status_code for _ in range(40)]] * 4
    let = Counter(status for several in at_once(apps, calls) for status in several)
    assert set(let) == {200, 429}
    assert 120 - 2 * len(apps) <= let[200] <= 120
