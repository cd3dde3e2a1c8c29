"""Who gets in and what was kept: logins, channel tokens, and the verification of all event chains."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.errors import InvalidInputError, NotFoundError
from hotline.intake.channels import get_channel, load_channels
from hotline.records import NewEvent
from hotline.store import accounts as people
from hotline.store.audit import verify
from hotline.store.logins import end_login, open_logins
from hotline.vocabulary import Action, Role
from hotline.web.access import roles
from hotline.web.account_log import record
from hotline.web.admin.room import TOKEN_BYTES, blueprint, own_account
from hotline.web.context import account, actor, now, services

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.store.casestore import CaseStore

MOST_LABEL = 60
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


@blueprint.get("/channels")
@roles(Role.ADMINISTRATOR)
def channels() -> str:
    """The office's channel tokens, and the form for a new one."""
    return _channels()


@blueprint.post("/channels")
@roles(Role.ADMINISTRATOR)
def add_token() -> ResponseReturnValue:
    """Make a token; it is shown on the answer and nowhere else."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    try:
        channel, label = _checked()
    except InvalidInputError as error:
        return _channels(errors=error.fields), 422
    with services().write() as store:
        made = people.add_channel_token(
            store.session,
            token_hash=people.hash_token(token),
            channel=channel,
            office_id=account().office_id,
            label=label,
            at=now(),
        )
        _note(store, made.id, "created", seq=0)
    return _channels(secret=(label, token))


@blueprint.post("/channels/<token_id>/revoke")
@roles(Role.ADMINISTRATOR)
def revoke_token(token_id: str) -> ResponseReturnValue:
    """Revoke one of the office's tokens; what it brought stays."""
    with services().write() as store:
        tokens = people.channel_tokens(store.session, account().office_id)
        if not any(token.id == token_id and token.revoked_at is None for token in tokens):
            message = "没有这个令牌，或已经作废。请从渠道列表重新打开。"
            raise NotFoundError(message)
        people.revoke_channel_token(store.session, token_id, account().office_id, now())
        _note(store, token_id, "revoked", seq=len(store.events(f"token:{token_id}")))
    flash("令牌已作废，用它的系统不能再提交。")
    return redirect(url_for("admin.channels"))


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


def _note(store: CaseStore, token_id: str, what: str, *, seq: int) -> None:
    """Append what happened to the token's own stream."""
    event = NewEvent(Action.NOTE, {"what": what})
    store.append(f"token:{token_id}", [event], expected_seq=seq, actor=actor(), at=now(), recorded_at=now())


def _checked() -> tuple[str, str]:
    """Channel and label of the form.

    Raises:
        InvalidInputError: The channel is unknown, or there is no usable label.
    """
    label = request.form.get("label", "").strip()
    if not label or len(label) > MOST_LABEL or not label.isprintable():
        message = f"请写明用途，不超过 {MOST_LABEL} 个字，例如“呼叫中心系统”。"
        raise InvalidInputError(message, label=message)
    try:
        return get_channel(request.form.get("channel", "")).code, label
    except InvalidInputError as error:
        raise InvalidInputError(error.message, channel=error.message) from None


def _channels(*, errors: dict[str, str] | None = None, secret: tuple[str, str] | None = None) -> str:
    with services().read() as store:
        tokens = people.channel_tokens(store.session, account().office_id)
    return render_template(
        "admin/channels.html",
        tokens=tokens,
        channels=[(each.code, each.name) for each in load_channels().values()],
        errors=errors or {},
        secret=secret,
        typed=request.form if errors else {},
    )
