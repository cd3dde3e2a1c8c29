"""The API as a channel's own system meets it."""

from __future__ import annotations

import io
import json
import logging
import re
import threading

import pytest
from sqlalchemy import func, select

from hotline.intake.judge import judge_file
from hotline.intake.submission import content_digest
from hotline.store import queries
from hotline.store.accounts import add_channel_token, channel_tokens, hash_token, revoke_channel_token
from hotline.store.tables import CASE
from hotline.web.api import admission

URL = "/api/v1/complaints"
TOKEN, SISTER, NORTH = "token-12315-xicheng", "token-12390-xicheng", "token-12315-baodi"
TEXT = "在商店买到劣质电饭锅，用了两天就坏，要求退款。"
SECRETS = ("欧阳明慧", "13711112222", "11010119900307001X", "金丝胡同九号")
NAME, PHONE, ID_NUMBER, ADDRESS = SECRETS
FULL = {
    "external_id": "T-1",
    "text": TEXT,
    "kind": "dispute",
    "received_at": "2026-11-18T09:00:00+08:00",
    "location_hint": "110102",
    "urgency": "紧急",
    "goods": "电饭锅",
    "amount": 399.5,
    "happened_on": "2026-11-15",
    "happened_where": "西单",
    "demand": "退款",
    "evidence_note": "小票",
    "reporter": {
        "name": NAME,
        "phone": PHONE,
        "id_number": ID_NUMBER,
        "address": ADDRESS,
        "anonymous": False,
        "role": "消费者",
    },
    "respondent": {"name": "好再来商店", "address": "西单", "phone": "010-66001234", "platform": "", "url": ""},
}


@pytest.fixture
def api(app, app_services):
    with app_services.write() as store:
        for token, channel, office in (
            (TOKEN, "12315", "xicheng"),
            (SISTER, "12390", "xicheng"),
            (NORTH, "12315", "baodi"),
        ):
            add_channel_token(
                store.session,
                token_hash=hash_token(token),
                channel=channel,
                office_id=office,
                label="测试",
                at=app_services.now(),
            )
    return app.test_client()


def bearer(token=TOKEN):
    return {"Authorization": f"Bearer {token}"}


def send(client, body=None, *, token=TOKEN, **more):
    """Post a complaint; bytes go as they are and without a content type."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(URL, data=content, headers=bearer(token) | more.pop("headers", {}), **more)


def refused(answer, status, *fields, code=None):
    """The one error shape, in Chinese, with these fields and nothing of what was sent."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/json"
    assert set(answer.json) == {"error"}
    error = answer.json["error"]
    assert set(error) == {"code", "message", "fields"}
    assert re.fullmatch(r"[a-z_]+", error["code"])
    assert code in (None, error["code"])
    assert re.search(r"[\u4e00-\u9fff]", error["message"])
    assert set(error["fields"]) == set(fields)
    assert all(re.search(r"[\u4e00-\u9fff]", reason) for reason in error["fields"].values())
    assert not any(secret in answer.text for secret in SECRETS)
    return error


def kept(services, office="xicheng"):
    """What quarantine holds: (line, original bytes), the newest first."""
    with services.read() as store:
        lines = queries.quarantine_list(store.session, office).lines
        return [(line, store.quarantined(line.id)) for line in lines]


def complaint(services, complaint_id):
    with services.read() as store:
        return store.complaint(complaint_id)


def count(services, table):
    with services.read() as store:
        return store.session.execute(select(func.count()).select_from(table)).scalar_one()


# ---- taking a complaint ----------------------------------------------------------------------


def test_a_full_complaint_is_registered_and_dispatched(api, app_services):
    answer = send(api, FULL)
    assert answer.status_code == 201
    body = answer.json
    assert set(body) == {
        "complaint_id",
        "case_id",
        "case_number",
        "follow_code",
        "state",
        "category",
        "lead",
        "lead_today",
        "received_at",
    }
    assert re.fullmatch(r"2026-01\d{4}-\d", body["case_number"])
    assert (body["state"], body["category"]) == ("dispatched", "product_quality")
    assert body["lead_today"] == "北京市西城区市场监督管理局"
    assert body["lead"]
    assert body["lead"] != body["lead_today"]
    assert body["received_at"] == FULL["received_at"]
    assert answer.headers["Location"] == f"{URL}/{body['complaint_id']}"
    made = complaint(app_services, body["complaint_id"])
    assert (made.channel, made.external_id, made.kind, made.urgency) == ("12315", "T-1", "dispute", "紧急")
    assert (made.reporter.name, made.reporter.phone, made.reporter.role) == (NAME, PHONE, "消费者")
    assert (made.respondent.name, made.goods, str(made.amount)) == ("好再来商店", "电饭锅", "399.5")
    assert (made.happened_on.isoformat(), made.demand, made.evidence_note) == ("2026-11-15", "退款", "小票")


