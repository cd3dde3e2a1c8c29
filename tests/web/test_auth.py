"""Logging in and out: sessions that end, attempts that are counted, and nothing that tells a guesser more."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.exc import DataError

from hotline.errors import InvalidInputError
from hotline.store.events import read_events
from hotline.store.passwords import check_new_password, hash_password, verify_password
from hotline.web import auth, create_app, throttle

PASSWORD = "口令-Test-2026"


def try_login(client, username, password, **environ):
    page = client.get("/login").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    data = {"csrf_token": token, "username": username, "password": password}
    return client.post("/login", data=data, environ_base=environ)


def same(text):
    return re.sub(r'name="csrf_token" value="[^"]+"|value="[^"]*" autocomplete="username"', "", text)


def test_a_login_opens_the_pages(client, login):
    login(client, "xc-operator")
    answer = client.get("/", follow_redirects=True)
    assert answer.status_code == 200
    assert "测试xc-operator" in answer.text


def test_unknown_user_and_wrong_password_are_answered_alike(client):
    wrong, unknown = try_login(client, "xc-operator", "falsch-falsch"), try_login(client, "nobody", "falsch-falsch")
    assert wrong.status_code == unknown.status_code == 401
    assert same(wrong.text) == same(unknown.text)
    assert "用户名或口令不对" in wrong.text


def test_what_was_typed_stays_but_not_the_password(client):
    text = try_login(client, "xc-operator", "falsch-falsch").text
    assert 'value="xc-operator"' in text
    assert "falsch" not in text


def test_five_wrong_passwords_close_the_account_for_a_while(client, clock, app):
    for _ in range(5):
        assert try_login(client, "xc-operator", "falsch").status_code == 401
    assert try_login(client, "xc-operator", PASSWORD).status_code == 429
    assert try_login(client, "XC-Operator", PASSWORD).status_code == 429
    assert try_login(app.test_client(), "xc-clerk", PASSWORD).status_code == 302
    clock.forward(minutes=16)
    assert try_login(client, "xc-operator", PASSWORD).status_code == 302


def test_an_unknown_user_is_closed_after_five_as_well(client):
    for _ in range(5):
        try_login(client, "nobody", "falsch")
    assert try_login(client, "nobody", "falsch").status_code == 429


def test_too_many_wrong_passwords_close_the_address(client, app, monkeypatch):
    assert (5, 20, timedelta(minutes=15)) == (throttle.PER_ACCOUNT, throttle.PER_ADDRESS, throttle.WINDOW)
    monkeypatch.setattr(throttle, "PER_ADDRESS", 3)  # Three hashes instead of twenty.
    for attempt in range(3):
        assert try_login(client, f"guess-{attempt}", "falsch").status_code == 401
    assert try_login(client, "xc-operator", PASSWORD).status_code == 429
    elsewhere = try_login(app.test_client(), "xc-operator", PASSWORD, REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 302


def test_attempts_count_over_all_workers(app_services):
    workers = [create_app(app_services).test_client() for _ in range(2)]
    for attempt in range(5):
        try_login(workers[attempt % 2], "xc-operator", "falsch")
    assert [try_login(worker, "xc-operator", PASSWORD).status_code for worker in workers] == [429, 429]


def test_guesses_that_are_still_being_checked_count_as_well(app):
    """Many at once must not get past the limit while the first are being hashed: each is counted before its check."""
    answers = []
    for _ in range(8):
        with app.test_request_context("/login", method="POST", environ_base={"REMOTE_ADDR": "127.0.0.1"}):
            answers.append(throttle.admitted("xc-operator"))
    assert answers == [True] * 5 + [False] * 3


def test_a_success_leaves_no_attempt_behind_at_the_address(app, monkeypatch):
    monkeypatch.setattr(throttle, "PER_ADDRESS", 2)
    for _ in range(4):
        assert try_login(app.test_client(), "xc-operator", PASSWORD).status_code == 302


def test_a_new_login_ends_the_one_before_in_the_same_browser(app, client, login):
    login(client, "xc-operator")
    before = client.get_cookie("hotline_session").value
    page = client.get("/password").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    data = {"csrf_token": token, "username": "xc-operator", "password": PASSWORD}
    assert client.post("/login", data=data).status_code == 302
    assert client.get("/operators/new").status_code == 200
    thief = app.test_client()
    thief.set_cookie("hotline_session", before)
    assert thief.get("/operators/new").status_code == 302


def test_a_success_forgets_the_accounts_failures(client, app):
    for _ in range(4):
        try_login(client, "xc-operator", "falsch")
    assert try_login(client, "xc-operator", PASSWORD).status_code == 302
    for _ in range(4):
        assert try_login(app.test_client(), "xc-operator", "falsch").status_code == 401


def test_the_limits_name_neither_user_nor_address(client, app_services):
    try_login(client, "xc-operator", "falsch")
    with app_services.engine.connect() as connection:
        keys = connection.exec_driver_sql("SELECT key FROM rate_window").scalars().all()
    assert len(keys) == 2
    assert not any("xc-operator" in key or "127.0.0.1" in key for key in keys)


def test_the_cookie_is_not_for_scripts_and_the_database_holds_no_token(client, app_services):
    answer = try_login(client, "xc-operator", PASSWORD)
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("hotline_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    token = cookie.split(";")[0].partition("=")[2]
    with app_services.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT token_hash FROM session").scalars().all()
    assert kept
    assert token not in kept


def test_a_login_ends_eight_hours_after_its_last_use(client, login, clock):
    login(client, "xc-operator")
    clock.forward(hours=7, minutes=59)
    assert client.get("/password").status_code == 200
    clock.forward(hours=3)
    assert client.get("/password").status_code == 200
    clock.forward(hours=1, minutes=2)
    assert client.get("/password").status_code == 302


def test_a_login_left_alone_ends(client, login, clock):
    login(client, "xc-operator")
    clock.forward(hours=8)
    assert client.get("/password").status_code == 302


def test_a_logout_ends_the_session_for_good(app, client, login, post):
    login(client, "xc-operator")
    token = client.get_cookie("hotline_session").value
    assert post(client, "/password", "/logout").status_code == 302
    thief = app.test_client()
    thief.set_cookie("hotline_session", token)
    assert thief.get("/password").status_code == 302


def test_a_new_password_ends_every_session(app, client, login, post):
    other = login(app.test_client(), "xc-clerk")
    login(client, "xc-clerk")
    new = "全新的口令 2026 abc"
    answer = post(client, "/password", "/password", current=PASSWORD, new_password=new, again=new)
    assert answer.status_code == 302
    assert other.get("/password").status_code == 302
    assert try_login(app.test_client(), "xc-clerk", PASSWORD).status_code == 401
    assert try_login(app.test_client(), "xc-clerk", new).status_code == 302


@pytest.mark.parametrize(
    ("current", "new", "again", "told"),
    [
        ("falsch", "全新的口令 2026 abc", "全新的口令 2026 abc", "现在的口令不对"),
        (PASSWORD, "kurz", "kurz", "10到128个字符"),
        (PASSWORD, "aaaaaaaaaaaa", "aaaaaaaaaaaa", "不同的字符太少"),
        (PASSWORD, "mein-xc-clerk-1", "mein-xc-clerk-1", "不要包含用户名"),
        (PASSWORD, "全新的口令 2026 abc", "全新的口令 2026 abd", "不一样"),
    ],
)
def test_a_bad_new_password_is_refused_with_its_reason(client, login, post, current, new, again, told):
    login(client, "xc-clerk")
    answer = post(client, "/password", "/password", current=current, new_password=new, again=again)
    assert answer.status_code == 422
    assert told in answer.text


def test_guessing_the_present_password_is_counted_too(client, login, post):
    login(client, "xc-clerk")
    for _ in range(5):
        post(client, "/password", "/password", current="falsch", new_password="x" * 12, again="x" * 12)
    answer = post(
        client, "/password", "/password", current=PASSWORD, new_password="全新的口令 2026", again="全新的口令 2026"
    )
    assert answer.status_code == 422
    assert "尝试次数过多" in answer.text


def test_login_and_logout_are_chained_events(client, login, post, app_services):
    login(client, "xc-operator")
    post(client, "/password", "/logout")
    with app_services.read() as store:
        events = read_events(store.session, "account:acct-xc-operator")
    assert [event.data["what"] for event in events] == ["login", "logout"]


def test_an_account_switched_off_can_neither_stay_nor_come_in(app, client, login, app_services):
    login(client, "xc-clerk")
    with app_services.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET active = 0 WHERE id = 'acct-xc-clerk'")
    assert client.get("/password").status_code == 302
    assert try_login(app.test_client(), "xc-clerk", PASSWORD).status_code == 401


def test_a_form_without_its_token_is_refused(client, login):
    login(client, "xc-operator")
    assert client.post("/logout").status_code == 400
    assert client.get("/password").status_code == 200


def test_a_password_fits_its_hash_and_no_other():
    hashed = hash_password("ein langes Wort 1")
    assert hashed.startswith("$argon2id$")
    assert verify_password(hashed, "ein langes Wort 1")
    assert not verify_password(hashed, "ein langes Wort 2")
    assert not verify_password(None, "\x00")
    assert not verify_password("no hash at all", "x")


def test_a_good_password_passes():
    check_new_password("ein langes Wort 1", "xc-clerk")
    with pytest.raises(InvalidInputError):
        check_new_password("x" * 129, "xc-clerk")


def test_what_a_database_cannot_store_is_the_senders_mistake(client, monkeypatch):
    """PostgreSQL takes no NUL character; in an address or a field it is no fault of the system."""

    def refuse(*_arguments):
        statement = "SELECT"
        raise DataError(statement, None, ValueError("NUL"))

    monkeypatch.setattr(auth.accounts, "account_by_username", refuse)
    answer = try_login(client, "a\x00b", "falsch")
    assert answer.status_code == 422
    assert "不能保存的字符" in answer.text
