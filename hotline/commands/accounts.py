"""`hotline users …`: accounts."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import click

from hotline.commands.installation import choose_office, offices_of, open_database
from hotline.commands.known import check_body_known, known_account
from hotline.commands.recording import record
from hotline.commands.streams import emit, member, say
from hotline.environment import read_settings
from hotline.moments import utc_now
from hotline.store.account_changes import create_account, set_active, set_password
from hotline.store.account_rules import check_body, check_display_name, check_username
from hotline.store.accounts import list_accounts
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.passwords import hash_password
from hotline.vocabulary import Role

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from hotline.store.accounts import Account
    from hotline.store.crypto import Keyring

ROLES = tuple(role.value for role in Role if role is not Role.SYSTEM)
PASSWORD_BYTES = 12


@click.command("list")
@click.option("--office", "office_id", metavar="ID", help="只看一个办公室。")
def list_command(office_id: str | None) -> None:
    """每行一个账号。"""
    with open_database(read_settings()) as (engine, _), read_transaction(engine) as session:
        for found in list_accounts(session, office_id):
            emit(account_object(found))


@click.command("add")
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
            check_body_known(session, body_id)
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


@click.command("password")
@click.argument("username", metavar="NAME")
def password_command(username: str) -> None:
    """重置口令，并结束该账号的全部登录；新口令只显示一次。"""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    hashed = hash_password(password)
    with open_database(read_settings()) as (engine, keyring), write_transaction(engine) as session:
        found = known_account(session, username)
        set_password(session, found.id, hashed, utc_now())
        record(session, keyring, f"account:{found.id}", found.office_id, "password_reset")
    emit({"username": username, "password": password})
    say("口令只显示这一次。请当面或电话告知本人，并请其登录后立即修改。")


@click.command("disable")
@click.argument("username", metavar="NAME")
def disable_command(username: str) -> None:
    """停用账号，并结束它的全部登录；办理记录保留。"""
    with open_database(read_settings()) as (engine, keyring):
        emit(account_object(_switch(engine, keyring, username, active=False)))


@click.command("enable")
@click.argument("username", metavar="NAME")
def enable_command(username: str) -> None:
    """重新启用账号。"""
    with open_database(read_settings()) as (engine, keyring):
        emit(account_object(_switch(engine, keyring, username, active=True)))


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


def _switch(engine: Engine, keyring: Keyring, username: str, *, active: bool) -> Account:
    with write_transaction(engine) as session:
        found = known_account(session, username)
        set_active(session, found.id, active=active, at=utc_now())
        record(session, keyring, f"account:{found.id}", found.office_id, "enabled" if active else "disabled")
        return known_account(session, username)