def test_the_bytes_are_kept_as_they_came(api, app_services):
    content = b'\xef\xbb\xbf { "external_id":"B-1",  "text":"\xe5\x8a\xa3\xe8\xb4\xa8\\u0000" , "more": [1] }\n'
    answer = send(api, content)
    assert answer.status_code == 201
    made = complaint(app_services, answer.json["complaint_id"])
    with app_services.read() as store:
        assert store.raw_content(made.submission_id) == content


def test_two_fields_are_enough(api, app_services):
    answer = send(
        api, {"external_id": "min", "text": TEXT, "reporter": None, "kind": None, "goods": "", "amount": None}
    )
    assert answer.status_code == 201
    made = complaint(app_services, answer.json["complaint_id"])
    assert made.received_at == app_services.now()
    assert not made.named


@pytest.mark.parametrize(
    ("text", "state", "category", "has_lead"),
    [
        ("商店不给开发票，还说难听的话。", "triage", "product_quality", True),
        ("门口的路灯不亮了。", "triage", "other", False),
        ("举报商店冒用他人商标。", "dispatched", "trademark", True),
    ],
)
def test_what_is_doubted_or_out_of_scope_waits_for_a_person(api, text, state, category, has_lead):
    body = send(api, {"external_id": "s", "text": text, "kind": "report"}).json
    assert (body["state"], body["category"], body["lead"] is not None) == (state, category, has_lead)


@pytest.mark.parametrize(
    ("given", "utc"),
    [
        ("2026-11-18T09:00:00", "2026-11-18T01:00:00+00:00"),
        ("2026-11-18 09:00", "2026-11-18T01:00:00+00:00"),
        ("2026-11-18", "2026-11-17T16:00:00+00:00"),
        ("2026-11-18T01:00:00Z", "2026-11-18T01:00:00+00:00"),
        ("2026-11-18T09:34:00+08:00", "2026-11-18T01:34:00+00:00"),  # Four minutes fast: clocks differ.
        ("", "2026-11-18T01:30:00+00:00"),
    ],
)
def test_times_are_shanghai_unless_they_say_otherwise(api, app_services, given, utc):
    answer = send(api, {"external_id": "t", "text": TEXT, "received_at": given})
    assert answer.status_code == 201
    assert complaint(app_services, answer.json["complaint_id"]).received_at.isoformat() == utc


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "application/vnd.hotline+json",
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
    ],
)
def test_json_is_taken_whatever_a_careless_client_calls_it(api, content_type):
    answer = send(api, FULL, headers={"Content-Type": content_type})
    assert answer.status_code == 201


def test_hostile_looking_text_is_a_complaint(api, app_services):
    text = "<script>alert(1)</script>劣质'; DROP TABLE case_file;-- =cmd|' /C calc'!A0\u202e\ufeff😀"
    answer = send(api, {"external_id": "<b>'\"&", "text": text})
    assert answer.status_code == 201
    assert "DROP TABLE" in complaint(app_services, answer.json["complaint_id"]).text


def test_a_long_text_is_taken_whole(api, app_services):
    answer = send(api, {"external_id": "long", "text": "劣质商品退款。" * 1143})
    assert answer.status_code == 201
    assert len(complaint(app_services, answer.json["complaint_id"]).text) == 8001


def test_nul_and_lone_surrogates_in_texts_do_no_harm(api, app_services):
    body = b'{"external_id":"n","text":"\\u0000\\ud800\xe5\x8a\xa3\xe8\xb4\xa8\\udc00","goods":"a\\u0000\\ud800b",'
    body += b'"reporter":{"name":"\\udfff","phone":"\\u00001"},"\\ud800":1}'
    answer = send(api, body)
    assert answer.status_code == 201
    assert complaint(app_services, answer.json["complaint_id"]).goods == "a?b"


