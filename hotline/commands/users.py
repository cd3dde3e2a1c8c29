"""`hotline users …`: accounts and channel tokens from the command line, for whoever runs the machine.

Passwords and tokens are made here, printed once, and kept only as hashes. Each change is an event of its own stream.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from hotline.commands.installation import CONSOLE, choose_office, offices_of, open_database
from hotline.commands.streams import emit, member, say
from hotline.errors import ConflictError, InvalidInputError, NotFoundError
from hotline.intake.channels import get_channel
from hotline.intake.regions import find_region
from hotline.moments import utc_now
from hotline.records import Actor, NewEvent, Office
from hotline.routing.plans import find_plan, load_plans
from hotline.settings import read_settings
from hotline.store.account_rules import check_body, check_display_name, check_username
from hotline.store.accounts import (
    account_by_username,
    create_account,
    hash_token,
    list_accounts,
    set_active,
    set_password,
)
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.events import append, last_seq
from hotline.store.offices import bodies, office, save_office
from hotline.store.passwords import hash_password
from hotline.store.tokens import Scope, add_token
from hotline.vocabulary import Action, Role

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

    from hotline.store.accounts import Account
    from hotline.store.crypto import Keyring

ROLES = tuple(role.value for role in Role if role is not Role.SYSTEM)
PASSWORD_BYTES = 12
TOKEN_BYTES = 32


@click.group("users")
def users_command() -> None:
    """办公室、账号和渠道令牌：列出、新建、停用、启用、重置口令、发令牌。"""


@users_command.command("office")
@click.argument("office_id", metavar="ID")
@click.option("--name", required=True, help="办公室全称。")
@click.option("--region", required=True, help="所在行政区划代码（六位）。")
@click.option("--plan", "plan_id", required=True, metavar="ID", help="所用方案（见 hotline plans list）。")
@click.option("--prefix", required=True, help="工单编号前缀，一到两位数字，各办公室不同，以后不能改。")
def office_command(*, office_id: str, name: str, region: str, plan_id: str, prefix: str) -> None:
    """建立办公室；已有的按新内容更新（编号前缀不变）。新部署先建办公室，再建账号。"""
    _check_office(office_id, prefix)
    place = find_region(region)
    if place is None:
        message = f"没有找到行政区划“{region}”。请写六位代码，例如 110102。"
        raise InvalidInputError(message)
    plan = find_plan(load_plans(), plan_id)
    with open_database(read_settings()) as (engine, keyring):
        known = {each.id: each for each in offices_of(engine)}
        taken = [each.id for each in known.values() if int(each.number_prefix) == int(prefix) and each.id != office_id]
        if taken:
            message = f"编号前缀“{prefix}”已由办公室 {taken[0]} 使用，请另取一个。"
            raise ConflictError(message)
        fresh = Office(id=office_id, name=name, region=place.adcode, plan_id=plan.id, number_prefix=prefix)
        changed = replace(known.get(office_id, fresh), name=name.strip(), region=place.adcode, plan_id=plan.id)
        with write_transaction(engine) as session:
            save_office(session, changed, utc_now())
            record(session, keyring, f"office:{office_id}", office_id, "saved")
            kept = office(session, office_id)
    emit({"id": kept.id, "name": kept.name, "region": kept.region, "plan": kept.plan_id, "prefix": kept.number_prefix})


@users_command.command("list")
@click.option("--office", "office_id", metavar="ID", help="只看一个办公室。")
def list_command(office_id: str | None) -> None:
    """每行一个账号。"""
    with open_database(read_settings()) as (engine, _), read_transaction(engine) as session:
        for found in list_accounts(session, office_id):
            emit(account_object(found))


@users_command.command("add")
@click.argument("username", metavar="NAME")
@click.option("--role", "role_code", required=True, type=click.Choice(ROLES), help="角色。")
@click.option("--office", "office_id", metavar="ID", help="办公室；只有一个时可不写。")
@click.option("--display", metavar="姓名", help="显示的姓名；不写为用户名。")
@click.option("--body", "body_id", metavar="ID", help="所属单位；承办人和单位负责人必填。")
def add_command(
    *, username: str, role_code: str, office_id: str | None, display: str | None, body_id: str | None
) -> None:
    """新建账号；口令只在这里显示一次。"""
    role = member(Role, role_code)
    name = (display or username).strip()
    check_username(username)
    check_display_name(name)
    check_body(role, body_id)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    hashed = hash_password(password)
    with open_database(read_settings()) as (engine, keyring):
        chosen = choose_office(offices_of(engine), office_id)
        with write_transaction(engine) as session:
            _check_known(session, body_id)
            made = create_account(
                session,
                username=username,
                display_name=name,
                password_hash=hashed,
                role=role,
                office_id=chosen.id,
                body_id=body_id,
                at=utc_now(),
            )
            record(session, keyring, f"account:{made.id}", chosen.id, "created")
    emit(account_object(made) | {"password": password})
    say("口令只显示这一次。请当面或电话告知本人，并请其登录后立即修改。")


@users_command.command("password")
@click.argument("username", metavar="NAME")
def password_command(username: str) -> None:
    """重置口令，并结束该账号的全部登录；新口令只显示一次。"""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    hashed = hash_password(password)
    with open_database(read_settings()) as (engine, keyring), write_transaction(engine) as session:
        found = _known(session, username)
        set_password(session, found.id, hashed, utc_now())
        record(session, keyring, f"account:{found.id}", found.office_id, "password_reset")
    emit({"username": username, "password": password})
    say("口令只显示这一次。请当面或电话告知本人，并请其登录后立即修改。")


@users_command.command("disable")
@click.argument("username", metavar="NAME")
def disable_command(username: str) -> None:
    """停用账号，并结束它的全部登录；办理记录保留。"""
    with open_database(read_settings()) as (engine, keyring):
        emit(account_object(_switch(engine, keyring, username, active=False)))


@users_command.command("enable")
@click.argument("username", metavar="NAME")
def enable_command(username: str) -> None:
    """重新启用账号。"""
    with open_database(read_settings()) as (engine, keyring):
        emit(account_object(_switch(engine, keyring, username, active=True)))


@users_command.command("token")
@click.option("--channel", help="渠道令牌：12330、12315、12390、12365 等，用来登记和查询诉求。")
@click.option("--body", "body_id", metavar="ID", help="单位令牌：单位代码，用来查询和办理派给它的工单。")
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default="all",
    help="all 查询和办理，read 只查询，write 只办理。",
)
@click.option("--office", "office_id", metavar="ID", help="办公室；只有一个时可不写。")
@click.option("--label", default="", help="用途说明，例如 呼叫中心系统。")
def token_command(channel: str | None, body_id: str | None, scope: str, office_id: str | None, label: str) -> None:
    """发一个渠道或单位的令牌（API 用）；令牌只在这里显示一次。"""
    if (channel is None) == (body_id is None):
        message = "请写 --channel 或 --body，二者只写一个。"
        raise InvalidInputError(message)
    code = get_channel(channel).code if channel else ""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with open_database(read_settings()) as (engine, keyring):
        chosen = choose_office(offices_of(engine), office_id)
        with write_transaction(engine) as session:
            _check_known(session, body_id)
            made = add_token(
                session,
                token_hash=hash_token(token),
                channel=code,
                body_id=body_id,
                scope=Scope(scope),
                office_id=chosen.id,
                label=label.strip(),
                at=utc_now(),
            )
            record(session, keyring, f"token:{made.id}", chosen.id, "created")
    whose = {"channel": code} if channel else {"body": body_id}
    emit({"id": made.id, **whose, "office": chosen.id, "scope": scope, "label": made.label, "token": token})
    say("令牌只显示这一次。请存入对方系统的密钥库，不要写进邮件或代码。")


def account_object(found: Account) -> dict[str, Any]:
    """An account as the commands print it, without its hash."""
    return {
        "id": found.id,
        "username": found.username,
        "display_name": found.display_name,
        "role": found.role.value,
        "office": found.office_id,
        "body": found.body_id,
        "active": found.active,
        "demo": found.demo,
        "created_at": found.created_at.isoformat(),
    }


def record(session: Session, keyring: Keyring, stream: str, office_id: str, what: str) -> None:
    """Append what was changed to its stream, in the transaction that changes it."""
    now = utc_now()
    append(
        session,
        stream,
        [NewEvent(Action.NOTE, {"what": what})],
        expected_seq=last_seq(session, stream),
        actor=Actor(CONSOLE, Role.SYSTEM, office_id),
        at=now,
        recorded_at=now,
        keyring=keyring,
    )


def _switch(engine: Engine, keyring: Keyring, username: str, *, active: bool) -> Account:
    with write_transaction(engine) as session:
        found = _known(session, username)
        set_active(session, found.id, active=active, at=utc_now())
        record(session, keyring, f"account:{found.id}", found.office_id, "enabled" if active else "disabled")
        return _known(session, username)


def _known(session: Session, username: str) -> Account:
    found = account_by_username(session, username)
    if found is None:
        message = f"没有账号“{username}”。用 hotline users list 查看现有账号。"
        raise NotFoundError(message)
    return found


def _check_office(office_id: str, prefix: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,31}", office_id):
        message = "办公室代码应为小写字母开头的 2 至 32 个小写字母、数字或 -，例如 xicheng。"
        raise InvalidInputError(message)
    if not re.fullmatch(r"[0-9]{1,2}", prefix):
        message = "编号前缀应为一到两位数字。"
        raise InvalidInputError(message)


def _check_known(session: Session, body_id: str | None) -> None:
    known = [body.id for body in bodies(session)]
    if body_id is not None and body_id not in known:
        message = f"没有单位“{body_id}”。现有：{'、'.join(known) or '无'}。"
        raise InvalidInputError(message)
