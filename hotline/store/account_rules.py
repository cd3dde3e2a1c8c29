"""What an account must look like, for the page and the command line alike."""

from __future__ import annotations

import re

from hotline.errors import InvalidInputError
from hotline.vocabulary import AGENCY_ROLES, Role

USERNAME = re.compile(r"[\w.-]{2,32}")
MOST_NAME = 40


def check_username(username: str) -> None:
    """Refuse a user name that is too short or holds other signs.

    Raises:
        InvalidInputError: The field is `username`.
    """
    if not USERNAME.fullmatch(username):
        message = "用户名应为 2 至 32 个字母、数字、汉字或 . _ -。"
        raise InvalidInputError(message, username=message)


def check_display_name(name: str) -> None:
    """Refuse a name that is empty, too long or not printable.

    Raises:
        InvalidInputError: The field is `display_name`.
    """
    if not name or len(name) > MOST_NAME or not name.isprintable():
        message = f"请填写姓名，不超过 {MOST_NAME} 个字。"
        raise InvalidInputError(message, display_name=message)


def check_body(role: Role, body_id: str | None) -> None:
    """Refuse an agency's account without a body, and a body for anybody else.

    Raises:
        InvalidInputError: The field is `body_id`.
    """
    message = ""
    if role in AGENCY_ROLES and not body_id:
        message = f"{role.label}须选择所属单位。"
    elif role not in AGENCY_ROLES and body_id:
        message = f"{role.label}属于办公室，不选所属单位。"
    if message:
        raise InvalidInputError(message, body_id=message)