# ---- the same again --------------------------------------------------------------------------


def test_the_same_content_again_is_the_same_complaint(api, app_services, clock):
    first = send(api, FULL)
    before = count(app_services, CASE)
    clock.forward(hours=3)
    again = send(api, dict(reversed(FULL.items())) | {"unknown": 1})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert again.headers["Location"] == first.headers["Location"]
    assert count(app_services, CASE) == before
    assert kept(app_services) == []


def test_a_defaulted_time_is_no_content(api, clock):
    body = {"external_id": "d", "text": TEXT}
    first = send(api, body)
    clock.forward(hours=1)
    again = send(api, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json["received_at"] == first.json["received_at"]


@pytest.mark.parametrize(
    "change",
    [{"text": TEXT + "急"}, {"kind": "report"}, {"amount": 400}, {"reporter": FULL["reporter"] | {"phone": "1"}}],
)
def test_other_content_is_a_conflict_and_is_kept_beside_the_first(api, app_services, change):
    first = send(api, FULL)
    for _ in range(2):
        refused(send(api, FULL | change), 409, code="idempotency_conflict")
    ((line, original),) = kept(app_services)
    assert json.loads(original) == FULL | change
    assert (line.channel, line.source, line.external_id) == ("12315", "api", "T-1")
    assert send(api, FULL).json == first.json


def test_the_key_belongs_to_the_channel_of_the_office(api):
    ids = {send(api, FULL, token=token).json["complaint_id"] for token in (TOKEN, SISTER, NORTH)}
    assert len(ids) == 3


def test_an_import_of_the_same_complaint_has_the_same_content(api, app_services):
    """What a channel sends and what it exports must meet as the same, not as a conflict."""
    complaint_id = send(api, FULL).json["complaint_id"]
    with app_services.read() as store:
        complaint = store.complaint(complaint_id)
        _, _, digest = store.find_submission(complaint.office_id, complaint.channel, complaint.external_id)
    (draft,) = judge_file(json.dumps(FULL).encode(), "12315", now=app_services.now()).drafts
    assert content_digest(draft) == digest


def test_a_race_makes_one_complaint(app, api, app_services):
    answers, start = [], threading.Barrier(4)

    def race():
        client = app.test_client()
        start.wait()
        answers.append(send(client, FULL))

    before = count(app_services, CASE)
    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json["complaint_id"] for answer in answers}) == 1
    assert count(app_services, CASE) == before + 1
    assert kept(app_services) == []


# ---- what cannot be used ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"external_id=1&text=abc",
        b'{"external_id": "x", "text": "',
        b'{"external_id": "x", "text": "a",}',
        b"{'external_id': 'x'}",
        b'{"external_id": "x", "text": "\xff\xfe"}',
        '{"external_id": "x", "text": "劣质"}'.encode("gb18030"),
        '{"external_id": "x", "text": "劣质"}'.encode("utf-16"),
        b"\x00\x01\x02PK\x03\x04",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"external_id": "x", "text": "a", "amount": NaN}',
        b'{"external_id": "x", "text": "a", "amount": ' + b"9" * 5000 + b"}",
    ],
    ids=repr,
)
def test_no_json_is_400_and_kept(api, app_services, content):
    refused(send(api, content), 400, code="invalid_json")
    ((line, original),) = kept(app_services)
    assert original == content
    assert (line.source, line.channel, line.external_id) == ("api", "12315", None)


