"""Accounts, logins and limits.

Passwords are hashed and checked by the caller, outside any transaction: argon2 takes a fifth of a second, in which
nobody else could write. Of a login's token only the SHA-256 comes here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from hotline.errors import ConflictError, NotFoundError
from hotline.records import Actor
from hotline.store.codec import term
from hotline.store.dialect import is_postgresql
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.ids import new_id
from hotline.store.tables import ACCOUNT, RATE_WINDOW, SESSION
from hotline.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Engine, Executable
    from sqlmodel import Session

SEEN_EVERY = timedelta(minutes=1)
"""A login's last use is written no more often than this, so that reading pages rarely writes."""


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


@dataclass(frozen=True, slots=True)
class Login:
    """One login of an account; `token_hash` is the SHA-256 of the cookie's token."""

    token_hash: str = field(repr=False)
    account_id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def hash_token(token: str) -> str:
    """What is kept of a random token; it is long and random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


# ---- accounts --------------------------------------------------------------------------------


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


def account(session: Session, account_id: str) -> Account:
    """One account.

    Raises:
        NotFoundError: There is none with this id.
    """
    row = session.execute(select(ACCOUNT).where(ACCOUNT.c.id == account_id)).mappings().first()
    if row is None:
        message = "没有这个账号，请从账号列表重新打开。"
        raise NotFoundError(message)
    return _account(row)


def account_by_username(session: Session, username: str) -> Account | None:
    """The account with this user name, also where it is switched off."""
    row = session.execute(select(ACCOUNT).where(ACCOUNT.c.username == username)).mappings().first()
    return None if row is None else _account(row)


def list_accounts(session: Session, office_id: str | None = None) -> tuple[Account, ...]:
    """All accounts, or those of one office, by user name."""
    statement = select(ACCOUNT).order_by(ACCOUNT.c.username)
    if office_id is not None:
        statement = statement.where(ACCOUNT.c.office_id == office_id)
    return tuple(_account(row) for row in session.execute(statement).mappings())


def display_names(session: Session, account_ids: Iterable[str]) -> dict[str, str]:
    """Names of accounts by id, for showing who acted."""
    statement = select(ACCOUNT.c.id, ACCOUNT.c.display_name).where(ACCOUNT.c.id.in_(list(set(account_ids))))
    return {row.id: row.display_name for row in session.execute(statement)}


def has_demo_accounts(engine: Engine) -> bool:
    """Whether an active demo account exists; then only loopback may be served."""
    wanted = select(ACCOUNT.c.id).where(ACCOUNT.c.demo, ACCOUNT.c.active)
    with read_transaction(engine) as session:
        return session.execute(wanted.limit(1)).first() is not None


def set_password(session: Session, account_id: str, password_hash: str, at: datetime) -> None:
    """Change a password and end every login of the account."""
    session.execute(update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(password_hash=password_hash))
    revoke_logins(session, account_id, at)


def set_active(session: Session, account_id: str, *, active: bool, at: datetime) -> None:
    """Switch an account on or off; switching off ends every login."""
    session.execute(update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(active=active))
    if not active:
        revoke_logins(session, account_id, at)


# ---- logins ----------------------------------------------------------------------------------


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
    who = _account(dict(zip(ACCOUNT.c.keys(), row[len(SESSION.c) :], strict=True)))
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


# ---- limits ----------------------------------------------------------------------------------


def count_attempt(engine: Engine, key: str, now: datetime, window: timedelta, *, times: int = 1) -> int:
    """Count an attempt (or several at once) in its fixed window, for all workers together; return how many there were.

    It has a short transaction of its own: the counter's lock is never held while a case is written. The key should
    hold a digest of a user name or address, not the value.
    """
    seconds = int(window.total_seconds())
    start = datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=UTC)
    with write_transaction(engine) as session:
        asked = {"key": key, "window_start": start, "times": times}
        return int(session.execute(_counting(is_postgresql(session)), asked).scalar_one())


@cache
def _counting(on_postgresql: bool) -> Executable:  # noqa: FBT001 - a cache's key.
    """The statement is kept: building it costs more than running it."""
    times = bindparam("times", type_=RATE_WINDOW.c.count.type)
    statement = (postgresql.insert if on_postgresql else sqlite.insert)(RATE_WINDOW)
    statement = statement.values(key=bindparam("key"), window_start=bindparam("window_start"), count=times)
    more = {"count": RATE_WINDOW.c.count + times}
    counted = statement.on_conflict_do_update(index_elements=["key", "window_start"], set_=more)
    return counted.returning(RATE_WINDOW.c.count)


def give_back_attempt(engine: Engine, key: str, now: datetime, window: timedelta) -> None:
    """Take one attempt off the current window: it was counted before it was known to be a good one."""
    seconds = int(window.total_seconds())
    start = datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=UTC)
    wanted = (RATE_WINDOW.c.key == key) & (RATE_WINDOW.c.window_start == start) & (RATE_WINDOW.c.count > 0)
    with write_transaction(engine) as session:
        session.execute(update(RATE_WINDOW).where(wanted).values(count=RATE_WINDOW.c.count - 1))


def attempts(session: Session, key: str, now: datetime, window: timedelta) -> int:
    """How many attempts the current window has, without counting one."""
    seconds = int(window.total_seconds())
    start = datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=UTC)
    wanted = (RATE_WINDOW.c.key == key) & (RATE_WINDOW.c.window_start == start)
    return int(session.execute(select(RATE_WINDOW.c.count).where(wanted)).scalar() or 0)


def forget_attempts(engine: Engine, key: str) -> None:
    """Start counting anew, after a login that succeeded."""
    with write_transaction(engine) as session:
        session.execute(delete(RATE_WINDOW).where(RATE_WINDOW.c.key == key))


def _account(row: Mapping[Any, Any]) -> Account:
    values = {name: row[name] for name in Account.__dataclass_fields__}
    return Account(**values | {"role": term(Role, row["role"])})
