"""The blueprint of the room, and what its pages share. An administrator keeps the accounts of the own office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from hotline.errors import NotFoundError
from hotline.store import accounts
from hotline.web.context import account

if TYPE_CHECKING:
    from hotline.store.accounts import Account
    from hotline.store.casestore import CaseStore

PASSWORD_BYTES = 12
TOKEN_BYTES = 32
blueprint = Blueprint("admin", __name__, url_prefix="/admin")


def own_account(store: CaseStore, account_id: str) -> Account:
    """An account of the administrator's own office.

    Raises:
        NotFoundError: There is none, or it is another office's: both answers are the same.
    """
    found = accounts.account(store.session, account_id)
    if found.office_id != account().office_id:
        message = "没有这个账号，请从账号列表重新打开。"
        raise NotFoundError(message)
    return found
