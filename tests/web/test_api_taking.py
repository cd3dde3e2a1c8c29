"""Taking a complaint as a channel's own system brings it."""

from __future__ import annotations

import re

import pytest

from tests.web.api_world import FULL, NAME, PHONE, TEXT, URL, complaint, send


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
