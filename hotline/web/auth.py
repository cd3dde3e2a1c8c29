"""Signing in and out, and changing one's password. Sessions live in the database, so that they can be revoked.

The cookie holds a random token, the database its SHA-256. A login ends 8 hours after its last use, 12 hours after its
beginning, on logout, and when the password changes. Wrong passwords are counted for all workers together.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for

from hotline.errors import InvalidInputError
from hotline.store import account_changes, accounts, login_sessions
from hotline.store.passwords import check_new_password, hash_password, verify_password
from hotline.store.token_hash import hash_token
from hotline.web.access import ANYBODY, public, roles
from hotline.web.account_log import record
from hotline.web.context import account, now, services, signed_in
from hotline.web.resuming import CARRIED, NEXT, go_on, login_page
from hotline.web.throttle import admitted, forget

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.store.accounts import Account

COOKIE = "hotline_session"
TOKEN_BYTES = 32
IDLE = timedelta(hours=8)
LIFETIME = timedelta(hours=12)
REFUSED = "用户名或口令不对，请核对后重新输入。忘记口令请联系系统管理员。"
TOO_MANY = "尝试次数过多，请 15 分钟后再试。"
blueprint = Blueprint("auth", __name__)


def load_account() -> None:
    """Find out who sends this request; before every request, and without the database where no cookie came."""
    g.account = None
    token = request.cookies.get(COOKIE, "")
    if not token or request.endpoint == "static":
        return
    token_hash, moment = hash_token(token), now()
    with services().read() as store:
        found = login_sessions.login_account(store.session, token_hash, moment)
    if found is None:
        return
    who, login = found
    if moment - login.last_seen_at >= IDLE:
        return
    g.account = who
    if login_sessions.needs_touch(login, moment):
        with services().write() as store:
            login_sessions.touch_login(store.session, login, moment)


@blueprint.get("/login")
@public
def login() -> ResponseReturnValue:
    """The form; who is signed in already goes home."""
    if signed_in() is not None:
        return redirect(url_for("home.index"))
    return login_page(wanted=request.args.get(NEXT, ""))


@blueprint.post("/login")
@public
def sign_in() -> ResponseReturnValue:
    """Check the password; an unknown user and a wrong password are answered alike."""
    username, password = request.form.get("username", "").strip(), request.form.get("password", "")
    if not admitted(username):
        return _refuse(username, TOO_MANY, 429)
    with services().read() as store:
        found = accounts.account_by_username(store.session, username)
    fits = verify_password(found.password_hash if found else None, password)
    if found is None or not fits or not found.active:
        return _refuse(username, REFUSED, 401)
    forget(username)
    return _begin(found)


@blueprint.post("/logout")
@roles(*ANYBODY)
def logout() -> ResponseReturnValue:
    """End this login."""
    with services().write() as store:
        login_sessions.revoke_login(store.session, hash_token(request.cookies[COOKIE]), now())
        record(store, account(), "logout", now())
    session.clear()
    response = redirect(url_for("auth.login"))
    response.delete_cookie(COOKIE)
    return response


@blueprint.get("/password")
@roles(*ANYBODY)
def password() -> str:
    """The form for a new password."""
    return render_template("auth/password.html", errors={})


@blueprint.post("/password")
@roles(*ANYBODY)
def change_password() -> ResponseReturnValue:
    """Change one's password; every login of the account ends, also this one."""
    who = account()
    try:
        new = _new_password(who)
    except InvalidInputError as error:
        return render_template("auth/password.html", errors=error.fields), 422
    hashed = hash_password(new)
    with services().write() as store:
        account_changes.set_password(store.session, who.id, hashed, now())
        record(store, who, "password_changed", now())
    session.clear()
    flash("口令已修改，请用新口令登录。")
    response = redirect(url_for("auth.login"))
    response.delete_cookie(COOKIE)
    return response


def _new_password(who: Account) -> str:
    """The new password of the form, if the present one is right and the new one good enough.

    Raises:
        InvalidInputError: Something is wrong; `fields` says what.
    """
    new, again = request.form.get("new_password", ""), request.form.get("again", "")
    if not admitted(who.username):
        raise InvalidInputError(TOO_MANY, current=TOO_MANY)
    if not verify_password(who.password_hash, request.form.get("current", "")):
        message = "现在的口令不对"
        raise InvalidInputError(message, current=message)
    forget(who.username)
    check_new_password(new, who.username)
    if new != again:
        message = "两次输入的新口令不一样"
        raise InvalidInputError(message, again=message)
    return new


def _begin(who: Account) -> ResponseReturnValue:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    before = request.cookies.get(COOKIE, "")
    with services().write() as store:
        if before:  # Nobody can end it any more once its cookie is overwritten.
            login_sessions.revoke_login(store.session, hash_token(before), now())
        login_sessions.open_login(store.session, who.id, hash_token(token), now(), LIFETIME)
        record(store, who, "login", now())
    session.clear()  # A token of before the login is worth nothing after it.
    response = go_on(who.role)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=services().settings.secure_cookies,
    )
    return response


def _refuse(username: str, problem: str, status: int) -> tuple[str, int]:
    carried, wanted = request.form.get(CARRIED, ""), request.form.get(NEXT, "")
    return login_page(username, problem, carried=carried, wanted=wanted), status
