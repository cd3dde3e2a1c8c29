"""What cannot be used is refused by name and kept."""

from __future__ import annotations

import io
import json
import logging

import pytest

from hotline.web.api import admission
from tests.web.api_world import (
    ADDRESS,
    FULL,
    ID_NUMBER,
    NAME,
    PHONE,
    SECRETS,
    TEXT,
    TOKEN,
    URL,
    bearer,
    kept,
    refused,
    send,
)


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
    answer = send(api, body)
    refused(answer, 422, field, code="invalid_input")
    assert "原文已留存待核" in answer.json["error"]["message"]
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
