"""Codes to follow a case by without an account: made at random, kept as a keyed digest, told once.

Ten signs of an alphabet of 32 are 50 bits; the digest is keyed, so that a stolen database cannot be searched for them.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.store.dialect import upsert
from hotline.store.numbers import parse_number
from hotline.store.tables import CASE, FOLLOW_CODE

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from hotline.store.crypto import Keyring

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which are misread."""
SIGNS = 10


def issue_code(session: Session, keyring: Keyring, case_id: str, complaint_id: str, *, by: str, at: datetime) -> str:
    """Make a code for one caller and return it, in two groups; one of before is worth nothing from now on."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(SIGNS))
    row = {"complaint_id": complaint_id, "case_id": case_id, "code_hash": _digest(keyring, complaint_id, code)}
    upsert(session, FOLLOW_CODE, [row | {"issued_at": at, "issued_by": by}], key=("complaint_id",))
    return f"{code[:5]}-{code[5:]}"


def case_of_code(session: Session, keyring: Keyring, number: str, code: str) -> tuple[str, str] | None:
    """The case and the complaint that number and code open together; None where they do not fit."""
    wanted, plain = parse_number(number.strip()), _plain(code)
    if wanted is None or len(plain) != SIGNS:
        return None
    joined = FOLLOW_CODE.join(CASE, CASE.c.id == FOLLOW_CODE.c.case_id)
    columns = (FOLLOW_CODE.c.case_id, FOLLOW_CODE.c.complaint_id, FOLLOW_CODE.c.code_hash)
    for row in session.execute(select(*columns).select_from(joined).where(CASE.c.number == wanted)):
        if hmac.compare_digest(row.code_hash, _digest(keyring, row.complaint_id, plain)):
            return row.case_id, row.complaint_id
    return None


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign in ALPHABET)


def _digest(keyring: Keyring, complaint_id: str, code: str) -> str:
    return keyring.sign(f"follow|{complaint_id}|{_plain(code)}".encode())
