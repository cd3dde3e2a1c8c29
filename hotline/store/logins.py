"""The logins of an office that still hold, for whoever may end them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from hotline.store.tables import ACCOUNT, SESSION

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlmodel import Session

HANDLE = 16


@dataclass(frozen=True, slots=True)
class LoginLine:
    """One login. `handle` is the beginning of its token's hash: enough to name it, of no use to anybody else."""

    handle: str
    account_id: str
    username: str
    display_name: str
    role: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


def open_logins(session: Session, office_id: str, now: datetime) -> tuple[LoginLine, ...]:
    """The office's logins that are neither ended nor expired, the last used first."""
    joined = SESSION.join(ACCOUNT, ACCOUNT.c.id == SESSION.c.account_id)
    names = ("account_id", "created_at", "last_seen_at", "expires_at")
    people = ("username", "display_name", "role")
    statement = (
        select(SESSION.c.token_hash, *[SESSION.c[name] for name in names], *[ACCOUNT.c[name] for name in people])
        .select_from(joined)
        .where(ACCOUNT.c.office_id == office_id, _holds(now))
        .order_by(SESSION.c.last_seen_at.desc())
    )
    rows = session.execute(statement).mappings()
    return tuple(
        LoginLine(row["token_hash"][:HANDLE], **{name: row[name] for name in (*names, *people)}) for row in rows
    )


def end_login(session: Session, office_id: str, handle: str, at: datetime) -> str | None:
    """End one of the office's logins; return whose it was, None where it no longer holds."""
    ours = select(ACCOUNT.c.id).where(ACCOUNT.c.office_id == office_id)
    wanted = SESSION.c.token_hash.startswith(handle, autoescape=True) & SESSION.c.account_id.in_(ours)
    ended = update(SESSION).where(wanted, _holds(at)).values(revoked_at=at).returning(SESSION.c.account_id)
    found: str | None = session.execute(ended).scalar() if len(handle) == HANDLE else None
    return found


def _holds(now: datetime) -> ColumnElement[bool]:
    return SESSION.c.revoked_at.is_(None) & (SESSION.c.expires_at > now)
