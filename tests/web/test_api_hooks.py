"""What an agency's system is told of at once: it subscribes, the outbox sends it signed, it sees and replays it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hotline.delivery.by_webhook import signature
from hotline.delivery.job import deliver
from hotline.store.contacts import save_contact
from hotline.store.digests import Recipient
from hotline.vocabulary import Action, Outlet
from tests.delivery.servers import HookServer, running
from tests.web.api_world import AGENCY, CULTURE, READER, bearer, refused

WANT, LIST = "/api/v1/subscription", "/api/v1/deliveries"
MARKET = "110102-scjg"


@pytest.fixture
def server():
    with running(HookServer()) as made:
        yield made


@pytest.fixture
def secret(app_services, server):
    with app_services.write() as store:
        recipient, at = Recipient("xicheng", MARKET, ""), app_services.now()
        where = f"http://127.0.0.1:{server.server_address[1]}/in"
        return save_contact(store.session, store.keyring, recipient, Outlet.WEBHOOK, address=where, at=at, local=True)


@pytest.fixture
def send(app_services):
    settings = replace(
        app_services.settings, webhooks=True, base_url="https://hotline.example.gov.cn", local_targets=True
    )
    return lambda: deliver(app_services.engine, app_services.keyring, settings, app_services.now)


def subscribe(api, *events, token=None):
    return api.put(WANT, json={"events": list(events)}, headers=bearer(token) if token else AGENCY)


def told(api):
    return [(each["type"], each["state"]) for each in api.get(LIST, headers=AGENCY).json["items"]]


def test_without_a_subscription_nothing_is_sent(api, secret, register):
    register("劣质水杯漏水。")
    assert api.get(WANT, headers=AGENCY).json == {"events": [], "address_set": True, "sending": False}
    assert told(api) == []


def test_without_an_address_nothing_waits(api, register):
    subscribe(api, "case.dispatched")
    register("劣质水杯漏水。")
    assert told(api) == []


def test_a_dispatch_is_told_signed_and_without_the_caller(api, secret, register, server, send):
    assert subscribe(api, "case.dispatched").json["events"] == ["case.dispatched"]
    case_id = register("劣质水杯漏水，电话13900001234。")
    assert told(api) == [("case.dispatched", "waiting")]
    assert send() == 1
    ((_, headers, content),) = server.posts
    body = json.loads(content)
    assert (body["type"], body["case_id"], body["body"]) == ("case.dispatched", case_id, MARKET)
    assert set(body) == {"event_id", "type", "created_at", "office", "body", "case_id", "number", "category", "link"}
    stamp = int(headers["X-Hotline-Timestamp"])
    assert headers["X-Hotline-Signature"] == f"sha256={signature(secret.encode(), stamp, content)}"
    assert told(api) == [("case.dispatched", "sent")]


def test_each_kind_is_told_to_those_who_asked(api, secret, cases, step):
    subscribe(api, "case.reminded", "case.extension")
    step(cases["report"], "xc-operator", Action.REMIND, text="请尽快。")
    step(cases["report"], "xc-supervisor", Action.SUPERVISE, text="限期报告。")
    step(cases["report"], "xc-clerk", Action.REQUEST_EXTEND, leg=True, policy="H-RESOLVE", amount=1, text="需要检测。")
    assert told(api) == [("case.reminded", "waiting")] * 2
    subscribe(api)
    step(cases["report"], "xc-operator", Action.REMIND, text="请尽快。")
    assert len(told(api)) == 2


def test_a_message_is_replayed_under_the_same_id_and_that_is_an_event(
    api, secret, register, server, send, app_services
):
    subscribe(api, "case.dispatched")
    register("劣质水杯漏水。")
    send()
    event_id = api.get(LIST, headers=AGENCY).json["items"][0]["event_id"]
    again = api.post(f"{LIST}/{event_id}/again", headers=AGENCY)
    assert (again.status_code, again.json["state"]) == (200, "waiting")
    send()
    assert [json.loads(content)["event_id"] for _, _, content in server.posts] == [event_id, event_id]
    with app_services.read() as store:
        assert [event.data["what"] for event in store.events("outbox:xicheng")] == ["subscribed", "sent_again"]


def test_another_body_neither_sees_nor_replays_it(api, secret, register):
    subscribe(api, "case.dispatched")
    register("劣质水杯漏水。")
    event_id = api.get(LIST, headers=AGENCY).json["items"][0]["event_id"]
    assert api.get(LIST, headers=bearer(CULTURE)).json["items"] == []
    refused(api.post(f"{LIST}/{event_id}/again", headers=bearer(CULTURE)), 404)
    refused(api.post(f"{LIST}/x/again", headers=AGENCY), 404)


@pytest.mark.parametrize(
    "body", [{}, {"events": "all"}, {"events": ["x"]}, {"events": [1]}, {"events": [], "url": "x"}]
)
def test_what_cannot_be_subscribed_is_refused(api, body):
    assert api.put(WANT, json=body, headers=AGENCY).status_code == 422
    refused(subscribe(api, token=READER), 403)


def test_the_administrator_sees_what_a_body_wants(api, secret, login, app):
    subscribe(api, "case.dispatched", "case.sent_back")
    page = login(app.test_client(), "admin").get("/admin/contacts").text
    assert "派单、退回重办" in page
