"""Messages that leave the house: one per recipient and outlet, with the state of its delivery.

A message enters in the transaction of what it tells. Before it is tried it is claimed: its next try is set a lease
ahead, so that a process that dies while sending leaves it to be sent again, under the same id. Its text is settled by
the first try; what comes later goes into the next message.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import JSON, bindparam, delete, func, insert, select, update

from hotline.moments import local_date
from hotline.store.contacts import outlets_of
from hotline.store.dialect import insert_for
from hotline.store.digests import Recipient
from hotline.store.ids import new_id
from hotline.store.tables import OUTBOX
from hotline.vocabulary import Delivery, Outlet

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import RowMapping
    from sqlmodel import Session

    from hotline.store.digests import Line

DIGEST = "digest"
DUE_LIST = "due_list"
TRIAL = "trial"
CASE_NEWS = "case"
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
"""The wait after each failed try; after one more a message is given up."""
LEASE = timedelta(minutes=5)
MOST_LINES = 200
PAGE = 100
_LOOK_BACK = 5


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the outbox keeps it; `payload` holds codes, numbers and dates, never personal data."""

    id: str
    outlet: Outlet
    recipient: Recipient
    state: Delivery
    attempts: int
    next_try_at: datetime | None
    created_at: datetime
    sent_at: datetime | None
    problem: str
    payload: Mapping[str, Any]


class CaseNews(NamedTuple):
    """What happened to a case, to tell one body at once; `event` is its kind (`store.hooks`)."""

    office_id: str
    body_id: str
    event: str
    case_id: str
    number: str
    category: str


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
            joined.append({"message": last["id"], "lines": _with_lines(last["payload"], lines), "due": due})
        else:
            due = at if pressing else _after_the_last(session, recipient, outlet, at=at, gap=gap)
            payload = _with_lines(_empty(DIGEST, at), lines)
            opened.append(_row(new_id(), recipient, outlet, payload, at=at, due=due))
    if joined:
        values = {"payload": bindparam("lines", type_=JSON), "next_try_at": bindparam("due")}
        session.execute(update(OUTBOX).where(OUTBOX.c.id == bindparam("message")).values(**values), joined)
    if opened:
        session.execute(insert(OUTBOX), opened)


def add_trial(session: Session, recipient: Recipient, outlet: Outlet, at: datetime) -> str:
    """A message that only shows that messages arrive; return its id."""
    message_id = new_id()
    session.execute(insert(OUTBOX), [_row(message_id, recipient, outlet, _empty(TRIAL, at), at=at, due=at)])
    return message_id


def add_case_news(session: Session, news: Sequence[CaseNews], at: datetime) -> None:
    """Put news of a case into the outbox, a message for each body, over its webhook."""
    rows = []
    for each in news:
        told = {"event": each.event, "case_id": each.case_id, "number": each.number, "category": each.category}
        recipient = Recipient(each.office_id, each.body_id, "")
        rows.append(_row(new_id(), recipient, Outlet.WEBHOOK, _empty(CASE_NEWS, at) | told, at=at, due=at))
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
    payload = _with_lines(_empty(kind, at), lines)
    row = _row(message_id, recipient, outlet, payload, at=at, due=at)
    statement = insert_for(session, OUTBOX).on_conflict_do_nothing(index_elements=["id"])
    return session.execute(statement.returning(OUTBOX.c.id), [row]).first() is not None


def anything_to_send(session: Session, now: datetime, outlets: Collection[Outlet]) -> bool:
    """Whether a message is due; one look into the index."""
    wanted = select(OUTBOX.c.id).where(OUTBOX.c.next_try_at <= now, OUTBOX.c.channel.in_(sorted(outlets))).limit(1)
    return session.execute(wanted).first() is not None


