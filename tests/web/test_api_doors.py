"""Tokens, and asking how a complaint stands."""

from __future__ import annotations

import pytest

from hotline.store.tokens import revoke_token, tokens_of
from hotline.web.api import rates
from tests.web.api_world import FULL, NORTH, PHONE, SISTER, TOKEN, URL, bearer, kept, refused, send


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        f"Token {TOKEN}",
        "Bearer wrong",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN} {TOKEN}",
        TOKEN,
        "Bearer " + "é" * 2000,
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", URL), ("GET", f"{URL}/{'0' * 32}")])
def test_without_a_known_token_nothing_is_done(api, app_services, header, method, path):
    headers = {} if header is None else {"Authorization": header}
    answer = api.open(path, method=method, data=b"{", headers=headers)
    refused(answer, 401, code="unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert kept(app_services) == []


def test_a_revoked_token_is_refused_at_once(api, app_services):
    assert send(api, FULL).status_code == 201
    with app_services.write() as store:
        (own,) = [each for each in tokens_of(store.session, "xicheng") if each.channel == "12315"]
        revoke_token(store.session, own.id, "xicheng", app_services.now())
    refused(send(api, FULL), 401)


def test_a_signed_in_person_is_no_channel(api, login):
    login(api, "xc-operator")
    refused(api.post(URL, json=FULL), 401)


def test_a_token_opens_no_page(api):
    assert api.get("/cases/" + "0" * 32, headers=bearer()).status_code == 302


def test_each_token_has_its_rate(api, clock, monkeypatch):
    monkeypatch.setattr(rates, "PER_MINUTE", 2)
    clock.forward(seconds=45)
    assert [send(api, FULL).status_code for _ in range(2)] == [201, 200]
    answer = send(api, FULL)
    refused(answer, 429, code="throttled")
    assert answer.headers["Retry-After"] == "15"
    assert send(api, FULL, token=SISTER).status_code == 201
    clock.forward(seconds=15)
    assert send(api, FULL).status_code == 200


def test_a_channel_may_ask_for_its_own(api):
    made = send(api, FULL)
    asked = api.get(made.headers["Location"], headers=bearer())
    assert asked.status_code == 200
    assert asked.json == made.json
    assert asked.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", [SISTER, NORTH])
def test_another_channel_or_office_learns_nothing(api, token):
    made = send(api, FULL)
    other = refused(api.get(made.headers["Location"], headers=bearer(token)), 404)
    unknown = refused(api.get(f"{URL}/{'0' * 32}", headers=bearer(token)), 404)
    assert other == unknown


@pytest.mark.parametrize("name", ["x", "%00", "%ED%A0%80", "0" * 5000, "A" * 32, "'--", "%2e%2e"])
def test_what_is_no_id_is_unknown(api, name):
    refused(api.get(f"{URL}/{name}", headers=bearer()), 404, code="not_found")


def test_a_case_id_is_no_complaint_id(api):
    made = send(api, FULL).json
    refused(api.get(f"{URL}/{made['case_id']}", headers=bearer()), 404)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", URL, 405),
        ("DELETE", f"{URL}/{'0' * 32}", 405),
        ("POST", "/api/v1/openapi.json", 405),
        ("GET", "/api/", 404),
        ("GET", "/api/v1/", 404),
        ("POST", "/api/v1/complaint", 404),
        ("POST", "/api/v2/complaints", 404),
        ("GET", f"{URL}/", 404),
    ],
)
def test_other_ways_have_the_same_error_shape(api, method, path, status):
    answer = api.open(path, method=method, headers=bearer())
    refused(answer, status)
    assert (status == 405) == ("Allow" in answer.headers)


def test_a_fault_of_ours_says_nothing_and_loses_nothing(api, app_services, monkeypatch, caplog):
    def broken(*_args, **_more):
        raise RuntimeError(PHONE)

    with monkeypatch.context() as patch:
        patch.setattr("hotline.web.api.complaints.prepare_draft", broken)
        refused(send(api, FULL), 500, code="internal_error")
    assert PHONE not in caplog.text
    assert send(api, FULL).status_code == 201
