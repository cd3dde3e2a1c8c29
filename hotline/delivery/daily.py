"""The daily list to each agency of what is due that day and what has passed, once a working day when work begins."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hotline.casework.calendar_regions import calendar_at
from hotline.casework.day_bounds import start_of
from hotline.casework.stages import opening
from hotline.moments import local_date
from hotline.reports.due import due_list
from hotline.store.contacts import bodies_with_address
from hotline.store.digests import Line
from hotline.store.due_clocks import office_regions
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.outbox import add_once, is_there
from hotline.store.outbox_rows import DUE_LIST
from hotline.vocabulary import Stage

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Engine
    from sqlmodel import Session

    from hotline.announcing import Manner
    from hotline.store.digests import Recipient
    from hotline.vocabulary import Outlet


def list_what_is_due(engine: Engine, now: datetime, manner: Manner) -> int:
    """Put the day's lists into the outbox where working hours have begun; return how many were new.

    The id of a list follows from recipient, outlet and day: however often this runs, each enters once.
    """
    day = local_date(now)
    with read_transaction(engine) as session:
        found = bodies_with_address(session, manner.outlets)
        places = office_regions(session, {recipient.office_id for recipient, _ in found})
        at_work = {
            office for office, region in places.items() if opening(now, calendar_at(manner.calendar, region)) == now
        }
        owed = [
            (recipient, outlet, list_id)
            for recipient, outlet in found
            if recipient.office_id in at_work and not is_there(session, list_id := _list_id(recipient, outlet, day))
        ]
        lists = {recipient: _lines(session, recipient, day, now) for recipient in {each[0] for each in owed}}
    made = 0
    for recipient, outlet, list_id in owed:
        if lists[recipient]:
            with write_transaction(engine) as session:
                made += add_once(session, list_id, recipient, outlet, kind=DUE_LIST, lines=lists[recipient], at=now)
    return made


def _lines(session: Session, recipient: Recipient, day: date, now: datetime) -> list[Line]:
    return [
        Line(
            recipient=recipient,
            clock_id="",
            case_id=line.case_id,
            number=line.number,
            category=line.category,
            policy=line.policy,
            stage=str(Stage.OVERDUE if line.breach_at < now else Stage.DUE),
            missed="",
            code="",
            due_at=line.due_at,
            dedupe="",
        )
        for line in due_list(session, recipient.body_id, day)
        if line.office_id == recipient.office_id
    ]


def _list_id(recipient: Recipient, outlet: Outlet, day: date) -> str:
    """As long as other ids, and in the outbox's order it stands at the beginning of its day."""
    key = "|".join((DUE_LIST, *recipient, str(outlet), day.isoformat()))
    return f"{int(start_of(day).timestamp() * 1000):012x}{hashlib.sha256(key.encode()).hexdigest()[:20]}"
