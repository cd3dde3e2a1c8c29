"""Accounts of the office: list, add, switch off and on, give a new password, which is shown once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.errors import ConflictError, InvalidInputError
from hotline.moments import local_date
from hotline.store import account_changes
from hotline.store import accounts as people
from hotline.store.account_rules import check_body, check_display_name, check_username
from hotline.store.passwords import hash_password
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.account_log import record
from hotline.web.admin.room import PASSWORD_BYTES, blueprint, own_account
from hotline.web.context import account, actor, now, services
from hotline.web.shownonce import show_once

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

ROLES = tuple(role for role in Role if role is not Role.SYSTEM)
_TELL_IT = "只显示这一次，离开本页后无法再看。请当面或电话告知本人，并请其登录后立即修改。"


@blueprint.get("/accounts")
@roles(Role.ADMINISTRATOR)
def accounts() -> str:
    """The accounts of the office, and the form for a new one."""
    return _page()


@blueprint.post("/accounts")
@roles(Role.ADMINISTRATOR)
def add_account() -> ResponseReturnValue:
    """Make an account; its first password is shown on the page that follows and nowhere else."""
    try:
        role, body_id = _checked()
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        hashed = hash_password(password)
        with services().write() as store:
            made = account_changes.create_account(
                store.session,
                username=request.form["username"].strip(),
                display_name=request.form["display_name"].strip(),
                password_hash=hashed,
                role=role,
                office_id=account().office_id,
                body_id=body_id,
                at=now(),
            )
            record(store, made, "created", now(), by=actor())
    except (InvalidInputError, ConflictError) as error:
        return _page(errors=error.fields, problem=error.message), 422
    return _with_password(made.username, password)


@blueprint.post("/accounts/<account_id>/password")
@roles(Role.ADMINISTRATOR)
def reset_password(account_id: str) -> ResponseReturnValue:
    """Give a new password and end every login of the account."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    hashed = hash_password(password)
    with services().write() as store:
        found = own_account(store, account_id)
        if found.id == account().id:
            message = "自己的口令请在“修改口令”中改。"
            raise InvalidInputError(message)
        account_changes.set_password(store.session, found.id, hashed, now())
        record(store, found, "password_reset", now(), by=actor())
    return _with_password(found.username, password)


@blueprint.post("/accounts/<account_id>/active")
@roles(Role.ADMINISTRATOR)
def switch(account_id: str) -> ResponseReturnValue:
    """Switch an account off, which ends its logins, or on again; nobody switches off the own one."""
    active = request.form.get("active") == "1"
    with services().write() as store:
        found = own_account(store, account_id)
        if found.id == account().id:
            message = "不能停用自己的账号，请由另一位管理员办理。"
            raise InvalidInputError(message)
        account_changes.set_active(store.session, found.id, active=active, at=now())
        record(store, found, "enabled" if active else "disabled", now(), by=actor())
    flash(f"已{'启用' if active else '停用'}账号 {found.username}。")
    return redirect(url_for("admin.accounts"))


def _checked() -> tuple[Role, str | None]:
    """The role and body of the form for a new account.

    Raises:
        InvalidInputError: A field is missing or wrong.
    """
    form = request.form
    check_username(form.get("username", "").strip())
    check_display_name(form.get("display_name", "").strip())
    role = next((role for role in ROLES if role == form.get("role")), None)
    if role is None:
        message = "请选择角色。"
        raise InvalidInputError(message, role=message)
    body_id = form.get("body_id") or None
    check_body(role, body_id)
    if body_id is not None and body_id not in dict(_bodies()):
        # An account of another place's body would open that place's cases to this office.
        message = "没有这个单位，请从列表中选择。"
        raise InvalidInputError(message, body_id=message)
    return role, body_id


def _with_password(username: str, password: str) -> ResponseReturnValue:
    """The list, which shows the new password this once."""
    show_once(f"账号 {username} 的口令", password, _TELL_IT)
    return redirect(url_for("admin.accounts"))


def _page(*, errors: dict[str, str] | None = None, problem: str = "") -> str:
    with services().read() as store:
        found = people.list_accounts(store.session, account().office_id)
    return render_template(
        "admin/accounts.html",
        accounts=found,
        roles=ROLES,
        bodies=_bodies(),
        errors=errors or {},
        problem=problem,
        typed=request.form if problem else {},
    )


def _bodies() -> list[tuple[str, str]]:
    """The bodies of the office's place that exist today."""
    region, today = services().office(account().office_id).region, local_date(now())
    bodies = services().rulebook.directory.bodies.values()
    return [(body.id, body.name) for body in bodies if body.region == region and body.exists(today)]
