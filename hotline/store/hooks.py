"""What agencies' own systems are told of at once: an event that concerns a body enters the outbox with it.

Only a body that subscribed to that kind of event is told, over the webhook that the administrator set for it. Time
limits are announced by the sweep in any case (`announcing`).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, select

from hotline.store.dialect import is_postgresql, upsert
from hotline.store.kept import ask, many, one_of_many
from hotline.store.outbox import CaseNews, add_case_news
from hotline.store.tables import CASE, CONTACT, LEG, SUBSCRIPTION
from hotline.vocabulary import Action, Outlet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Select
    from sqlmodel import Session

    from hotline.records import CaseEvent

DISPATCHED, SENT_BACK, REMINDED, EXTENDED = "case.dispatched", "case.sent_back", "case.reminded", "case.extension"
EVENTS = (DISPATCHED, SENT_BACK, REMINDED, EXTENDED)
"""派给本单位；审核退回重办；督办或催办；延期申请有了答复."""
_KINDS: Mapping[Action, str] = {
    Action.DISPATCH: DISPATCHED,
    Action.REASSIGN: DISPATCHED,
    Action.RULE: DISPATCHED,
    Action.SEND_BACK: SENT_BACK,
    Action.REMIND: REMINDED,
    Action.SUPERVISE: REMINDED,
    Action.EXTEND: EXTENDED,
    Action.REFUSE_EXTEND: EXTENDED,
}


class _Listener(NamedTuple):
    """A body that hears of a case, with what a message names the case by."""

    case_id: str
    number: str
    category: str
    office_id: str
    body_id: str
    events: Collection[str]


def note_hooks(session: Session, events: Iterable[CaseEvent]) -> None:
    """Tell those who subscribed, in the transaction of the events; their cases have been written.

    However many events there are, one look tells where nobody listens.
    """
    telling = [event for event in events if event.action in _KINDS]
    if not telling:
        return
    listening: dict[str, list[_Listener]] = {}
    asked = {"case_ids": many(session, {event.case_id for event in telling})}
    for found in ask(session, _subscribed(is_postgresql(session)), asked):
        row = _Listener(*found)
        listening.setdefault(row.case_id, []).append(row)
    for event in telling:
        kind = _KINDS[event.action]
        hearing = [row for row in listening.get(event.case_id, ()) if kind in row.events]
        if hearing:
            concerned = set(_bodies(session, event))
            news = [
                CaseNews(row.office_id, row.body_id, kind, event.case_id, row.number, row.category)
                for row in hearing
                if row.body_id in concerned
            ]
            add_case_news(session, news, event.recorded_at)


def subscribe(session: Session, office_id: str, body_id: str, events: Collection[str], at: datetime) -> None:
    """What the body wants to hear from now on; nothing at all where the collection is empty."""
    row: dict[str, Any] = {"office_id": office_id, "body_id": body_id, "events": list(events), "updated_at": at}
    upsert(session, SUBSCRIPTION, [row], key=("office_id", "body_id"))
    if not events:
        mine = (SUBSCRIPTION.c.office_id == office_id) & (SUBSCRIPTION.c.body_id == body_id)
        session.execute(delete(SUBSCRIPTION).where(mine))


def subscriptions(session: Session, office_id: str) -> dict[str, tuple[str, ...]]:
    """What the bodies of an office want to hear, by body."""
    wanted = select(SUBSCRIPTION.c.body_id, SUBSCRIPTION.c.events).where(SUBSCRIPTION.c.office_id == office_id)
    return {row.body_id: tuple(row.events) for row in session.execute(wanted)}


@cache
def _subscribed(on_postgresql: bool) -> Select[Any]:  # noqa: FBT001 - a cache's key.
    """The subscriptions of the cases' offices that have an address, with what a message names a case by."""
    same = (CONTACT.c.office_id == SUBSCRIPTION.c.office_id) & (CONTACT.c.body_id == SUBSCRIPTION.c.body_id)
    reached = CONTACT.c.channel == str(Outlet.WEBHOOK)
    joined = CASE.join(SUBSCRIPTION, SUBSCRIPTION.c.office_id == CASE.c.office_id).join(CONTACT, same & reached)
    whose = (SUBSCRIPTION.c.office_id, SUBSCRIPTION.c.body_id, SUBSCRIPTION.c.events)
    columns = (CASE.c.id.label("case_id"), CASE.c.number, CASE.c.category, *whose)
    return select(*columns).select_from(joined).where(one_of_many(CASE.c.id, "case_ids", on_postgresql=on_postgresql))


def _bodies(session: Session, event: CaseEvent) -> Iterator[str]:
    """Whom the event concerns: those it names, else the lead that works again, else all that are at work."""
    if _KINDS[event.action] == DISPATCHED:
        legs = event.data.get("legs")
        named = legs if isinstance(legs, tuple | list) else ()
        yield from (str(leg["body_id"]) for leg in named if not isinstance(leg, str) and leg)  # type: ignore[index,call-overload]
        return
    leg_id = event.data.get("leg_id")
    wanted = select(LEG.c.body_id).where(LEG.c.case_id == event.case_id)
    if isinstance(leg_id, str) and leg_id:
        wanted = wanted.where(LEG.c.id == leg_id)
    elif event.action is Action.SEND_BACK:
        wanted = select(CASE.c.lead_body_id).where(CASE.c.id == event.case_id, CASE.c.lead_body_id.is_not(None))
    else:
        wanted = wanted.where(LEG.c.closed_at.is_(None))
    yield from session.execute(wanted).scalars()
