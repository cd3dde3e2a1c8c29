"""The same complaint again: the same content, other content, and both at once."""

from __future__ import annotations

import json
import threading

import pytest

from hotline.intake.judge import judge_file
from hotline.intake.submission import content_digest
from hotline.store.tables import CASE
from tests.web.api_world import FULL, NORTH, SISTER, TEXT, TOKEN, count, kept, refused, send


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
