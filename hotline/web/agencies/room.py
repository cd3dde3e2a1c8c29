"""The blueprint of the agencies' room, and whose room it is."""

from __future__ import annotations

from flask import Blueprint

from hotline.errors import InvalidInputError
from hotline.web.context import account

blueprint = Blueprint("agencies", __name__, url_prefix="/agencies")


def own_body() -> str:
    """The body of the signed-in account.

    Raises:
        InvalidInputError: The account belongs to none.
    """
    body_id = account().body_id
    if body_id is None:
        message = "您的账号没有所属单位，看不到待办。请联系系统管理员。"
        raise InvalidInputError(message)
    return body_id
