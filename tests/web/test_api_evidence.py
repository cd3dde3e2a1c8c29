"""Evidence by an agency's own system: kept as the pages keep it, and nothing handed out that may name a caller."""

from __future__ import annotations

import base64
import hashlib
import io

import pytest
from sqlalchemy import select

from hotline.casework.desk import act
from hotline.casework.state import replay
from hotline.records import Command
from hotline.store.tables import EVIDENCE
from hotline.store.token_hash import hash_token
from hotline.store.tokens import Scope, add_token
from hotline.vocabulary import Action, Kind
from hotline.web import evidence as page
from hotline.web.api import evidence
from tests.web.api_world import AGENCY, CULTURE, READER, TOKEN, bearer, refused
from tests.web.conftest import actor_of

PDF = b"%PDF-1.7 a receipt"
LIST = "/api/v1/cases"


@pytest.fixture
def upload(api):
    def send(case_id, content=PDF, *, name="小票.pdf", headers=AGENCY, key=None, more=(), **fields):
        files = [(io.BytesIO(content), name)] if content is not None else []
        data = {"file": [*files, *more]} | fields
        headers = headers | ({"Idempotency-Key": key} if key else {})
        return api.post(f"{LIST}/{case_id}/evidence", data=data, headers=headers, content_type="multipart/form-data")

    return send


