"""Open311 GeoReport v2: off by default; lists what a supervisor released and nothing of it that was not meant."""

from __future__ import annotations

import threading
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from georeport import GeoReport
from werkzeug.serving import make_server

from hotline.errors import TransitionError
from hotline.records import Reporter, Respondent
from hotline.services import Services
from hotline.vocabulary import Action, Kind
from hotline.web import create_app
from tests.web.api_world import CLERK, READER, TOKEN, add_tokens

ROOT = "/open311/v2"
SECRETS = ("赵晓梅", "13900001234", "好再来商店", "西城区大街1号", "电饭锅", "西城区市场监督管理局")
ALLOWED = {
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "requested_datetime",
    "updated_datetime",
    "address",
    "address_id",
}


@pytest.fixture
def open_services(app_services):
    old = app_services
    settings = replace(old.settings, open311=True)
    return Services(settings, old.engine, old.keyring, old.shipped, old.now)


@pytest.fixture
def public(open_services):
    add_tokens(open_services)
    app = create_app(open_services)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app.test_client()


@pytest.fixture
def released(step, cases):
    step(cases["dispatched"], "xc-supervisor", Action.RELEASE)
    return cases["dispatched"]


def listed(client, **query):
    return client.get(f"{ROOT}/requests.json", query_string=query)


def errors(answer, status):
    assert answer.status_code == status, answer.text
    assert [set(each) for each in answer.json] == [{"code", "description"}]
    return answer.json[0]["description"]


def test_it_is_off_by_default(client):
    for path in ("services.json", "requests.json", "requests.xml", "services/trademark.json"):
        assert client.get(f"{ROOT}/{path}").status_code == 404
    assert client.post(f"{ROOT}/requests.json").status_code in {400, 404}


def test_nothing_is_listed_until_somebody_releases_it(public):
    assert listed(public).json == []


def test_a_released_dispute_shows_category_district_state_and_dates(public, released):
    (found,) = listed(public).json
    assert {name for name, value in found.items() if value not in (None, "")} <= ALLOWED
    assert (found["status"], found["status_notes"], found["service_code"]) == ("open", "办理中", "product_quality")
    assert found["requested_datetime"] == "2026-11-18T00:00:00+08:00"
    for ending in ("json", "xml"):
        text = public.get(f"{ROOT}/requests.{ending}").text
        assert not any(secret in text for secret in SECRETS)
        text = public.get(f"{ROOT}/requests/{found['service_request_id']}.{ending}").text
        assert not any(secret in text for secret in SECRETS)


def test_it_is_withheld_again(public, released, step):
    (found,) = listed(public).json
    step(released, "xc-supervisor", Action.WITHHOLD)
    assert listed(public).json == []
    errors(public.get(f"{ROOT}/requests/{found['service_request_id']}.json"), 404)


def test_a_report_cannot_be_released_and_one_that_became_a_report_is_not_listed(public, cases, step, open_services):
    with pytest.raises(TransitionError):
        step(cases["report"], "xc-supervisor", Action.RELEASE)
    step(cases["dispatched"], "xc-supervisor", Action.RELEASE)
    with open_services.write() as store:
        store.session.connection().exec_driver_sql(
            f"UPDATE case_file SET kind = '{Kind.REPORT}' WHERE id = '{cases['dispatched']}'"  # noqa: S608 - ids of ours.
        )
    assert listed(public).json == []


def test_the_form_is_there_only_where_the_face_is_open(client, login, cases, open_services):
    page = login(client, "xc-supervisor").get(f"/cases/{cases['dispatched']}").text
    assert "公开进展" not in page
    other = login(create_app(open_services).test_client(), "xc-supervisor")
    assert "公开进展" in other.get(f"/cases/{cases['dispatched']}").text
    clerk = login(create_app(open_services).test_client(), "xc-clerk")
    assert "公开进展" not in clerk.get(f"/cases/{cases['dispatched']}").text


def test_requests_are_filtered(public, released, clock):
    def count(**query):
        answer = listed(public, **query)
        assert answer.status_code == 200, answer.text
        return len(answer.json)

    wanted = listed(public).json[0]["service_request_id"]
    assert count(service_code="trademark") == 0
    assert count(service_code="trademark,product_quality") == 1
    assert count(status="closed") == 0
    assert count(status="open,closed") == 1
    assert count(start_date="2026-11-18T00:00:00+08:00", end_date="2026-11-18T23:00:00+08:00") == 1
    assert count(end_date="2026-11-17T00:00:00Z") == 0
    assert count(service_request_id=wanted, status="closed") == 1
    assert count(service_request_id="x") == 0
    assert count(jurisdiction_id="baodi") == 0
    assert count(jurisdiction_id="xicheng") == 1
    assert count(page_size=1, page=2) == 0
    clock.forward(days=100)
    assert count() == 0


