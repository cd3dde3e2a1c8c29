"""A login that ended: the wanted page is opened after it, and what was typed is not lost."""

from __future__ import annotations

import html
import re

import pytest

from tests.web.conftest import PASSWORD, field_in, token_in

NEW = "/operators/new"
TEXT = "来电人说了很久：“商店”卖劣质电饭锅\n第二行 <b>"
TYPED = {"channel": "12315", "urgency": "一般", "text": TEXT, "phone": "13900001234"}


def sign_in(client, page, username="xc-operator", password=PASSWORD):
    """The login form of a page, sent as it stands."""
    fields = {"csrf_token": token_in(page), "username": username, "password": password}
    for name in ("next", "carried"):
        if f'name="{name}"' in page:
            fields[name] = html.unescape(field_in(page, name))
    return client.post("/login", data=fields)


@pytest.fixture
def ended(client, login, clock):
    """A page that was opened before the login ended; gives its CSRF token."""
    login(client, "xc-operator")
    token = token_in(client.get(NEW).text)
    clock.forward(hours=9)
    return token


def hidden(page):
    """The carried fields of the page after the login."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def test_what_was_typed_is_sent_after_the_login_and_not_before(client, ended):
    answer = client.post(NEW, data={"csrf_token": ended, **TYPED})
    assert answer.status_code == 401
    assert "没有丢失" in answer.text
    again = sign_in(client, answer.text, password="falsch-falsch")
    assert again.status_code == 401
    page = sign_in(client, again.text)
    assert page.status_code == 200
    assert "还没有提交" in page.text
    assert 'action="/operators/new"' in page.text
    carried = hidden(page.text)
    assert {name: carried[name] for name in TYPED} == TYPED
    saved = client.post(NEW, data=carried)
    assert saved.status_code == 302
    assert "/operators/saved/" in saved.headers["Location"]


def test_no_password_is_carried(client, ended):
    answer = client.post(
        "/password", data={"csrf_token": ended, "current": PASSWORD, "new_password": "x" * 12, "a": "b"}
    )
    assert answer.status_code == 401
    assert PASSWORD not in answer.text


def test_another_role_gets_nothing_of_it(client, ended):
    answer = client.post(NEW, data={"csrf_token": ended, **TYPED})
    other = sign_in(client, answer.text, "xc-clerk")
    assert (other.status_code, other.headers["Location"]) == (302, "/")


def test_the_wanted_page_is_opened(client, cases):
    wanted = f"/cases/{cases['dispatched']}?back=/operators/desk"
    answer = client.get(wanted)
    page = client.get(answer.headers["Location"]).text
    assert sign_in(client, page).headers["Location"] == wanted


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/admin/accounts", "/nowhere", "/logout"])
def test_a_page_that_is_none_of_theirs_is_not(client, wanted):
    page = client.get("/login", query_string={"next": wanted}).text
    assert sign_in(client, page).headers["Location"] == "/"


@pytest.mark.parametrize("carried", ["{", "[]", '{"fields": 1}', '{"fields": [["a"]]}'])
def test_a_carried_form_that_was_tampered_with_is_dropped(client, carried):
    fields = {"csrf_token": token_in(client.get("/login").text), "username": "xc-operator", "password": PASSWORD}
    answer = client.post("/login", data=fields | {"carried": carried, "next": NEW})
    assert answer.status_code == 302


def test_a_form_without_our_token_says_what_to_do(client, login):
    answer = login(client, "xc-operator").post(NEW, data=TYPED)
    assert answer.status_code == 400
    assert "请复制" in answer.text


def test_a_short_note_is_shown_and_no_code_of_the_form(client, ended):
    code = "01a2031838027b0fab62bc9667ff3a0b"
    fields = {
        "token": code,
        "expected_seq": "5",
        "back": "/operators/desk?tab=ready",
        "text": "短备注",
        "kind": "dispute",
    }
    page = sign_in(client, client.post(NEW, data={"csrf_token": ended, **fields}).text)
    shown = re.search(r'<div class="text quote">(.*?)</div>', page.text, re.DOTALL)
    assert shown[1] == "短备注"
    assert hidden(page.text)["token"] == code


def test_a_form_of_codes_alone_shows_nothing(client, ended):
    page = sign_in(client, client.post(NEW, data={"csrf_token": ended, "token": "a" * 32, "phone": "13900001234"}).text)
    assert "继续提交" in page.text
    assert "quote" not in page.text


def test_a_stale_page_gives_back_what_was_written(client, login):
    login(client, "xc-operator")
    came = {"Referer": f"http://localhost{NEW}?quarantine=1"}
    answer = client.post(NEW, data={"csrf_token": "old", **TYPED}, headers=came)
    assert answer.status_code == 400
    assert TEXT in html.unescape(answer.text)
    assert "<b>" not in answer.text, "what was written is shown, not run"
    assert "请复制" in answer.text
    assert TYPED["phone"] not in answer.text
    assert f'href="{NEW}?quarantine=1">回到原来的页面' in answer.text
    bare = client.post("/logout", data={"csrf_token": "old"})
    assert "请复制" not in bare.text
    assert "回到原来的页面</a>" not in bare.text


@pytest.mark.parametrize(
    ("came", "offered"),
    [
        ("http://localhost/operators/desk?tab=ready", True),
        ("http://localhost/operators/nowhere", False),
        ("http://localhost/login", False),
        ("https://elsewhere.example/operators/desk", False),
        ("http://localhost//elsewhere.example/", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_an_error_leads_back_to_where_one_came_from(client, login, came, offered):
    login(client, "xc-operator")
    page = client.get("/operators/nowhere", headers={"Referer": came})
    assert page.status_code == 404
    assert ("回到原来的页面" in page.text) is offered
    assert "elsewhere" not in page.text
    assert "javascript" not in page.text
