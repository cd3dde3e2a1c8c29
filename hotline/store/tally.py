"""The summary of closed clocks, kept with the events in one transaction.

What a case has put into it stands in `case_tally`; saving its clocks takes the difference to `tally_change`, a table
that is only inserted into. `tally_folding` moves those rows on. Readers add up both.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from hotline.store.dialect import upsert
from hotline.store.tables import CASE, CASE_TALLY, TALLY_CHANGE
from hotline.store.tally_entries import TIME, Entry, clock_entries, entries_kept, time_entries
from hotline.store.types import canonical_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlmodel import Session

    from hotline.casework.timeshare import Share
    from hotline.records import Clock

KEY = ("office_id", "day", "body_id", "category", "channel", "policy", "outcome", "cause")


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
    before = entries_kept(row.counted)
    after = clock_entries(clocks, row.category, row.channel)
    if spent is None:
        time = [each for each in before if each.outcome == TIME]
        after += [each._replace(category=row.category, channel=row.channel) for each in time]
    else:
        after += time_entries(spent, row.received_at, row.category, row.channel)
    if sorted(before) == sorted(after):
        return
    session.execute(insert(TALLY_CHANGE), _changes(office_id, before, after))
    upsert(session, CASE_TALLY, [_counted(case_id, office_id, after)], key=("case_id",), keep=("office_id",))


def tally_rows(
    case: Mapping[str, Any], clocks: Iterable[Clock], spent: Sequence[Share]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What a new case (its row given) adds: the rows of `case_tally` and of `tally_change`."""
    entries = clock_entries(clocks, case["category"], case["channel"])
    entries += time_entries(spent, case["received_at"], case["category"], case["channel"])
    if not entries:
        return [], []
    return [_counted(case["id"], case["office_id"], entries)], _changes(case["office_id"], [], entries)


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
