"""The summary of closed clocks, kept with the events in one transaction.

What a case has put into it stands in `case_tally`; saving its clocks takes the difference to `tally_change`, a table
that is only inserted into. Folding moves those rows into `tally`, per day, month and year. Readers add up both.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, func, insert, select

from hotline.casework.policies import load_policies
from hotline.moments import local_date
from hotline.store.dialect import insert_for, upsert
from hotline.store.tables import CASE, CASE_TALLY, TALLY, TALLY_CHANGE
from hotline.store.types import canonical_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlmodel import Session

    from hotline.casework.timeshare import Share
    from hotline.records import Clock

MET, LATE, TIME = "met", "late", "time"
YEAR, MONTH, DAY = "year", "month", "day"
FIRST, LAST = date(1990, 1, 1), date(2199, 12, 31)
KEY = ("office_id", "day", "body_id", "category", "channel", "policy", "outcome", "cause")
_CHUNK = 5_000


class Entry(NamedTuple):
    """What one closed clock, or one holder's time in a closed case, adds: `n` is 1."""

    day: str
    body_id: str
    category: str
    channel: str
    policy: str
    outcome: str
    cause: str
    n: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Days from `first` to `last` (both included) to be read at one span; `day` of the rows lies between them."""

    span: str
    first: date
    last: date


@lru_cache(maxsize=1)
def permission_windows() -> frozenset[str]:
    """Policies that only permit something for a time (退单窗口): they end by themselves and are never breached."""
    return frozenset(policy.id for policy in load_policies() if policy.window)


def clock_entry(clock: Clock, category: str, channel: str) -> Entry | None:
    """What a clock adds; None while it runs, and for a permission window."""
    if clock.stopped_at is None or clock.policy in permission_windows():
        return None
    outcome = LATE if clock.stopped_at > clock.due.breach_at else MET
    day = local_date(clock.started_at).isoformat()
    cause = clock.cause if outcome == LATE else ""
    return Entry(day, clock.body_id or "", category, channel, clock.policy, outcome, cause, 1, clock.worked)


def count_case(
    session: Session, case_id: str, office_id: str, clocks: Iterable[Clock], spent: Sequence[Share] | None
) -> None:
    """Bring the summary up to date with a case's clocks and, where given, with whose time a closed case took.

    Args:
        session: The unit of work that writes the events.
        case_id: The case; its row has been written.
        office_id: Its office.
        clocks: All its clocks.
        spent: The shares of a closed case; empty for one that runs; None leaves what stands.
    """
    joined = CASE.outerjoin(CASE_TALLY, CASE_TALLY.c.case_id == CASE.c.id)
    columns = (CASE.c.category, CASE.c.channel, CASE.c.received_at, CASE_TALLY.c.counted)
    row = session.execute(select(*columns).select_from(joined).where(CASE.c.id == case_id)).one()
    before = _entries(row.counted)
    after = _clock_entries(clocks, row.category, row.channel)
    if spent is None:
        time = [each for each in before if each.outcome == TIME]
        after += [each._replace(category=row.category, channel=row.channel) for each in time]
    else:
        after += _time_entries(spent, row.received_at, row.category, row.channel)
    if sorted(before) == sorted(after):
        return
    session.execute(insert(TALLY_CHANGE), _changes(office_id, before, after))
    upsert(session, CASE_TALLY, [_counted(case_id, office_id, after)], key=("case_id",), keep=("office_id",))


def tally_rows(
    case: Mapping[str, Any], clocks: Iterable[Clock], spent: Sequence[Share]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What a new case (its row given) adds: the rows of `case_tally` and of `tally_change`."""
    entries = _clock_entries(clocks, case["category"], case["channel"])
    entries += _time_entries(spent, case["received_at"], case["category"], case["channel"])
    if not entries:
        return [], []
    return [_counted(case["id"], case["office_id"], entries)], _changes(case["office_id"], [], entries)


def _clock_entries(clocks: Iterable[Clock], category: str, channel: str) -> list[Entry]:
    return [each for clock in clocks if (each := clock_entry(clock, category, channel))]


def _time_entries(spent: Iterable[Share], received_at: datetime, category: str, channel: str) -> list[Entry]:
    day = local_date(received_at).isoformat()
    return [
        Entry(day, each.body_id or "", category, channel, "", TIME, str(each.part), 1, each.minutes) for each in spent
    ]


def _entries(counted: str | None) -> list[Entry]:
    return [Entry(*each) for each in json.loads(counted)] if counted else []


def _counted(case_id: str, office_id: str, entries: Iterable[Entry]) -> dict[str, Any]:
    return {"case_id": case_id, "office_id": office_id, "counted": canonical_text([list(each) for each in entries])}