def test_an_unknown_status_is_told_and_not_ignored(public, released):
    for typed in ("done", "open,offen"):
        problem = errors(listed(public, status=typed), 400)
        assert "open、closed" in problem
        assert "。；" not in problem


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"start_date": "昨天"}, 400),
        ({"start_date": "2026-01-01", "end_date": "2026-06-01"}, 400),
        ({"start_date": "2026-06-01", "end_date": "2026-05-01"}, 400),
        ({"page": "0"}, 400),
        ({"page_size": "1001"}, 400),
        ({"jurisdiction_id": "nowhere"}, 404),
    ],
)
def test_what_cannot_be_asked_is_an_error_of_the_standard(public, query, status):
    errors(listed(public, **query), status)


def test_services_and_definitions(public):
    found = public.get(f"{ROOT}/services.json").json
    codes = {each["service_code"] for each in found}
    assert {"trademark", "product_quality"} <= codes
    assert "other" not in codes
    assert all(each["metadata"] is False and each["type"] == "realtime" for each in found)
    xml = ET.fromstring(public.get(f"{ROOT}/services.xml").text.encode())  # noqa: S314 - our own answer.
    assert xml.tag == "services"
    assert {each.findtext("service_code") for each in xml} == codes
    definition = public.get(f"{ROOT}/services/trademark.xml")
    assert definition.mimetype == "text/xml"
    assert "<service_definition><service_code>trademark" in definition.text
    errors(public.get(f"{ROOT}/services/none.json"), 404)


GIVEN = {
    "api_key": TOKEN,
    "service_code": "product_quality",
    "description": "买到劣质水壶，要求退款。",
    "address_string": "西单",
    "first_name": "晓梅",
    "last_name": "赵",
    "phone": "13900001234",
}


def post(client, ending="json", **changes):
    given = {name: value for name, value in (GIVEN | changes).items() if value is not None}
    return client.post(f"{ROOT}/requests.{ending}", data=given)


def test_a_posted_request_is_a_complaint_like_any_other(public, open_services):
    answer = post(public)
    assert answer.status_code == 201, answer.text
    (made,) = answer.json
    with open_services.read() as store:
        complaint = store.complaint(made["service_request_id"])
        raw = store.raw_content(complaint.submission_id).decode()
    assert (complaint.channel, complaint.text, complaint.reporter.name) == ("12315", GIVEN["description"], "赵晓梅")
    assert complaint.reporter.phone == "13900001234"
    assert complaint.location_hint == "西单"
    assert TOKEN not in raw
    assert listed(public).json == []
    errors(public.get(f"{ROOT}/requests/{made['service_request_id']}.json"), 404)


def test_posting_answers_xml_too(public):
    answer = post(public, "xml", address_string=None, lat="39.91", long="116.37")
    top = ET.fromstring(answer.text.encode())  # noqa: S314 - our own answer.
    assert top.tag == "service_requests"
    assert len(top.findtext("request/service_request_id")) == 32


@pytest.mark.parametrize(
    ("changes", "status", "word"),
    [
        ({"api_key": None}, 403, "api_key"),
        ({"api_key": "wrong"}, 403, "api_key"),
        ({"api_key": CLERK}, 403, "api_key"),
        ({"api_key": READER}, 403, "api_key"),
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "other"}, 400, "service_code"),
        ({"description": " "}, 400, "description"),
        ({"description": "劣" * 50_001}, 400, "description"),
        ({"address_string": None}, 400, "address_string"),
        ({"address_string": None, "lat": "39"}, 400, "address_string"),
        ({"lat": "north"}, 400, "lat"),
        ({"jurisdiction_id": "baodi"}, 400, "jurisdiction_id"),
        ({"jurisdiction_id": "nowhere"}, 404, "jurisdiction_id"),
    ],
)
def test_what_cannot_be_posted_is_refused_by_name(public, changes, status, word):
    assert word in errors(post(public, **changes), status)


@pytest.fixture
def address(public):
    server = make_server("127.0.0.1", 0, public.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{ROOT}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("ending", ["json", "xml"])
def test_the_public_client_reads_it(address, released, register, step, ending):
    second = register("劣质水壶漏电。", reporter=Reporter(anonymous=True), respondent=Respondent())
    step(second, "xc-supervisor", Action.RELEASE)
    client = GeoReport(address, output_format=ending)
    services = client.get_service_list()
    assert "trademark" in {each["service_code"] for each in services}
    assert client.get_service_definition("trademark")["service_code"] == "trademark"
    requests = client.get_service_requests(status="open")
    assert len(requests) == 2
    one = client.get_service_request(requests[0]["service_request_id"])
    assert "product_quality" in str(one)
