"""Idempotency-Key: the same step sent again is done once, and another one under its key is refused.

The draft standard (draft-ietf-httpapi-idempotency-key-header §2.7) answers the second with 422. What was asked is kept
beside the event as a keyed digest: a plain one would let a short text be guessed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request

from hotline.casework.desk import TOKEN
from hotline.errors import InvalidInputError
from hotline.web.api.operations import Header
from hotline.web.context import actor, services

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hotline.records import CaseEvent

NAME = "Idempotency-Key"
WRONG_KEY = "Idempotency-Key 应为 1 到 64 个字母、数字、. _ : - 。"
REUSED_KEY = (
    "这个 Idempotency-Key 在本件已用于另一步，或同一步的另一份内容，没有办成，先办的保留。"
    "每一步请用新的值，原样重发才用同一个。"
)
_KEY = re.compile(r"[A-Za-z0-9_.:\-]{1,64}")
_HALF = 31
KEY_HEADER = Header(
    NAME,
    "重发时用同一个值，同一步不会办两次；同一个值用于另一步或另一份内容回答 422；1 到 64 个字母、数字、. _ : -",
    pattern=f"^{_KEY.pattern}$",
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the events keep it: `whose` is the same for each use of it, `token` for each use for the same thing."""

    whose: str
    token: str


def key_for(*asked: object) -> Key | None:
    """The key of this request for what it asks; None where it has none.

    Raises:
        InvalidInputError: It cannot be used.
    """
    given = request.headers.get(NAME, "")
    if not given:
        return None
    if not _KEY.fullmatch(given):
        raise InvalidInputError(WRONG_KEY, **{NAME: WRONG_KEY})
    sign = services().keyring.sign
    whose = sign(f"api|key|{actor().account_id}|{given}".encode())[:_HALF]
    said = json.dumps(asked, sort_keys=True)
    return Key(whose, f"{whose}.{sign(f'api|asked|{said}'.encode())[:_HALF]}")


def is_done(events: Iterable[CaseEvent], key: Key | None) -> bool:
    """Whether this very thing was done under this key before.

    Raises:
        InvalidInputError: Another one was.
    """
    if key is None:
        return False
    used = {str(event.data.get(TOKEN, "")) for event in events}
    if key.token in used:
        return True
    if any(each.startswith(f"{key.whose}.") for each in used):
        raise InvalidInputError(REUSED_KEY, **{NAME: REUSED_KEY})
    return False