DEEP = "[" * 900 + "]" * 900


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"external_id": None}, "external_id"),
        ({"external_id": ""}, "external_id"),
        ({"external_id": "  "}, "external_id"),
        ({"external_id": 17}, "external_id"),
        ({"external_id": "a\x00b"}, "external_id"),
        ({"external_id": "a\ud800"}, "external_id"),
        ({"external_id": "a\nb"}, "external_id"),
        ({"external_id": "x" * 201}, "external_id"),
        ({"text": None}, "text"),
        ({"text": ""}, "text"),
        ({"text": " \n\t"}, "text"),
        ({"text": "\u200b\ufeff\x00"}, "text"),
        ({"text": "<p></p>"}, "text"),
        ({"text": ["劣质"]}, "text"),
        ({"text": True}, "text"),
        ({"text": "劣" * 50_001}, "text"),
        ({"kind": "complaint"}, "kind"),
        ({"kind": 1}, "kind"),
        ({"urgency": "非常急"}, "urgency"),
        ({"received_at": "2026-02-30T09:00:00+08:00"}, "received_at"),
        ({"received_at": "昨天"}, "received_at"),
        ({"received_at": "46344"}, "received_at"),
        ({"received_at": 1763430000}, "received_at"),
        ({"received_at": "2026-11-18T25:00:00"}, "received_at"),
        ({"received_at": "9999-12-31T23:59:59-23:59"}, "received_at"),
        ({"received_at": "0001-01-01T00:00:00+14:00"}, "received_at"),
        ({"received_at": "2026-11-18T09:36:00+08:00"}, "received_at"),  # Six minutes ahead.
        ({"received_at": "2027-01-01"}, "received_at"),
        # No calendar of working days reaches that far.
        ({"received_at": "1999-03-15", "kind": "dispute", "text": "门口的路灯不亮了。"}, "received_at"),
        ({"amount": -1}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": "很多"}, "amount"),
        ({"amount": "1E+999999999"}, "amount"),
        ({"amount": 1e300}, "amount"),
        ({"amount": 10**100}, "amount"),
        ({"amount": [1]}, "amount"),
        ({"happened_on": "2026-13-01"}, "happened_on"),
        ({"happened_on": "2026-11-19"}, "happened_on"),
        ({"happened_on": "上个月"}, "happened_on"),
        ({"goods": {"name": PHONE}}, "goods"),
        ({"demand": "退" * 8001}, "demand"),
        ({"location_hint": 110102}, "location_hint"),
        ({"reporter": NAME}, "reporter"),
        ({"reporter": [NAME]}, "reporter"),
        ({"reporter": {"phone": 13711112222}}, "reporter.phone"),
        ({"reporter": {"name": NAME * 100}}, "reporter.name"),
        ({"reporter": {"anonymous": "是"}}, "reporter.anonymous"),
        ({"reporter": {"anonymous": 1}}, "reporter.anonymous"),
        ({"respondent": {"url": ["http://a.example"]}}, "respondent.url"),
        ({"respondent": 5}, "respondent"),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_an_unusable_field_is_named_and_the_original_kept(api, app_services, change, field):
    body = {"external_id": "bad", "text": TEXT, "reporter": FULL["reporter"]} | change
    refused(send(api, body), 422, field, code="invalid_input")
    ((line, original),) = kept(app_services)
    assert json.loads(original) == body
    assert field in line.reason
    assert not any(secret in line.reason for secret in SECRETS)
    assert line.external_id == (None if field == "external_id" and not _short(change) else body["external_id"])


def _short(change):
    """A key that is too long for us may still be shown beside the original."""
    return len(str(change["external_id"])) > 200


@pytest.mark.parametrize("value", [None, 1, "text", True, [], [FULL], {}])
def test_json_of_another_shape_is_422(api, app_services, value):
    answer = send(api, value)
    refused(answer, 422, *(("external_id", "text") if value == {} else ("body",)))
    assert len(kept(app_services)) == 1


def test_all_bad_fields_are_told_at_once_and_none_is_echoed(api, app_services):
    body = {"text": 5, "kind": NAME, "reporter": {"phone": {PHONE: ADDRESS}, PHONE: 1}, ID_NUMBER: NAME}
    refused(send(api, body), 422, "external_id", "text", "kind", "reporter.phone")


def test_deep_nesting_where_nothing_is_expected_is_ignored(api):
    body = f'{{"external_id": "deep", "text": "劣质商品", "extra": {DEEP}}}'
    assert send(api, body.encode()).status_code in {201, 400}
    refused(send(api, f'{{"external_id": "deep2", "text": {DEEP}}}'.encode()), 422, "text")


def test_the_same_refusal_is_kept_once_and_the_corrected_one_is_taken(api, app_services):
    bad = {"external_id": "fix", "text": TEXT, "kind": "?"}
    for _ in range(3):
        refused(send(api, bad), 422, "kind")
    assert len(kept(app_services)) == 1
    assert send(api, bad | {"kind": "举报"}).status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/xml"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "image/png"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
    ids=repr,
)
def test_another_content_type_is_415_and_kept(api, app_services, headers):
    refused(send(api, FULL, headers=headers), 415, code="unsupported_media_type")
    ((_, original),) = kept(app_services)
    assert json.loads(original) == FULL


