"""Digests in the outbox: new lines join the message that has not been tried yet, so that none goes out for each clock.

A message's text is settled by the first try; what comes later goes into the next one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import JSON, bindparam, insert, select, update

from hotline.store.contacts import outlets_of
from hotline.store.ids import new_id
from hotline.store.outbox_messages import addressee
from hotline.store.outbox_rows import DIGEST, empty_payload, outbox_row, with_lines
from hotline.store.tables import OUTBOX
from hotline.vocabulary import Delivery, Outlet

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import RowMapping
    from sqlmodel import Session

    from hotline.store.digests import Line, Recipient

_LOOK_BACK = 5


def enqueue(
    session: Session,
    fresh: Mapping[Recipient, Sequence[Line]],
    at: datetime,
    *,
    outlets: Collection[Outlet],
    gap: timedelta,
) -> None:
    """Put new lines of digests into messages for who has an address.

    They join the recipient's message that has not been tried yet; a new one goes out at once if the one before is
    `gap` old or a line is pressing, else when the gap is over: one message and not one per clock.
    """
    reachable = outlets_of(session, fresh.keys(), outlets)
    open_rows = _untried(session, {recipient.office_id for recipient in reachable})
    joined, opened = [], []
    for recipient, outlet in [(recipient, outlet) for recipient, several in reachable.items() for outlet in several]:
        lines, last = fresh[recipient], open_rows.get((recipient, outlet))
        pressing = any(line.pressing for line in lines)
        if last is not None:
            due = min(last["next_try_at"], at) if pressing else last["next_try_at"]
            joined.append({"message": last["id"], "lines": with_lines(last["payload"], lines), "due": due})
        else:
            due = at if pressing else _after_the_last(session, recipient, outlet, at=at, gap=gap)
            payload = with_lines(empty_payload(DIGEST, at), lines)
            opened.append(outbox_row(new_id(), recipient, outlet, payload, at=at, due=due))
    if joined:
        values = {"payload": bindparam("lines", type_=JSON), "next_try_at": bindparam("due")}
        session.execute(update(OUTBOX).where(OUTBOX.c.id == bindparam("message")).values(**values), joined)
    if opened:
        session.execute(insert(OUTBOX), opened)


def _untried(session: Session, office_ids: Collection[str]) -> dict[tuple[Recipient, Outlet], RowMapping]:
    """The digests that wait and have not been tried, at most one for each recipient and outlet, kept for this unit."""
    wanted = select(OUTBOX).where(OUTBOX.c.next_try_at.is_not(None), OUTBOX.c.office_id.in_(sorted(office_ids)))
    wanted = wanted.where(OUTBOX.c.state == str(Delivery.WAITING), OUTBOX.c.attempts == 0, OUTBOX.c.sent_at.is_(None))
    rows = session.execute(wanted.order_by(OUTBOX.c.id).with_for_update()).mappings()
    return {addressee(row): row for row in rows if row["payload"]["kind"] == DIGEST}


def _after_the_last(
    session: Session, recipient: Recipient, outlet: Outlet, *, at: datetime, gap: timedelta
) -> datetime:
    """When a new digest may go out: at once where the one before is old enough. Its making counts, not its arrival."""
    wanted = select(OUTBOX).where(*[OUTBOX.c[name] == value for name, value in recipient._asdict().items()])
    wanted = wanted.where(OUTBOX.c.channel == str(outlet)).order_by(OUTBOX.c.id.desc()).limit(_LOOK_BACK)
    rows = session.execute(wanted).mappings()
    last = next((row["created_at"] for row in rows if row["payload"]["kind"] == DIGEST), None)
    return at if last is None else max(at, min(last, at) + gap)
