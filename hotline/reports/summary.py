"""Reads the summary of closed clocks: years, months and days of a period, and what is not folded in yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hotline.casework.holding import Part
from hotline.reports.figure_words import DESK
from hotline.store.tables import TALLY, TALLY_CHANGE
from hotline.store.tally_entries import LATE, MET, TIME
from hotline.store.tally_folding import fold_mark
from hotline.store.tally_pieces import FIRST, LAST, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Table
    from sqlmodel import Session

    from hotline.reports.selection import Selection

Key = tuple[str, ...]
Row = tuple[Key, str, int, int]
_NAMES = {"body": "body_id"}
_KEPT: dict[tuple[object, ...], list[Row]] = {}
"""Sums of the folded summary by their database, fold mark and question: the same until the next folding."""
_MOST_KEPT = 64


def summarised(selection: Selection) -> bool:
    """Whether the summary can tell it: it holds no kinds, states, focuses and marks."""
    return not (selection.kind or selection.state or selection.supervised or selection.silent or selection.focus)


def closed_rows(
    session: Session, office_id: str, selection: Selection, by: Sequence[str]
) -> Iterator[tuple[Key, str, int, int]]:
    """Closed clocks by the sides asked for: key, outcome, how many, working minutes."""
    return _rows(session, office_id, selection, by, (MET, LATE))


def time_rows(session: Session, office_id: str, selection: Selection, by: Sequence[str]) -> Iterator[tuple[Key, int]]:
    """Working minutes of closed cases by the sides asked for (`cause` is the part); the period is their receipt's."""
    for key, _, _, minutes in _rows(session, office_id, selection, by, (TIME,)):
        yield key, minutes


def time_by_part(session: Session, office_id: str, selection: Selection) -> dict[Part, int]:
    """Whose working minutes closed cases took, every part named."""
    found = dict.fromkeys(Part, 0)
    for (part,), minutes in time_rows(session, office_id, selection, ("cause",)):
        found[Part(part)] += minutes
    return found


def _rows(
    session: Session, office_id: str, selection: Selection, by: Sequence[str], outcomes: Sequence[str]
) -> Iterator[tuple[Key, str, int, int]]:
    since, until = selection.since or FIRST, selection.until or LAST
    yield from _folded(session, office_id, selection, by, outcomes)
    fresh = [TALLY_CHANGE.c.day.between(since, until)]
    yield from _summed(session, TALLY_CHANGE, office_id, fresh, selection=selection, by=by, outcomes=outcomes)


def _folded(
    session: Session, office_id: str, selection: Selection, by: Sequence[str], outcomes: Sequence[str]
) -> list[Row]:
    """What is folded in, kept until the next folding: its mark is read with it, in one unit of work."""
    mark = fold_mark(session)
    key = (str(session.get_bind().engine.url), mark, office_id, selection, tuple(by), tuple(outcomes))
    known = _KEPT.get(key) if mark is not None else None
    if known is not None:
        return known
    found: list[Row] = []
    for each in pieces(selection.since, selection.until):
        spans = [TALLY.c.span == each.span, TALLY.c.day.between(each.first, each.last)]
        found += _summed(session, TALLY, office_id, spans, selection=selection, by=by, outcomes=outcomes)
    if len(_KEPT) >= _MOST_KEPT:
        _KEPT.clear()
    if mark is not None:
        _KEPT[key] = found
    return found


def _summed(
    session: Session,
    table: Table,
    office_id: str,
    spans: Sequence[ColumnElement[bool]],
    *,
    selection: Selection,
    by: Sequence[str],
    outcomes: Sequence[str],
) -> Iterator[Row]:
    columns = [table.c[_NAMES.get(str(side), str(side))] for side in by]
    sums = (func.sum(table.c.n), func.sum(table.c.minutes))
    asked = [table.c.office_id == office_id, *spans, *_narrowed(table, selection), table.c.outcome.in_(outcomes)]
    statement = select(*columns, table.c.outcome, *sums).where(*asked).group_by(*columns, table.c.outcome)
    for row in session.execute(statement):
        yield tuple(row[: len(by)]), row[-3], int(row[-2]), int(row[-1])


def _narrowed(table: Table, selection: Selection) -> list[ColumnElement[bool]]:
    wanted: dict[str, Any] = {
        "body_id": "" if selection.body == DESK else selection.body or None,
        "category": selection.category or None,
        "channel": selection.channel or None,
        "policy": selection.policy or None,
        "cause": str(selection.cause) if selection.cause else None,
    }
    return [table.c[name] == value for name, value in wanted.items() if value is not None]
