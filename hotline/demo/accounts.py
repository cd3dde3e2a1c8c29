"""Offices and accounts of the demonstration. Passwords are made anew for every installation and kept in one file."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from argon2 import PasswordHasher

from hotline.records import ClockOverride, Office
from hotline.store.account_changes import create_account, set_active, set_password
from hotline.store.accounts import account_by_username
from hotline.store.offices import save_office
from hotline.vocabulary import Role, Unit, Urgency

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlmodel import Session

    from hotline.services import Services
    from hotline.store.accounts import Account

XICHENG, BAODI = "xicheng", "baodi"
OFFICES = (
    Office(
        id=XICHENG,
        name="西城区专项行动领导小组办公室",
        region="110102",
        plan_id="xicheng-2011",
        number_prefix="1",
        # Two minutes instead of thirty, so that a visitor can watch a clock run out: enter an urgent complaint.
        overrides=(ClockOverride("H-SIGN", 2, Unit.MINUTE, Urgency.CRITICAL),),
    ),
    Office(
        id=BAODI,
        name="宝坻区专项行动领导小组办公室",
        region="120115",
        plan_id="baodi-2010",
        number_prefix="2",
    ),
)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demonstration."""

    username: str
    display_name: str
    role: Role
    office_id: str = XICHENG
    body_id: str | None = None


ACCOUNTS = (
    DemoAccount("zuoxi", "坐席 孙静", Role.OPERATOR),
    DemoAccount("duban", "督办 何立", Role.SUPERVISOR),
    DemoAccount("shichang", "市场监管局承办人 吴敏", Role.CLERK, body_id="110102-scjg"),
    DemoAccount("shichang-fzr", "市场监管局负责人 郑涛", Role.RESPONSIBLE, body_id="110102-scjg"),
    DemoAccount("wenlv", "文化和旅游局承办人 秦岚", Role.CLERK, body_id="110102-whly"),
    DemoAccount("zhishi", "知识产权局承办人 冯博", Role.CLERK, body_id="110102-zscq"),
    DemoAccount("chengguan", "城管执法局承办人 邓凯", Role.CLERK, body_id="110102-cgj"),
    DemoAccount("guanli", "系统管理员", Role.ADMINISTRATOR),
    DemoAccount("bd-zuoxi", "宝坻坐席 田雨", Role.OPERATOR, BAODI),
    DemoAccount("bd-duban", "宝坻督办 石磊", Role.SUPERVISOR, BAODI),
)
SHOWN = ("zuoxi", "shichang", "shichang-fzr", "duban", "guanli")
"""One account per role, printed at the start; the file holds them all."""


def create_people(services: Services, now: datetime) -> dict[str, Account]:
    """Create offices and accounts, not open yet, and write the passwords to `var/demo-accounts.txt` (0600)."""
    hasher = PasswordHasher()
    passwords = {account.username: secrets.token_urlsafe(9) for account in ACCOUNTS}
    # Hashing takes a fifth of a second each and must not happen inside the transaction.
    hashes = {name: hasher.hash(password) for name, password in passwords.items()}
    with services.write() as store:
        for office in OFFICES:
            save_office(store.session, office, now)
        made = {
            account.username: _create(store.session, account, hashes[account.username], now) for account in ACCOUNTS
        }
    _write(accounts_file(services.settings.var), passwords)
    return made


def open_accounts(services: Services, made: dict[str, Account], now: datetime) -> None:
    """Let people log in: the last step, so that a demonstration broken off in the middle is taken up again."""
    with services.write() as store:
        for account in made.values():
            set_active(store.session, account.id, active=True, at=now)


def _create(session: Session, account: DemoAccount, password_hash: str, now: datetime) -> Account:
    known = account_by_username(session, account.username)
    if known is not None:
        set_password(session, known.id, password_hash, now)
        return known
    made = create_account(
        session,
        username=account.username,
        display_name=account.display_name,
        password_hash=password_hash,
        role=account.role,
        office_id=account.office_id,
        body_id=account.body_id,
        at=now,
        demo=True,
    )
    set_active(session, made.id, active=False, at=now)
    return made


def accounts_file(var: Path) -> Path:
    """Where the demonstration's passwords are kept."""
    return var / "demo-accounts.txt"


def shown_accounts(var: Path) -> list[str]:
    """One line per role: account, password, role. Empty where there is no demonstration."""
    path = accounts_file(var)
    if not path.exists():
        return []
    lines = path.read_text("utf-8").splitlines()
    return [line for line in lines if line.split("\t", 1)[0] in SHOWN]


def _write(path: Path, passwords: dict[str, str]) -> None:
    lines = [
        f"{account.username}\t{passwords[account.username]}\t{account.role.label}（{account.display_name}）\n"
        for account in ACCOUNTS
    ]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(lines)
