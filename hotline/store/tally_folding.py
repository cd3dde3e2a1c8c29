"""Folding: what was added to the summary is moved into `tally`, per day, month and year."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from hotline.store.dialect import insert_for
from hotline.store.tables import TALLY, TALLY_CHANGE
from hotline.store.tally import KEY
from hotline.store.tally_pieces import DAY, FIRST, MONTH, YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session

_CHUNK = 5_000


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
