"""Who is in and what was kept: logins, and the verification of all event chains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.store.audit import verify
from hotline.store.logins import end_login, open_logins
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.account_log import record
from hotline.web.admin.room import blueprint, own_account
from hotline.web.context import account, actor, now, services

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

SHOWN_FAULTS = 200


@blueprint.get("/sessions")
@roles(Role.ADMINISTRATOR)
def sessions() -> str:
    """The office's logins that still hold."""
    with services().read() as store:
        found = open_logins(store.session, account().office_id, now())
    return render_template("admin/sessions.html", logins=found)


@blueprint.post("/sessions/end")
@roles(Role.ADMINISTRATOR)
def end_session() -> ResponseReturnValue:
    """End one login; the person has to sign in again."""
    with services().write() as store:
        account_id = end_login(store.session, account().office_id, request.form.get("handle", ""), now())
        if account_id is not None:
            record(store, own_account(store, account_id), "session_ended", now(), by=actor())
    if account_id is None:
        flash("这个会话已经结束。", "error")
    else:
        flash("会话已结束，对方需要重新登录。")
    return redirect(url_for("admin.sessions"))


@blueprint.get("/audit")
@roles(Role.ADMINISTRATOR)
def audit() -> str:
    """What the verification is, and the button that starts it."""
    return render_template("admin/audit.html", result=None)


@blueprint.post("/audit")
@roles(Role.ADMINISTRATOR)
def verify_audit() -> str:
    """Walk every stream and every seal."""
    result = verify(services().engine, services().keyring, services().settings.seals)
    return render_template("admin/audit.html", result=result, shown=SHOWN_FAULTS)
