"""The document describes what there is, all of it and nothing else."""

from __future__ import annotations

import re

import pytest

from hotline.web.api.operations import OPERATIONS, operation_of
from tests.web.api_world import AGENCY, FULL, URL, bearer, send


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
    assert set(post["responses"]) == {"200", "201", "400", "401", "403", "409", "413", "415", "422", "429", "500"}
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


def test_every_view_of_the_api_stands_in_the_table(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            described = operation_of(app.view_functions[rule.endpoint])
            assert described in OPERATIONS, rule.endpoint
            assert set(described.places) <= {*rule.arguments, "action", "case_id"}


def test_every_answer_of_a_walk_has_the_shape_that_the_document_promises(api, cases, document):
    """No field is sent that is not described, none described is missing."""
    send(api, FULL)
    for path, shape, headers in (
        (URL, "ComplaintPage", bearer()),
        ("/api/v1/cases", "CasePage", AGENCY),
        (f"/api/v1/cases/{cases['dispatched']}", "CaseStatus", AGENCY),
        ("/api/v1/subscription", "SubscriptionStatus", AGENCY),
        ("/api/v1/deliveries", "DeliveryPage", AGENCY),
    ):
        answer = api.get(path, headers=headers)
        assert answer.status_code == 200, path
        check(answer.json, {"$ref": f"#/components/schemas/{shape}"}, document["components"]["schemas"])


def check(value, schema, schemas):
    """Names and nesting as described; types are pydantic's work."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].removeprefix("#/components/schemas/")]
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) == set(schema["properties"])
        for name, inner in value.items():
            check(inner, schema["properties"][name], schemas)
    for item in value if isinstance(value, list) else ():
        check(item, schema["items"], schemas)


def test_the_page_shows_every_operation_and_every_shape_and_fetches_nothing(client, document):
    page = client.get("/api/v1/docs").text
    for path in document["paths"]:
        assert path in page
    for name in document["components"]["schemas"]:
        assert f'id="shape-{name}"' in page
    assert set(re.findall(r'href="#([^"]+)"', page)) - {"main"} <= set(re.findall(r'id="([^"]+)"', page))
    assert not re.search(r"https?://|//cdn", page)
