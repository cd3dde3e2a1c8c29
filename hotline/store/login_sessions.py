"""One login: begun, found again at every request, ended. Of its token only the SHA-256 comes here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from hotline.store.accounts import Account, account_of
from hotline.store.tables import ACCOUNT, RATE_WINDOW, SESSION

if TYPE_CHECKING:
    from sqlmodel import Session

SEEN_EVERY = timedelta(minutes=1)
"""A login's last use is written no more often than this, so that reading pages rarely writes."""


@dataclass(frozen=True, slots=True)
class Login:
    """One login of an account; `token_hash` is the SHA-256 of the cookie's token."""

    token_hash: str = field(repr=False)
    account_id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def open_login(session: Session, account_id: str, token_hash: str, at: datetime, lifetime: timedelta) -> None:
    """Begin a login."""
    row = {"token_hash": token_hash, "account_id": account_id, "created_at": at, "last_seen_at": at}
    session.execute(insert(SESSION), [row | {"expires_at": at + lifetime}])


# Asked at every request, and made once.
_LOGIN = (
    select(SESSION, ACCOUNT)
    .select_from(SESSION.join(ACCOUNT, ACCOUNT.c.id == SESSION.c.account_id))
    .where(SESSION.c.token_hash == bindparam("token"))
)


def login_account(session: Session, token_hash: str, now: datetime) -> tuple[Account, Login] | None:
    """The account of a login that is neither ended, expired nor of an account switched off."""
    row = session.execute(_LOGIN, {"token": token_hash}).first()
    if row is None:
        return None
    login = Login(*row[: len(SESSION.c)])
    if login.revoked_at is not None or login.expires_at <= now:
        return None
    who = account_of(dict(zip(ACCOUNT.c.keys(), row[len(SESSION.c) :], strict=True)))
    return (who, login) if who.active else None


def touch_login(session: Session, login: Login, now: datetime) -> None:
    """Note that a login was used; call it where `needs_touch` says so."""
    changed = update(SESSION).where(SESSION.c.token_hash == login.token_hash)
    session.execute(changed.values(last_seen_at=now))


def needs_touch(login: Login, now: datetime) -> bool:
    """Whether the last use was noted long enough ago to be worth a write."""
    return now - login.last_seen_at >= SEEN_EVERY


def revoke_login(session: Session, token_hash: str, at: datetime) -> None:
    """End one login."""
    wanted = (SESSION.c.token_hash == token_hash) & SESSION.c.revoked_at.is_(None)
    session.execute(update(SESSION).where(wanted).values(revoked_at=at))


def revoke_logins(session: Session, account_id: str, at: datetime) -> None:
    """End every login of an account."""
    wanted = (SESSION.c.account_id == account_id) & SESSION.c.revoked_at.is_(None)
    session.execute(update(SESSION).where(wanted).values(revoked_at=at))


def forget_dead_sessions(session: Session, now: datetime) -> int:
    """Delete logins and counters that can no longer matter; return how many logins there were."""
    session.execute(delete(RATE_WINDOW).where(RATE_WINDOW.c.window_start < now - timedelta(days=1)))
    gone = delete(SESSION).where(SESSION.c.expires_at < now)
    return len(session.execute(gone.returning(SESSION.c.token_hash)).all())
