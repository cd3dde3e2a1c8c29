"""Accounts and bodies that somebody names on the command line, which must be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError, NotFoundError
from hotline.store.accounts import account_by_username
from hotline.store.offices import bodies

if TYPE_CHECKING:
    from sqlmodel import Session

    from hotline.store.accounts import Account


def known_account(session: Session, username: str) -> Account:
    """The account with this user name.

    Raises:
        NotFoundError: There is none.
    """
    found = account_by_username(session, username)
    if found is None:
        message = f"没有账号“{username}”。用 hotline users list 查看现有账号。"
        raise NotFoundError(message)
    return found


def check_body_known(session: Session, body_id: str | None) -> None:
    """Refuse a body that the directory does not have.

    Raises:
        InvalidInputError: It has none with this id.
    """
    known = [body.id for body in bodies(session)]
    if body_id is not None and body_id not in known:
        message = f"没有单位“{body_id}”。现有：{'、'.join(known) or '无'}。"
        raise InvalidInputError(message)
