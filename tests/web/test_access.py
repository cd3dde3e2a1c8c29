"""Who may open what: a rule on every route, and one answer for what is invisible and what does not exist."""

import re

import pytest

from hotline.vocabulary import Role
from hotline.web.access import rule_of

GHOST = "0" * 32
CASE_ROUTES = (
    ("GET", "/cases/{case}"),
    ("POST", "/cases/{case}/actions/note"),
    ("POST", "/cases/{case}/actions/sign"),
    ("POST", "/cases/{case}/look"),
    ("POST", "/cases/{case}/evidence"),
    ("GET", "/cases/{case}/evidence/" + "1" * 32),
)
OUTSIDERS = ("bd-operator", "bd-supervisor", "bd-clerk", "xc-other-clerk")


def routes(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(rule):
    return re.sub(r"<[^>]+>", GHOST, rule.rule)


def test_every_route_has_a_rule_that_opens_it_to_somebody(app):
    for rule in routes(app):
        access = rule_of(app.view_functions[rule.endpoint])
        assert access is not None, rule.endpoint
        assert access.public or access.token or access.roles, rule.endpoint


def test_only_these_routes_are_open_to_everybody(app):
    public = {rule.endpoint for rule in routes(app) if rule_of(app.view_functions[rule.endpoint]).public}
    assert public - {"api.openapi", "api.docs"} == {
        "auth.login",
        "auth.sign_in",
        "health.healthz",
        "health.readyz",
        "health.metrics",
    }


def test_a_view_without_a_rule_is_refused(app):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_without_a_login_every_page_leads_to_the_login(app, client):
    app.config["WTF_CSRF_ENABLED"] = False
    for rule in routes(app):
        access = rule_of(app.view_functions[rule.endpoint])
        if access.public or access.token:
            continue
        for method in rule.methods & {"GET", "POST"}:
            answer = client.open(address(rule), method=method)
            if rule.rule.startswith("/api/"):
                assert answer.status_code == 401, rule.endpoint
            else:
                path = answer.headers["Location"].partition("?")[0]
                assert (answer.status_code, path) == (302, "/login"), rule.endpoint


@pytest.mark.parametrize(
    ("username", "role"),
    [
        ("xc-operator", Role.OPERATOR),
        ("xc-supervisor", Role.SUPERVISOR),
        ("xc-clerk", Role.CLERK),
        ("xc-responsible", Role.RESPONSIBLE),
        ("admin", Role.ADMINISTRATOR),
    ],
)
def test_a_role_gets_no_further_than_its_own_pages(app, client, login, username, role):
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    page = client.get("/login")
    assert page.status_code == 200
    client.post("/login", data={"username": username, "password": "口令-Test-2026"})
    for rule in routes(app):
        access = rule_of(app.view_functions[rule.endpoint])
        if access.public or access.token or role in access.roles:
            continue
        for method in rule.methods & {"GET", "POST"}:
            assert client.open(address(rule), method=method).status_code == 403, (rule.endpoint, method)


def same(text):
    """A page without what differs in every answer."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text)


@pytest.mark.parametrize("username", OUTSIDERS)
@pytest.mark.parametrize("name", ["dispatched", "report", "triage", "ready"])
def test_another_agency_and_another_office_find_no_case(app, client, login, cases, username, name):
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    login(client, username)
    for method, path in CASE_ROUTES:
        data = {"expected_seq": "1", "text": "看看"} if method == "POST" else None
        real = client.open(path.format(case=cases[name]), method=method, data=data)
        ghost = client.open(path.format(case=GHOST), method=method, data=data)
        assert (real.status_code, ghost.status_code) == (404, 404), path
        assert same(real.text) == same(ghost.text), path


def test_those_who_belong_to_it_find_it(app, client, login, cases):
    for username in ("xc-operator", "xc-supervisor", "xc-clerk", "xc-responsible"):
        fresh = login(app.test_client(), username)
        assert fresh.get(f"/cases/{cases['dispatched']}").status_code == 200, username
    assert login(app.test_client(), "bd-clerk").get(f"/cases/{cases['north']}").status_code == 200


def test_an_administrator_sees_no_case(client, login, cases):
    login(client, "admin")
    assert client.get(f"/cases/{cases['dispatched']}").status_code == 403


def test_an_accounts_stream_is_no_case(client, login):
    login(client, "xc-operator")
    assert client.get("/cases/account:acct-xc-operator").status_code == 404


def test_an_unknown_address_is_a_page_in_chinese(client):
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert "没有找到" in answer.text


def test_headers_stand_on_every_answer(client):
    for path in ("/login", "/healthz", "/no/such/page", "/"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_metrics_are_for_this_machine_only(client):
    assert "hotline_cases" in client.get("/metrics").text
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 404


def test_ready_says_what_is_checked(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ok",
        "checks": {"database": True, "schema": True, "model": True, "plans": True},
    }


def test_not_ready_when_the_database_is_gone(app, app_services, client, tmp_path):
    app_services.engine.dispose()
    (tmp_path / "var" / "hotline.db").unlink()
    for rest in (tmp_path / "var").glob("hotline.db-*"):
        rest.unlink()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"]["schema"] is False
