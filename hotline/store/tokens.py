"""Bearer tokens of other systems: a channel's brings complaints, an agency's works on its own legs.

A token is shown once, where it is made; what is kept is its SHA-256 (`token_hash`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from hotline.store.codec import term
from hotline.store.ids import new_id
from hotline.store.kept import ask, ask_alone
from hotline.store.tables import CHANNEL_TOKEN
from hotline.vocabulary import Term

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Engine
    from sqlmodel import Session


BY_TOKEN = "agency:"  # noqa: S105 - how the id of an agency's system that acts begins, no secret.


class Scope(Term):
    """令牌的权限."""

    ALL = "all", "查询和办理"
    READ = "read", "只能查询"
    WRITE = "write", "只能登记或办理"

    def allows(self, *, writing: bool) -> bool:
        """Whether a request that changes something (or one that only reads) is within it."""
        return self is Scope.ALL or writing == (self is Scope.WRITE)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A bearer token, without the token. `body_id` makes it an agency's; then `channel` is empty."""

    id: str
    channel: str
    office_id: str
    label: str
    created_at: datetime
    revoked_at: datetime | None
    body_id: str | None = None
    scope: Scope = Scope.ALL


def add_token(
    session: Session,
    *,
    token_hash: str,
    office_id: str,
    label: str,
    at: datetime,
    channel: str = "",
    body_id: str | None = None,
    scope: Scope = Scope.ALL,
) -> ApiToken:
    """Keep a token of a channel or of a body; the token itself is shown once, by the caller."""
    made = ApiToken(new_id(), channel, office_id, label, at, None, body_id, scope)
    row = {name: getattr(made, name) for name in ApiToken.__dataclass_fields__}
    session.execute(insert(CHANNEL_TOKEN), [row | {"token_hash": token_hash, "scope": scope.value}])
    return made


def token_of(session: Session, token_hash: str) -> ApiToken | None:
    """What a token stands for, unless it was revoked."""
    return _found(ask(session, _BY_HASH, {"token_hash": token_hash}))


def token_at_door(engine: Engine, token_hash: str) -> ApiToken | None:
    """The same for a request that comes in: asked each time, so that a revoked token is refused from then on."""
    return _found(ask_alone(engine, _BY_HASH, {"token_hash": token_hash}))


def tokens_of(session: Session, office_id: str) -> tuple[ApiToken, ...]:
    """The office's tokens, the newest first, revoked ones too."""
    statement = select(*_COLUMNS).where(CHANNEL_TOKEN.c.office_id == office_id).order_by(CHANNEL_TOKEN.c.id.desc())
    return tuple(_token(row) for row in session.execute(statement).mappings())


def revoke_token(session: Session, token_id: str, office_id: str, at: datetime) -> None:
    """Revoke one of the office's tokens; another office's is left alone."""
    wanted = (CHANNEL_TOKEN.c.id == token_id) & (CHANNEL_TOKEN.c.office_id == office_id)
    session.execute(update(CHANNEL_TOKEN).where(wanted).values(revoked_at=at))


_COLUMNS = tuple(CHANNEL_TOKEN.c[name] for name in ApiToken.__dataclass_fields__)
_BY_HASH = select(*_COLUMNS).where(
    CHANNEL_TOKEN.c.token_hash == bindparam("token_hash"), CHANNEL_TOKEN.c.revoked_at.is_(None)
)
"""Kept: every request of another system asks it, and building it costs more than running it."""


def _found(rows: Sequence[tuple[Any, ...]]) -> ApiToken | None:
    return _token(dict(zip(ApiToken.__dataclass_fields__, rows[0], strict=True))) if rows else None


def _token(row: Mapping[Any, Any]) -> ApiToken:
    return ApiToken(**{**row, "scope": term(Scope, row["scope"])})