def _changes(office_id: str, before: Iterable[Entry], after: Iterable[Entry]) -> list[dict[str, Any]]:
    counts: Counter[tuple[str, ...]] = Counter()
    minutes: Counter[tuple[str, ...]] = Counter()
    for sign, entries in ((-1, before), (1, after)):
        for each in entries:
            counts[each[:7]] += sign * each.n
            minutes[each[:7]] += sign * each.minutes
    return [_row(office_id, key, n, minutes[key]) for key, n in counts.items() if n or minutes[key]]


def _row(office_id: str, key: Sequence[str], n: int, minutes: int) -> dict[str, Any]:
    day, *rest = key
    named = dict(zip(KEY[2:], rest, strict=True))
    return {"office_id": office_id, "day": date.fromisoformat(day), **named, "n": n, "minutes": minutes}


FOLD = "fold"
_MARK = {"office_id": "", "span": FOLD, "day": FIRST} | dict.fromkeys(KEY[2:], "")


def fold_mark(session: Session) -> int | None:
    """A number that every folding draws anew: while it stays, the folded summary has not changed."""
    marked = TALLY.c.office_id == "", TALLY.c.span == FOLD
    return session.execute(select(TALLY.c.n).where(*marked).limit(1)).scalar()


def mark_fold(session: Session) -> None:
    """Draw the number anew, in the transaction that changes the folded summary."""
    statement = insert_for(session, TALLY).values(**_MARK, n=secrets.randbelow(2**31), minutes=0)
    names = ["office_id", "span", *KEY[1:]]
    session.execute(statement.on_conflict_do_update(index_elements=names, set_={"n": statement.excluded.n}))


def fold_changes(session: Session) -> int:
    """Move what was added into the summary's days, months and years; return how many rows were folded.

    Rows are deleted as they are read, so that two at once never count one twice.
    """
    newest = session.execute(select(func.max(TALLY_CHANGE.c.id))).scalar()
    if newest is None:
        return 0
    gone = delete(TALLY_CHANGE).where(TALLY_CHANGE.c.id <= newest)
    columns = [TALLY_CHANGE.c[name] for name in (*KEY, "n", "minutes")]
    counts: Counter[tuple[Any, ...]] = Counter()
    minutes: Counter[tuple[Any, ...]] = Counter()
    folded = 0
    for office_id, day, *rest, n, took in session.execute(gone.returning(*columns)):
        folded += 1
        for span, first in ((DAY, day), (MONTH, day.replace(day=1)), (YEAR, day.replace(month=1, day=1))):
            key = (office_id, span, first, *rest)
            counts[key] += n
            minutes[key] += took
    names = ("office_id", "span", *KEY[1:])
    # In one order everywhere, so that two that fold at once cannot wait for each other in a circle.
    rows = [dict(zip(names, key, strict=True)) | {"n": counts[key], "minutes": minutes[key]} for key in sorted(counts)]
    _add(session, rows, names)
    mark_fold(session)
    return folded


def _add(session: Session, rows: Sequence[dict[str, Any]], names: Sequence[str]) -> None:
    statement = insert_for(session, TALLY)
    adding = {name: TALLY.c[name] + statement.excluded[name] for name in ("n", "minutes")}
    for start in range(0, len(rows), _CHUNK):
        session.execute(
            statement.on_conflict_do_update(index_elements=list(names), set_=adding), rows[start : start + _CHUNK]
        )


def pieces(since: date | None, until: date | None) -> tuple[Piece, ...]:
    """A period as whole years, whole months and single days, as few rows as can be."""
    first, last = max(since or FIRST, FIRST), min(until or LAST, LAST)
    if first > last:
        return ()
    year = date(first.year + (first > date(first.year, 1, 1)), 1, 1)
    end = date(last.year + (last == date(last.year, 12, 31)), 1, 1) - timedelta(days=1)
    if year > end:
        return _months(first, last)
    whole = Piece(YEAR, year, end)
    return (*_months(first, year - timedelta(days=1)), whole, *_months(end + timedelta(days=1), last))


def _months(first: date, last: date) -> tuple[Piece, ...]:
    if first > last:
        return ()
    month = first if first.day == 1 else _next_month(first)
    end = last if (last + timedelta(days=1)).day == 1 else last.replace(day=1) - timedelta(days=1)
    if month > end:
        return (Piece(DAY, first, last),)
    days = [Piece(DAY, first, month - timedelta(days=1)), Piece(MONTH, month, end)]
    days.append(Piece(DAY, end + timedelta(days=1), last))
    return tuple(each for each in days if each.first <= each.last)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