def test_too_large_is_413(api, app_services):
    refused(send(api, b" " * (admission.MAX_BODY_BYTES + 1)), 413, code="too_large")
    assert kept(app_services) == []
    body = json.dumps({"external_id": "pad", "text": TEXT}).encode()
    assert send(api, body.ljust(admission.MAX_BODY_BYTES)).status_code == 201


@pytest.mark.parametrize(("extra", "status"), [(0, 201), (1, 413), (5_000_000, 413)])
def test_a_chunked_body_is_taken_whole_or_not_at_all(api, app_services, extra, status):
    content = json.dumps({"external_id": "chunked", "text": TEXT}).encode()
    stream = io.BytesIO(content.ljust(admission.MAX_BODY_BYTES + extra))
    answer = api.post(URL, input_stream=stream, headers=bearer(), environ_overrides={"wsgi.input_terminated": True})
    assert answer.status_code == status
    assert kept(app_services) == []
    assert status == 201 or stream.read() == b"", "what is still being sent is read, or the answer would be lost"


def test_nothing_personal_reaches_the_log(api, caplog):
    caplog.set_level(logging.DEBUG)
    send(api, FULL)
    send(api, FULL | {"text": f"{TEXT}{PHONE}"})
    send(api, FULL | {"external_id": NAME, "kind": NAME, "reporter": {"phone": 1, "name": NAME}})
    send(api, json.dumps(FULL).encode()[:-5])
    assert "api_refused" in caplog.text
    for secret in (*SECRETS, TOKEN, "电饭锅"):
        assert secret not in caplog.text


# ---- tokens ----------------------------------------------------------------------------------


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
        (own,) = [each for each in channel_tokens(store.session, "xicheng") if each.channel == "12315"]
        revoke_channel_token(store.session, own.id, "xicheng", app_services.now())
    refused(send(api, FULL), 401)


def test_a_signed_in_person_is_no_channel(api, login):
    login(api, "xc-operator")
    refused(api.post(URL, json=FULL), 401)


def test_a_token_opens_no_page(api):
    assert api.get("/cases/" + "0" * 32, headers=bearer()).status_code == 302


def test_each_token_has_its_rate(api, clock, monkeypatch):
    monkeypatch.setattr(admission, "PER_MINUTE", 2)
    clock.forward(seconds=45)
    assert [send(api, FULL).status_code for _ in range(2)] == [201, 200]
    answer = send(api, FULL)
    refused(answer, 429, code="throttled")
    assert answer.headers["Retry-After"] == "15"
    assert send(api, FULL, token=SISTER).status_code == 201
    clock.forward(seconds=15)
    assert send(api, FULL).status_code == 200


# ---- asking ----------------------------------------------------------------------------------


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
        ("GET", URL, 405),
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


# ---- the document ----------------------------------------------------------------------------


@pytest.fixture
def document(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert not re.search(r"https?://", answer.text)
    return answer.json


def nodes(value):
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(inner)


def test_the_document_describes_every_route_and_every_status(app, document):
    assert document["openapi"] == "3.1.0"
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, methods in document["paths"].items() for method in methods}
    post = document["paths"][URL]["post"]
    assert set(post["responses"]) == {"200", "201", "400", "401", "409", "413", "415", "422", "429", "500"}
    assert post["security"] == [{"channelToken": []}]


def test_every_reference_in_the_document_leads_somewhere(document):
    references = {node["$ref"] for node in nodes(document) if isinstance(node, dict) and "$ref" in node}
    assert references
    names = {reference.removeprefix("#/components/schemas/") for reference in references}
    assert names <= set(document["components"]["schemas"])


def test_the_document_names_the_fields_of_the_contract(document):
    schemas = document["components"]["schemas"]
    assert schemas["NewComplaint"]["required"] == ["external_id", "text"]
    assert set(FULL) == set(schemas["NewComplaint"]["properties"])
    assert set(FULL["reporter"]) == set(schemas["ReporterBody"]["properties"])
    assert set(FULL["respondent"]) == set(schemas["RespondentBody"]["properties"])
    assert set(schemas["ErrorAnswer"]["properties"]) == {"error"}
