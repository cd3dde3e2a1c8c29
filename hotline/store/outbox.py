"""What enters the outbox beside digests (`outbox_digests`), in the transaction of what it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import insert, select

from hotline.store.dialect import insert_for
from hotline.store.digests import Recipient
from hotline.store.ids import new_id
from hotline.store.outbox_rows import CASE_NEWS, TRIAL, empty_payload, outbox_row, with_lines
from hotline.store.tables import OUTBOX
from hotline.vocabulary import Outlet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlmodel import Session

    from hotline.store.digests import Line


class CaseNews(NamedTuple):
    """What happened to a case, to tell one body at once; `event` is its kind (`store.hooks`)."""

    office_id: str
    body_id: str
    event: str
    case_id: str
    number: str
    category: str


def add_trial(session: Session, recipient: Recipient, outlet: Outlet, at: datetime) -> str:
    """A message that only shows that messages arrive; return its id."""
    message_id = new_id()
    session.execute(
        insert(OUTBOX), [outbox_row(message_id, recipient, outlet, empty_payload(TRIAL, at), at=at, due=at)]
    )
    return message_id


def add_case_news(session: Session, news: Sequence[CaseNews], at: datetime) -> None:
    """Put news of a case into the outbox, a message for each body, over its webhook."""
    rows = []
    for each in news:
        told = {"event": each.event, "case_id": each.case_id, "number": each.number, "category": each.category}
        recipient = Recipient(each.office_id, each.body_id, "")
        rows.append(outbox_row(new_id(), recipient, Outlet.WEBHOOK, empty_payload(CASE_NEWS, at) | told, at=at, due=at))
    if rows:
        session.execute(insert(OUTBOX), rows)


def is_there(session: Session, message_id: str) -> bool:
    """Whether a message with this id has entered."""
    return session.execute(select(OUTBOX.c.id).where(OUTBOX.c.id == message_id)).first() is not None


def add_once(
    session: Session,
    message_id: str,
    recipient: Recipient,
    outlet: Outlet,
    *,
    kind: str,
    lines: Sequence[Line],
    at: datetime,
) -> bool:
    """Put a message with an id of the caller's into the outbox; tell whether it was not there yet."""
    payload = with_lines(empty_payload(kind, at), lines)
    row = outbox_row(message_id, recipient, outlet, payload, at=at, due=at)
    statement = insert_for(session, OUTBOX).on_conflict_do_nothing(index_elements=["id"])
    return session.execute(statement.returning(OUTBOX.c.id), [row]).first() is not None
