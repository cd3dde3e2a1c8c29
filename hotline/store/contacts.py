"""Where messages go: an address per recipient and outlet, set by the administrator; a webhook has a sealed secret."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, select

from hotline.store.address_rules import check_address
from hotline.store.crypto import binding
from hotline.store.dialect import upsert
from hotline.store.digests import Recipient
from hotline.store.ids import new_id
from hotline.store.tables import CONTACT
from hotline.vocabulary import Outlet

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, RowMapping
    from sqlmodel import Session

    from hotline.store.crypto import Keyring

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Contact:
    """One address of a recipient."""

    id: str
    recipient: Recipient
    outlet: Outlet
    address: str
    updated_at: datetime


def contacts_of(session: Session, office_id: str) -> tuple[Contact, ...]:
    """The addresses of an office's recipients."""
    wanted = select(CONTACT).where(CONTACT.c.office_id == office_id)
    order = (CONTACT.c.body_id, CONTACT.c.role, CONTACT.c.channel)
    return tuple(_contact(row) for row in session.execute(wanted.order_by(*order)).mappings())


def outlets_of(
    session: Session, recipients: Collection[Recipient], outlets: Collection[Outlet]
) -> Mapping[Recipient, tuple[Outlet, ...]]:
    """Over which of these outlets each recipient can be reached; who cannot is left out."""
    if not outlets:
        return {}
    wanted = select(CONTACT).where(
        CONTACT.c.office_id.in_(sorted({recipient.office_id for recipient in recipients})),
        CONTACT.c.channel.in_(sorted(outlets)),
    )
    found: dict[Recipient, tuple[Outlet, ...]] = {}
    for row in session.execute(wanted.order_by(CONTACT.c.channel)).mappings():
        contact = _contact(row)
        if contact.recipient in recipients:
            found[contact.recipient] = (*found.get(contact.recipient, ()), contact.outlet)
    return found


def bodies_with_address(session: Session, outlets: Collection[Outlet]) -> list[tuple[Recipient, Outlet]]:
    """Every body that can be reached over one of these outlets, with the outlet."""
    if not outlets:
        return []
    wanted = select(CONTACT).where(CONTACT.c.body_id != "", CONTACT.c.channel.in_(sorted(outlets)))
    found = [_contact(row) for row in session.execute(wanted.order_by(CONTACT.c.id)).mappings()]
    return [(contact.recipient, contact.outlet) for contact in found]


def address_of(session: Session, keyring: Keyring, recipient: Recipient, outlet: Outlet) -> tuple[str, bytes] | None:
    """The address and, of a webhook, its secret; None where none is set."""
    row = session.execute(select(CONTACT).where(_same(recipient, outlet))).mappings().first()
    if row is None:
        return None
    sealed = row["secret"]
    return row["address"], keyring.open(sealed, binding("contact", "secret", row["id"])) if sealed else b""


def save_contact(
    session: Session,
    keyring: Keyring,
    recipient: Recipient,
    outlet: Outlet,
    *,
    address: str,
    at: datetime,
    local: bool = False,
) -> str:
    """Set an address; return the new secret of a webhook, which is shown once, else nothing.

    Raises:
        InvalidInputError: It is no mail address, or no http(s) address, or one that leads inside this machine.
    """
    check_address(outlet, address, local=local)
    session.execute(delete(CONTACT).where(_same(recipient, outlet)))
    contact_id, secret = new_id(), secrets.token_urlsafe(SECRET_BYTES) if outlet is Outlet.WEBHOOK else ""
    sealed = keyring.seal(secret, binding("contact", "secret", contact_id)) if secret else None
    row = {"id": contact_id, **recipient._asdict(), "channel": str(outlet), "address": address}
    upsert(session, CONTACT, [row | {"secret": sealed, "updated_at": at}], key=("id",))
    return secret


def remove_contact(session: Session, recipient: Recipient, outlet: Outlet) -> bool:
    """Forget an address; tell whether there was one."""
    gone = delete(CONTACT).where(_same(recipient, outlet)).returning(CONTACT.c.id)
    return session.execute(gone).first() is not None


def _same(recipient: Recipient, outlet: Outlet) -> ColumnElement[bool]:
    named = [CONTACT.c[name] == value for name, value in recipient._asdict().items()]
    return and_(*named, CONTACT.c.channel == str(outlet))


def _contact(row: RowMapping) -> Contact:
    recipient = Recipient(row["office_id"], row["body_id"], row["role"])
    outlet = next(outlet for outlet in Outlet if outlet == row["channel"])
    return Contact(row["id"], recipient, outlet, row["address"], row["updated_at"])
