"""The administrator's room: accounts, sessions, tokens, audit; only of the own office, secrets shown once."""

import re

import pytest
from sqlalchemy import select, update

from hotline.store.accounts import account_by_username
from hotline.store.passwords import verify_password
from hotline.store.tables import ACCOUNT, EVENT
from hotline.store.token_hash import hash_token
from hotline.store.tokens import token_of
from hotline.vocabulary import Role
from tests.web.conftest import field_in

ACCOUNTS = "/admin/accounts"
FORM = {"username": "xin-clerk", "display_name": "新来的", "role": "clerk", "body_id": "110102-scjg"}


def secret(page):
    return re.search(r'<p class="secret">([^<]+)</p>', page)[1]


def page_after(client, answer):
    """The page that a form leads on to: reloading it sends the form no second time."""
    assert answer.status_code == 302
    return client.get(answer.location).text


def notes(services, stream):
    with services.read() as store:
        return [event.data["what"] for event in store.events(stream)]


def named(services, username):
    with services.read() as store:
        return account_by_username(store.session, username)


def test_only_the_offices_accounts_are_listed(client, login):
    page = login(client, "admin").get(ACCOUNTS).text
    assert "xc-clerk" in page
    assert "bd-clerk" not in page


def test_a_new_account_can_sign_in_with_the_password_shown_once(app_services, client, login, post):
    login(client, "admin")
    password = secret(page_after(client, post(client, ACCOUNTS, ACCOUNTS, **FORM)))
    assert password not in client.get(ACCOUNTS).text
    made = named(app_services, "xin-clerk")
    assert (made.role, made.office_id, made.body_id, made.demo) == (Role.CLERK, "xicheng", "110102-scjg", False)
    assert notes(app_services, f"account:{made.id}") == ["created"]
    login(client.application.test_client(), "xin-clerk", password)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"username": "a"}, "username"),
        ({"username": "有 空格"}, "username"),
        ({"username": "xc-clerk"}, "username"),
        ({"username": "bd-clerk"}, "username"),
        ({"display_name": ""}, "display_name"),
        ({"display_name": "字" * 41}, "display_name"),
        ({"role": "system"}, "role"),
        ({"role": ""}, "role"),
        ({"body_id": ""}, "body_id"),
        ({"body_id": "nowhere"}, "body_id"),
        ({"body_id": "120115-scjg"}, "body_id"),
        ({"role": "operator"}, "body_id"),
    ],
)
def test_a_wrong_field_is_said_beside_it_and_what_was_typed_stays(client, login, post, wrong, field):
    login(client, "admin")
    answer = post(client, ACCOUNTS, ACCOUNTS, **FORM | wrong)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert (FORM | wrong)["display_name"] in answer.text
    assert "secret" not in answer.text


def test_a_reset_password_ends_the_logins(app_services, client, login, post):
    other = login(client.application.test_client(), "xc-clerk")
    login(client, "admin")
    who = named(app_services, "xc-clerk")
    page = page_after(client, post(client, ACCOUNTS, f"{ACCOUNTS}/{who.id}/password"))
    assert verify_password(named(app_services, "xc-clerk").password_hash, secret(page))
    assert other.get("/agencies/queue").status_code == 302
    assert notes(app_services, f"account:{who.id}")[-1] == "password_reset"


def test_switching_off_ends_the_logins_and_on_again_lets_in(app_services, client, login, post):
    other = login(client.application.test_client(), "xc-clerk")
    login(client, "admin")
    who = named(app_services, "xc-clerk")
    post(client, ACCOUNTS, f"{ACCOUNTS}/{who.id}/active", active="0")
    assert other.get("/agencies/queue").status_code == 302
    assert "已停用账号 xc-clerk" in client.get(ACCOUNTS).text
    post(client, ACCOUNTS, f"{ACCOUNTS}/{who.id}/active", active="1")
    login(client.application.test_client(), "xc-clerk")
    assert notes(app_services, f"account:{who.id}")[-3:] == ["disabled", "enabled", "login"]


