"""Offices and bodies: rows that cases, accounts and legs refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.errors import NotFoundError
from hotline.records import ClockOverride, Office
from hotline.store.codec import plain, restore
from hotline.store.dialect import upsert
from hotline.store.tables import BODY, OFFICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A body as the store keeps it; the directory of `routing` says what it is competent for."""

    id: str
    name: str
    region: str | None
    type: str
    since: date | None = None
    until: date | None = None


def save_office(session: Session, office: Office, at: datetime) -> None:
    """Add an office or bring it up to date; its number prefix stays what it was, as numbers were made with it."""
    row = {
        "id": office.id,
        "name": office.name,
        "region": office.region,
        "plan_id": office.plan_id,
        "number_prefix": office.number_prefix,
        "auto_dispatch": office.auto_dispatch,
        "overrides": plain(office.overrides),
        "created_at": at,
    }
    upsert(session, OFFICE, [row], key=("id",), keep=("number_prefix", "created_at"))


def office(session: Session, office_id: str) -> Office:
    """One office.

    Raises:
        NotFoundError: There is none with this id.
    """
    row = session.execute(select(OFFICE).where(OFFICE.c.id == office_id)).mappings().first()
    if row is None:
        message = "没有这个办公室，请核对办公室代码。"
        raise NotFoundError(message)
    return _office(row)


def offices(session: Session) -> tuple[Office, ...]:
    """All offices by id."""
    return tuple(_office(row) for row in session.execute(select(OFFICE).order_by(OFFICE.c.id)).mappings())


def save_bodies(session: Session, bodies: Iterable[BodyLine]) -> None:
    """Bring the bodies up to date with the directory; none is ever removed, as legs refer to it."""
    upsert(session, BODY, [plain_row(body) for body in bodies], key=("id",))


def bodies(session: Session) -> tuple[BodyLine, ...]:
    """All bodies by id."""
    return tuple(BodyLine(**row) for row in session.execute(select(BODY).order_by(BODY.c.id)).mappings())


def plain_row(body: BodyLine) -> dict[str, Any]:
    """A body's row."""
    return {name: getattr(body, name) for name in BodyLine.__dataclass_fields__} | {"type": str(body.type)}


def _office(row: Mapping[Any, Any]) -> Office:
    return Office(
        id=row["id"],
        name=row["name"],
        region=row["region"],
        plan_id=row["plan_id"],
        number_prefix=row["number_prefix"],
        overrides=tuple(restore(ClockOverride, override) for override in row["overrides"]),
        auto_dispatch=row["auto_dispatch"],
    )
