"""Accounts, found again and listed.

Passwords are hashed and checked by the caller, outside any transaction: argon2 takes a fifth of a second, in which
nobody else could write.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.errors import NotFoundError
from hotline.records import Actor
from hotline.store.codec import term
from hotline.store.engine import read_transaction
from hotline.store.tables import ACCOUNT
from hotline.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Engine
    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account; the hash is not shown where the record is printed."""

    id: str
    username: str
    display_name: str
    password_hash: str = field(repr=False)
    role: Role
    office_id: str
    body_id: str | None
    active: bool
    demo: bool
    created_at: datetime

    @property
    def actor(self) -> Actor:
        """The account as the one who acts."""
        return Actor(self.id, self.role, self.office_id, self.body_id)


def account(session: Session, account_id: str) -> Account:
    """One account.

    Raises:
        NotFoundError: There is none with this id.
    """
    row = session.execute(select(ACCOUNT).where(ACCOUNT.c.id == account_id)).mappings().first()
    if row is None:
        message = "没有这个账号，请从账号列表重新打开。"
        raise NotFoundError(message)
    return account_of(row)


def account_by_username(session: Session, username: str) -> Account | None:
    """The account with this user name, also where it is switched off."""
    row = session.execute(select(ACCOUNT).where(ACCOUNT.c.username == username)).mappings().first()
    return None if row is None else account_of(row)


def list_accounts(session: Session, office_id: str | None = None) -> tuple[Account, ...]:
    """All accounts, or those of one office, by user name."""
    statement = select(ACCOUNT).order_by(ACCOUNT.c.username)
    if office_id is not None:
        statement = statement.where(ACCOUNT.c.office_id == office_id)
    return tuple(account_of(row) for row in session.execute(statement).mappings())


def display_names(session: Session, account_ids: Iterable[str]) -> dict[str, str]:
    """Names of accounts by id, for showing who acted."""
    statement = select(ACCOUNT.c.id, ACCOUNT.c.display_name).where(ACCOUNT.c.id.in_(list(set(account_ids))))
    return {row.id: row.display_name for row in session.execute(statement)}


def has_demo_accounts(engine: Engine) -> bool:
    """Whether an active demo account exists; then only loopback may be served."""
    wanted = select(ACCOUNT.c.id).where(ACCOUNT.c.demo, ACCOUNT.c.active)
    with read_transaction(engine) as session:
        return session.execute(wanted.limit(1)).first() is not None


def account_of(row: Mapping[Any, Any]) -> Account:
    """An account from its row."""
    values = {name: row[name] for name in Account.__dataclass_fields__}
    return Account(**values | {"role": term(Role, row["role"])})