@pytest.mark.parametrize("what", ["password", "active"])
def test_another_offices_account_and_an_unknown_one_answer_alike(app_services, client, login, post, what):
    login(client, "admin")
    answers = [
        post(client, ACCOUNTS, f"{ACCOUNTS}/{account_id}/{what}", active="0")
        for account_id in (named(app_services, "bd-clerk").id, "0" * 32)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert named(app_services, "bd-clerk").active


@pytest.mark.parametrize("what", ["password", "active"])
def test_nobody_locks_out_themselves(app_services, client, login, post, what):
    login(client, "admin")
    own = named(app_services, "admin")
    assert post(client, ACCOUNTS, f"{ACCOUNTS}/{own.id}/{what}", active="0").status_code == 422
    assert named(app_services, "admin").active


def test_a_session_can_be_ended(app_services, client, login, post):
    other = login(client.application.test_client(), "xc-operator")
    stranger = login(client.application.test_client(), "bd-operator")
    login(client, "admin")
    page = client.get("/admin/sessions").text
    assert "bd-operator" not in page
    row = next(row for row in page.split("<tr>") if "xc-operator" in row)
    handle = re.search(r'name="handle" value="([0-9a-f]+)"', row)[1]
    post(client, "/admin/sessions", "/admin/sessions/end", handle=handle)
    assert other.get("/notices/").status_code == 302
    assert stranger.get("/notices/").status_code == 200
    assert notes(app_services, f"account:{named(app_services, 'xc-operator').id}")[-1] == "session_ended"
    post(client, "/admin/sessions", "/admin/sessions/end", handle=handle)
    assert "已经结束" in client.get("/admin/sessions").text


@pytest.mark.parametrize("handle", ["", "%", "_" * 16, "0" * 16, "0"])
def test_a_guessed_handle_ends_nothing(client, login, post, handle):
    login(client, "admin")
    post(client, "/admin/sessions", "/admin/sessions/end", handle=handle)
    assert client.get("/admin/sessions").status_code == 200


def test_a_token_is_shown_once_and_can_be_revoked(app_services, client, login, post):
    login(client, "admin")
    answer = post(client, "/admin/channels", "/admin/channels", owner="channel:12315", label="呼叫中心系统")
    with client.session_transaction() as waiting:
        on_the_way = str(dict(waiting))
    page = page_after(client, answer)
    token = secret(page)
    assert token not in on_the_way, "the browser keeps it sealed"
    assert page.count("<td>呼叫中心系统</td>") == 1
    assert token not in client.get("/admin/channels").text
    with app_services.read() as store:
        made = token_of(store.session, hash_token(token))
    assert (made.channel, made.office_id) == ("12315", "xicheng")
    post(client, "/admin/channels", f"/admin/channels/{made.id}/revoke")
    with app_services.read() as store:
        assert token_of(store.session, hash_token(token)) is None
    assert notes(app_services, f"token:{made.id}") == ["created", "revoked"]
    assert post(client, "/admin/channels", f"/admin/channels/{made.id}/revoke").status_code == 404


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"owner": "channel:110"}, "owner"),
        ({"owner": "body:120115-gafj"}, "owner"),
        ({"scope": "x"}, "scope"),
        ({"label": " "}, "label"),
    ],
)
def test_a_token_needs_a_channel_and_a_use(client, login, post, fields, wrong):
    login(client, "admin")
    answer = post(client, "/admin/channels", "/admin/channels", **{"owner": "channel:12315", "label": "系统"} | fields)
    assert answer.status_code == 422
    assert f'id="{wrong}-error"' in answer.text


def test_the_audit_runs_on_demand_and_finds_a_change(app_services, client, login, post):
    login(client, "admin")
    assert "现在核验" in client.get("/admin/audit").text
    whole = post(client, "/admin/audit", "/admin/audit").text
    assert "完整" in whole
    with app_services.write() as store:
        found = store.session.execute(select(EVENT.c.id, EVENT.c.stream).limit(1)).one()
        store.session.execute(update(EVENT).where(EVENT.c.id == found.id).values(data='{"forged":1}'))
    broken = post(client, "/admin/audit", "/admin/audit").text
    assert "发现 1 处不符" in broken
    assert found.stream in broken


def test_an_administrator_sees_no_case(cases, client, login):
    login(client, "admin")
    for url in (f"/cases/{cases['dispatched']}", "/supervisors/overview", "/agencies/queue"):
        assert client.get(url).status_code == 403


def test_nobody_else_gets_in(client, login):
    login(client, "xc-supervisor")
    for url in (ACCOUNTS, "/admin/sessions", "/admin/channels", "/admin/audit"):
        assert client.get(url).status_code == 403


def test_an_account_of_an_agency_without_a_body_is_told_so(app_services, client, login):
    with app_services.write() as store:
        store.session.execute(update(ACCOUNT).where(ACCOUNT.c.username == "xc-clerk").values(body_id=None))
    answer = login(client, "xc-clerk").get("/agencies/queue")
    assert answer.status_code == 422
    assert "没有所属单位" in answer.text


def test_what_is_shown_once_is_for_who_asked(client, login):
    form = field_in(login(client, "admin").get("/admin/channels").text, "csrf_token")
    wanted = {"csrf_token": form, "owner": "channel:12315", "label": "系统"}
    assert client.post("/admin/channels", data=wanted).status_code == 302
    assert client.post("/logout", data={"csrf_token": form}).status_code == 302
    assert 'class="secret"' not in client.get("/login").text
    login(client, "xc-operator")
    assert 'class="secret"' not in client.get("/notices/").text
