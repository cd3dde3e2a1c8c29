"""Making and changing accounts; the events of it are the caller's, in the same transaction.

Passwords are hashed by the caller, outside any transaction: argon2 takes a fifth of a second, in which nobody else
could write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from hotline.errors import ConflictError
from hotline.store.accounts import Account
from hotline.store.ids import new_id
from hotline.store.login_sessions import revoke_logins
from hotline.store.tables import ACCOUNT

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from hotline.vocabulary import Role


def create_account(
    session: Session,
    *,
    username: str,
    display_name: str,
    password_hash: str,
    role: Role,
    office_id: str,
    body_id: str | None,
    at: datetime,
    demo: bool = False,
) -> Account:
    """Make an account.

    Raises:
        ConflictError: The user name is taken.
    """
    made = Account(new_id(), username, display_name, password_hash, role, office_id, body_id, True, demo, at)  # noqa: FBT003 - the record's own order.
    row = {name: getattr(made, name) for name in Account.__dataclass_fields__} | {"role": str(role)}
    try:
        session.execute(insert(ACCOUNT), [row])
    except IntegrityError:
        message = "这个用户名已有人用，或办公室、单位不存在。请另取用户名，并核对所属办公室和单位。"
        raise ConflictError(message, username="已有人用") from None
    return made


def set_password(session: Session, account_id: str, password_hash: str, at: datetime) -> None:
    """Change a password and end every login of the account."""
    session.execute(update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(password_hash=password_hash))
    revoke_logins(session, account_id, at)


def set_active(session: Session, account_id: str, *, active: bool, at: datetime) -> None:
    """Switch an account on or off; switching off ends every login."""
    session.execute(update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(active=active))
    if not active:
        revoke_logins(session, account_id, at)
