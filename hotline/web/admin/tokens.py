"""Tokens of other systems: a channel's brings complaints, an agency's works on its cases; shown once, revocable."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.errors import InvalidInputError, NotFoundError
from hotline.intake.channels import load_channels
from hotline.moments import local_date
from hotline.records import NewEvent
from hotline.store import tokens
from hotline.store.token_hash import hash_token
from hotline.vocabulary import Action, Role
from hotline.web.access import roles
from hotline.web.admin.room import TOKEN_BYTES, blueprint
from hotline.web.context import account, actor, now, services
from hotline.web.shownonce import show_once

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.store.casestore import CaseStore

MOST_LABEL = 60
CHANNEL, BODY = "channel", "body"
_KEEP_IT = "只显示这一次。请存入对方系统的密钥库，不要写进邮件或代码。请求头：Authorization: Bearer 令牌"


@blueprint.get("/channels")
@roles(Role.ADMINISTRATOR)
def channels() -> str:
    """The office's tokens, and the form for a new one."""
    return _page()


@blueprint.post("/channels")
@roles(Role.ADMINISTRATOR)
def add_token() -> ResponseReturnValue:
    """Make a token; it is shown on the page that follows and nowhere else."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    try:
        (kind, code), label, scope = _owner(), _label(), _scope()
    except InvalidInputError as error:
        return _page(errors=error.fields), 422
    with services().write() as store:
        made = tokens.add_token(
            store.session,
            token_hash=hash_token(token),
            channel=code if kind == CHANNEL else "",
            body_id=code if kind == BODY else None,
            scope=scope,
            office_id=account().office_id,
            label=label,
            at=now(),
        )
        _note(store, made.id, "created", seq=0)
    show_once(f"“{label}”的令牌", token, _KEEP_IT)
    return redirect(url_for("admin.channels"))


@blueprint.post("/channels/<token_id>/revoke")
@roles(Role.ADMINISTRATOR)
def revoke_token(token_id: str) -> ResponseReturnValue:
    """Revoke one of the office's tokens; what it brought or did stays."""
    with services().write() as store:
        found = tokens.tokens_of(store.session, account().office_id)
        if not any(token.id == token_id and token.revoked_at is None for token in found):
            message = "没有这个令牌，或已经作废。请从令牌列表重新打开。"
            raise NotFoundError(message)
        tokens.revoke_token(store.session, token_id, account().office_id, now())
        _note(store, token_id, "revoked", seq=len(store.events(f"token:{token_id}")))
    flash("令牌已作废，用它的系统不能再登记、查询和办理。")
    return redirect(url_for("admin.channels"))


def _note(store: CaseStore, token_id: str, what: str, *, seq: int) -> None:
    """Append what happened to the token's own stream."""
    event = NewEvent(Action.NOTE, {"what": what})
    store.append(f"token:{token_id}", [event], expected_seq=seq, actor=actor(), at=now(), recorded_at=now())


def _choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Whose a token can be: a channel's, or one of the bodies of the office's place that exist today."""
    region, today = services().office(account().office_id).region, local_date(now())
    bodies = services().rulebook.directory.bodies.values()
    here = [(f"{BODY}:{body.id}", body.name) for body in bodies if body.region == region and body.exists(today)]
    known = [(f"{CHANNEL}:{each.code}", each.name) for each in load_channels().values()]
    return [("渠道（登记和查询诉求）", known), ("承办单位（查询和办理派给它的工单）", here)]


def _owner() -> tuple[str, str]:
    """Kind and code of whom the token is for.

    Raises:
        InvalidInputError: It is none of the choices.
    """
    chosen = request.form.get("owner", "")
    if not any(chosen == code for _, several in _choices() for code, _ in several):
        message = "请从列表中选择渠道或承办单位。"
        raise InvalidInputError(message, owner=message)
    kind, _, code = chosen.partition(":")
    return kind, code


def _label() -> str:
    """What the token is used for.

    Raises:
        InvalidInputError: It is missing, too long or not printable.
    """
    label = request.form.get("label", "").strip()
    if not label or len(label) > MOST_LABEL or not label.isprintable():
        message = f"请写明用途，不超过 {MOST_LABEL} 个字，例如“呼叫中心系统”。"
        raise InvalidInputError(message, label=message)
    return label


def _scope() -> tokens.Scope:
    """How far the token reaches.

    Raises:
        InvalidInputError: It is none of the choices.
    """
    found = next((each for each in tokens.Scope if each == request.form.get("scope", "all")), None)
    if found is None:
        message = "请选择权限。"
        raise InvalidInputError(message, scope=message)
    return found


def _page(*, errors: dict[str, str] | None = None) -> str:
    with services().read() as store:
        found = tokens.tokens_of(store.session, account().office_id)
    return render_template(
        "admin/channels.html",
        tokens=found,
        choices=_choices(),
        scopes=tuple(tokens.Scope),
        errors=errors or {},
        typed=request.form if errors else {},
    )