def claim(session: Session, now: datetime, outlets: Collection[Outlet]) -> Message | None:
    """The message whose turn it is, with this try counted; nobody else gets it while the lease runs."""
    wanted = (
        select(OUTBOX)
        .where(OUTBOX.c.next_try_at <= now, OUTBOX.c.channel.in_(sorted(outlets)))
        .order_by(OUTBOX.c.next_try_at, OUTBOX.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = session.execute(wanted).mappings().first()
    if row is None:
        return None
    tried = {"attempts": row["attempts"] + 1, "next_try_at": now + LEASE}
    session.execute(update(OUTBOX).where(OUTBOX.c.id == row["id"]).values(**tried))
    return _message({**row, **tried})


def mark_sent(session: Session, message: Message, at: datetime) -> None:
    """It was taken over by the other side."""
    _set(session, message, state=Delivery.SENT, next_try_at=None, sent_at=at, problem="")


def mark_failed(session: Session, message: Message, problem: str, at: datetime, *, for_good: bool = False) -> None:
    """It was not; it is tried again later, or given up where that is of no use or has been done often enough."""
    if for_good or message.attempts > len(BACKOFF):
        _set(session, message, state=Delivery.GIVEN_UP, next_try_at=None, problem=problem)
    else:
        _set(session, message, state=Delivery.FAILED, next_try_at=at + BACKOFF[message.attempts - 1], problem=problem)


def send_again(
    session: Session, office_id: str, message_id: str, at: datetime, *, body_id: str | None = None
) -> Message | None:
    """Try a message now, whatever became of it, with all its tries ahead; under the same id.

    None where the office (of its messages, this body) has no such one.
    """
    mine = (OUTBOX.c.id == message_id) & (OUTBOX.c.office_id == office_id)
    if body_id is not None:
        mine &= (OUTBOX.c.body_id == body_id) & (OUTBOX.c.channel == str(Outlet.WEBHOOK))
    row = session.execute(select(OUTBOX).where(mine).with_for_update()).mappings().first()
    if row is None:
        return None
    state = Delivery.WAITING if row["state"] == Delivery.SENT else Delivery.FAILED
    session.execute(update(OUTBOX).where(mine).values(state=str(state), attempts=0, next_try_at=at))
    return _message({**row, "state": str(state), "attempts": 0, "next_try_at": at})


def messages(
    session: Session,
    office_id: str,
    *,
    state: Delivery | None = None,
    outlet: Outlet | None = None,
    body_id: str | None = None,
    before: str = "",
    limit: int = PAGE,
) -> tuple[tuple[Message, ...], str]:
    """A page of the office's messages, the newest first, and the id after which the next page begins, if any."""
    wanted = select(OUTBOX).where(OUTBOX.c.office_id == office_id)
    if body_id is not None:
        wanted = wanted.where(OUTBOX.c.body_id == body_id)
    if state is not None:
        wanted = wanted.where(OUTBOX.c.state == str(state))
    if outlet is not None:
        wanted = wanted.where(OUTBOX.c.channel == str(outlet))
    if before:
        wanted = wanted.where(OUTBOX.c.id < before)
    rows = session.execute(wanted.order_by(OUTBOX.c.id.desc()).limit(limit + 1)).mappings().all()
    found = tuple(_message(row) for row in rows[:limit])
    return found, found[-1].id if len(rows) > limit else ""


def forget_sent(session: Session, before: datetime) -> int:
    """Delete messages that were sent before a moment; what waits, is tried again or was given up stays."""
    done = (OUTBOX.c.state == str(Delivery.SENT)) & OUTBOX.c.next_try_at.is_(None) & (OUTBOX.c.sent_at < before)
    return len(session.execute(delete(OUTBOX).where(done).returning(OUTBOX.c.id)).all())


def given_up(session: Session) -> int:
    """How many messages nobody will try again, in all offices."""
    wanted = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.state == str(Delivery.GIVEN_UP))
    return int(session.execute(wanted).scalar_one())


def _untried(session: Session, office_ids: Collection[str]) -> dict[tuple[Recipient, Outlet], RowMapping]:
    """The digests that wait and have not been tried, at most one for each recipient and outlet, kept for this unit."""
    wanted = select(OUTBOX).where(OUTBOX.c.next_try_at.is_not(None), OUTBOX.c.office_id.in_(sorted(office_ids)))
    wanted = wanted.where(OUTBOX.c.state == str(Delivery.WAITING), OUTBOX.c.attempts == 0, OUTBOX.c.sent_at.is_(None))
    rows = session.execute(wanted.order_by(OUTBOX.c.id).with_for_update()).mappings()
    return {_addressee(row): row for row in rows if row["payload"]["kind"] == DIGEST}


def _after_the_last(
    session: Session, recipient: Recipient, outlet: Outlet, *, at: datetime, gap: timedelta
) -> datetime:
    """When a new digest may go out: at once where the one before is old enough. Its making counts, not its arrival."""
    wanted = select(OUTBOX).where(*[OUTBOX.c[name] == value for name, value in recipient._asdict().items()])
    wanted = wanted.where(OUTBOX.c.channel == str(outlet)).order_by(OUTBOX.c.id.desc()).limit(_LOOK_BACK)
    rows = session.execute(wanted).mappings()
    last = next((row["created_at"] for row in rows if row["payload"]["kind"] == DIGEST), None)
    return at if last is None else max(at, min(last, at) + gap)


def _addressee(row: RowMapping | dict[str, Any]) -> tuple[Recipient, Outlet]:
    outlet = next(outlet for outlet in Outlet if outlet == row["channel"])
    return Recipient(row["office_id"], row["body_id"], row["role"]), outlet


def _empty(kind: str, at: datetime) -> dict[str, Any]:
    return {"kind": kind, "day": local_date(at).isoformat(), "lines": [], "counts": {}}


def _with_lines(payload: Mapping[str, Any], lines: Sequence[Line]) -> dict[str, Any]:
    """The payload with these lines too; beyond `MOST_LINES` they are only counted."""
    held = [*payload["lines"], *[_plain(line) for line in lines[: MOST_LINES - len(payload["lines"])]]]
    counts = Counter(payload["counts"]) + Counter(line.stage for line in lines)
    return {**payload, "lines": held, "counts": dict(counts)}


def _plain(line: Line) -> dict[str, str]:
    names = ("number", "case_id", "category", "policy", "stage", "missed")
    return {name: str(getattr(line, name)) for name in names} | {"due_at": line.due_at.isoformat()}


def _row(
    message_id: str,
    recipient: Recipient,
    outlet: Outlet,
    payload: dict[str, Any],
    *,
    at: datetime,
    due: datetime,
) -> dict[str, Any]:
    row = {"id": message_id, **recipient._asdict(), "channel": str(outlet), "state": str(Delivery.WAITING)}
    return row | {"attempts": 0, "next_try_at": due, "created_at": at, "problem": "", "payload": payload}


def _set(session: Session, message: Message, **values: object) -> None:
    """Only the try that was claimed last may say what became of it."""
    mine = (OUTBOX.c.id == message.id) & (OUTBOX.c.attempts == message.attempts)
    session.execute(update(OUTBOX).where(mine).values(**{**values, "state": str(values["state"])}))


def _message(row: RowMapping | dict[str, Any]) -> Message:
    recipient, outlet = _addressee(row)
    return Message(
        id=row["id"],
        outlet=outlet,
        recipient=recipient,
        state=next(state for state in Delivery if state == row["state"]),
        **{name: row[name] for name in ("attempts", "next_try_at", "created_at", "sent_at", "problem", "payload")},
    )