def listed(api, case_id, headers=AGENCY):
    answer = api.get(f"{LIST}/{case_id}/evidence", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def rows(services):
    with services.read() as store:
        return store.session.execute(select(EVIDENCE)).all()


def test_a_file_is_uploaded_listed_and_downloaded_with_its_digest(api, upload, cases, app_services):
    made = upload(cases["dispatched"])
    assert made.status_code == 201, made.text
    kept = made.json
    assert (kept["filename"], kept["media_type"], kept["size"], kept["own"]) == (
        "小票.pdf",
        "application/pdf",
        18,
        True,
    )
    assert kept["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert listed(api, cases["dispatched"]) == [kept]
    got = api.get(made.headers["Location"], headers=AGENCY)
    assert (got.data, got.mimetype) == (PDF, "application/octet-stream")
    assert got.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert got.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(hashlib.sha256(PDF).digest()).decode()}:"
    again = api.get(made.headers["Location"], headers={**AGENCY, "If-None-Match": got.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert all(PDF not in value for row in rows(app_services) for value in row if isinstance(value, bytes))


def test_taking_a_file_out_is_an_event(api, upload, cases, app_services):
    made = upload(cases["dispatched"])
    api.get(made.headers["Location"], headers=AGENCY)
    with app_services.read() as store:
        (event,) = store.events(f"reads:{cases['dispatched']}")
    assert event.actor_id.startswith("agency:")
    assert event.data["evidence_id"] == made.json["evidence_id"]


def test_an_upload_leaves_its_event_on_the_bodys_leg(upload, cases, app_services):
    kept = upload(cases["report"]).json
    with app_services.read() as store:
        event = store.events(cases["report"])[-1]
    assert (event.action, event.data["sha256"], event.data["leg_id"]) == (
        Action.EVIDENCE,
        kept["sha256"],
        kept["leg_id"],
    )
    assert event.actor_id.startswith("agency:")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"content": None}, "file"),
        ({"content": b""}, "file"),
        ({"content": b"MZ\x90\x00 a program"}, "file"),
        ({"more": [(io.BytesIO(PDF), "b.pdf")]}, "file"),
        ({"leg_id": "0" * 32}, "leg_id"),
        ({"leg_id": "x; DROP"}, "leg_id"),
        ({"欧阳明慧": "1"}, "others"),
        ({"key": "no spaces allowed"}, "Idempotency-Key"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_kept(upload, cases, app_services, change, field):
    refused(upload(cases["dispatched"], **change), 422, field, code="invalid_input")
    assert rows(app_services) == []


def test_a_file_that_is_too_large_is_refused(upload, cases, app_services, monkeypatch):
    monkeypatch.setattr(page, "MAX_BYTES", 10)
    refused(upload(cases["dispatched"]), 422, "file")
    assert rows(app_services) == []


def test_a_body_beyond_the_limit_is_not_read(api, upload, cases, app_services):
    api.application.config["MAX_CONTENT_LENGTH"] = 100
    refused(upload(cases["dispatched"], b"%PDF-" + b"x" * 200), 413)
    assert rows(app_services) == []


@pytest.mark.parametrize(
    "headers", [{"Content-Type": "application/json"}, {"Content-Type": "application/pdf"}, {"Content-Encoding": "gzip"}]
)
def test_only_a_plain_form_is_taken(api, cases, headers):
    headers = {"Content-Type": "multipart/form-data; boundary=x"} | headers | AGENCY
    answer = api.post(f"{LIST}/{cases['dispatched']}/evidence", data=PDF, headers=headers)
    refused(answer, 415, code="unsupported_media_type")


def test_the_same_file_sent_twice_under_one_key_is_kept_once(api, upload, cases, app_services):
    first, again = (upload(cases["dispatched"], key="e-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    refused(upload(cases["dispatched"], PDF + b"!", key="e-1"), 422, "Idempotency-Key")
    assert len(rows(app_services)) == 1
    assert upload(cases["dispatched"], PDF + b"!", key="e-2").status_code == 201
    assert len(listed(api, cases["dispatched"])) == 2


def test_the_same_file_sent_twice_at_once_is_kept_once(upload, cases, app_services, monkeypatch):
    """Both have looked before the other wrote; the second finds the first's inside its own transaction."""
    monkeypatch.setattr(evidence, "is_done", lambda _events, _key: False)
    first, again = (upload(cases["dispatched"], key="e-1") for _ in range(2))
    assert first.json == again.json
    assert len(rows(app_services)) == 1


def test_the_key_of_a_step_is_no_key_of_a_file(api, upload, cases):
    assert upload(cases["dispatched"], key="k").status_code == 201
    tag = api.get(f"{LIST}/{cases['dispatched']}", headers=AGENCY).headers["ETag"]
    headers = AGENCY | {"If-Match": tag, "Idempotency-Key": "k"}
    answer = api.post(f"{LIST}/{cases['dispatched']}/actions/note", json={"text": "已联系。"}, headers=headers)
    refused(answer, 422, "Idempotency-Key")


def test_no_other_token_reaches_a_file(api, upload, cases, app_services):
    made = upload(cases["dispatched"])
    where, ghost = made.headers["Location"], refused(api.get(f"{LIST}/{'0' * 32}/evidence", headers=AGENCY), 404)
    for path in (where, f"{LIST}/{cases['dispatched']}/evidence"):
        assert refused(api.get(path, headers=bearer(CULTURE)), 404)["code"] == ghost["code"]
        refused(api.get(path, headers=bearer(TOKEN)), 403)
    refused(upload(cases["dispatched"], headers=bearer(CULTURE)), 404)
    refused(upload(cases["north"]), 404)
    refused(upload(cases["dispatched"], headers=bearer(READER)), 403)
    # A file of one case is none of another one, though both are the body's.
    refused(api.get(where.replace(cases["dispatched"], cases["report"]), headers=AGENCY), 404)
    with app_services.write() as store:
        add_token(
            store.session,
            token_hash=hash_token("only-writes"),
            office_id="xicheng",
            label="写",
            at=app_services.now(),
            body_id="110102-scjg",
            scope=Scope.WRITE,
        )
    assert upload(cases["dispatched"], headers=bearer("only-writes")).status_code == 201
    refused(api.get(where, headers=bearer("only-writes")), 403)


def test_a_case_that_takes_no_files_says_so(upload, cases, step):
    step(cases["dispatched"], "xc-clerk", Action.RETURN, leg=True, text="不属本单位", clause="一", owner="110102-whly")
    refused(upload(cases["dispatched"]), 409, code="forbidden_transition")


def put_in(services, case_id, who, content, *, leg_id=None, **marks):
    """A file as the desk, or another body, keeps it."""
    digest = hashlib.sha256(content).hexdigest()
    with services.write() as store:
        kept = store.add_evidence(
            case_id=case_id,
            leg_id=leg_id,
            filename="录音.txt",
            media_type="text/plain",
            content=content,
            uploaded_by=who,
            at=services.now(),
        )
        data = {"evidence_id": kept.id, "sha256": digest, "size": len(content), **marks}
        command = Command(Action.EVIDENCE, leg_id, data)
        act(store, case_id, command, desk=services.desk("xicheng"), actor=actor_of(who), now=services.now())
    return kept.id


def test_of_a_report_nothing_is_given_that_may_come_from_the_informer(api, upload, cases, app_services):
    """The call's recording says who called; the pages leave a trace of each person, a system is nobody."""
    case_id = cases["report"]
    from_informer = put_in(app_services, case_id, "xc-operator", b"this is the informer speaking")
    own = upload(case_id).json["evidence_id"]
    assert [each["evidence_id"] for each in listed(api, case_id)] == [own]
    refused(api.get(f"{LIST}/{case_id}/evidence/{from_informer}", headers=AGENCY), 404)


def test_what_once_was_a_report_stays_protected(api, register, app_services, step):
    """Two people of the desk have called it something else and sent it out; nobody has lifted the protection."""
    case_id = register("举报商店卖劣质水壶。", kind=Kind.REPORT, dispatch=False)
    with app_services.read() as store:
        case = replay(store.events(case_id))
    named = {"category": case.category, "setting": case.setting, "urgency": "一般", "state": "ready"}
    step(case_id, "xc-operator", Action.CLASSIFY, kind="dispute", **named)
    step(case_id, "xc-supervisor", Action.DISPATCH, lead="110102-scjg", co=())
    photo = put_in(app_services, case_id, "xc-operator", b"this may be the informer's photo")
    assert listed(api, case_id) == []
    refused(api.get(f"{LIST}/{case_id}/evidence/{photo}", headers=AGENCY), 404)


def test_of_a_dispute_the_desks_files_are_given_and_the_papers_that_name_the_caller_are_not(api, cases, app_services):
    case_id = cases["dispatched"]
    photo = put_in(app_services, case_id, "xc-operator", b"a photo of the goods")
    notice = put_in(app_services, case_id, "xc-operator", b"to the caller by name", to_caller=True)
    assert [each["evidence_id"] for each in listed(api, case_id)] == [photo]
    assert not listed(api, case_id)[0]["own"]
    refused(api.get(f"{LIST}/{case_id}/evidence/{notice}", headers=AGENCY), 404)
