"""Complaints that an earlier version masked are masked again by today's rules, in batches that may be killed.

Earlier versions left the ends of numbers and a surname in the texts of a 举报, and indexed the ends of masked numbers
for the search; rules 2 left a name that is said again, and an address behind the caller's name; rules 3 left names of
rare families, beside a number and under the text. Masking goes over what is masked already, so that nothing hidden
comes to light. What is not changed is not written, and a database that is through costs one small query.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.intake.normalise import hidden
from hotline.store.casestore import CaseStore
from hotline.store.dialect import upsert
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.mapping import complaint_of, search_row
from hotline.store.tables import CASE, COMPLAINT, REKEY_MARK, REPORTER, SEARCH_DOC

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Engine
    from sqlmodel import Session

    from hotline.store.crypto import Keyring

NAME, RULES = "masking", "4"
"""The mark, and which rules it speaks of: with other rules the walk begins anew."""
BATCH = 100
DONE = "~"
"""Stands behind every id: all are through."""


@dataclass(frozen=True, slots=True)
class Remasked:
    """What a run did: complaints looked at and changed, and whether all are through."""

    seen: int
    changed: int
    finished: bool


def remask(engine: Engine, keyring: Keyring, *, most: int | None = None) -> Remasked:
    """Go on from where the last run stopped, at most so many batches; None goes on to the end."""
    seen, changed, batches = 0, 0, 0
    while most is None or batches < most:
        with read_transaction(engine) as session:
            after = _after(session)
            ids, due = ((), ()) if after == DONE else _due(session, keyring, after)
        if after == DONE:
            return Remasked(seen, changed, finished=True)
        last = ids[-1] if len(ids) == BATCH else DONE
        with write_transaction(engine) as session:
            _write(session, keyring, due)
            upsert(session, REKEY_MARK, [{"name": NAME, "target": RULES, "last_id": last}], key=("name",))
        seen, changed, batches = seen + len(ids), changed + len(due), batches + 1
        if last == DONE:
            return Remasked(seen, changed, finished=True)
    return Remasked(seen, changed, finished=False)


def _after(session: Session) -> str:
    """The last complaint that was looked at under these rules."""
    mark = session.execute(select(REKEY_MARK).where(REKEY_MARK.c.name == NAME)).first()
    return str(mark.last_id) if mark is not None and mark.target == RULES else ""


def _due(session: Session, keyring: Keyring, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The next complaints, and which of them today's rules would mask otherwise.

    One whose text was deleted when its period was over has no search row, and nothing is left to mask.
    """
    joined = COMPLAINT.join(REPORTER, REPORTER.c.complaint_id == COMPLAINT.c.id)
    joined = joined.join(CASE, CASE.c.id == COMPLAINT.c.case_id)
    joined = joined.outerjoin(SEARCH_DOC, SEARCH_DOC.c.complaint_id == COMPLAINT.c.id)
    reporter = [column.label(f"reporter_{column.name}") for column in REPORTER.c]
    found = select(COMPLAINT, *reporter, CASE.c.protected, SEARCH_DOC.c.words).select_from(joined)
    following = found.where(COMPLAINT.c.id > after).order_by(COMPLAINT.c.id).limit(BATCH)
    ids, due = [], []
    for row in session.execute(following).mappings():
        ids.append(row["id"])
        if row["words"] is None:
            continue
        known = complaint_of(row, keyring)
        fresh = hidden(known, whole=row["protected"])
        if fresh != known or set(search_row(fresh)["words"]) != set(row["words"]):
            due.append(row["id"])
    return tuple(ids), tuple(due)


def _write(session: Session, keyring: Keyring, due: Collection[str]) -> None:
    """Mask them from what stands there now: somebody may have completed one since it was looked at."""
    store = CaseStore(session, keyring)
    joined = COMPLAINT.join(CASE, CASE.c.id == COMPLAINT.c.case_id)
    wanted = select(COMPLAINT.c.id, CASE.c.protected).select_from(joined)
    # In this order, as everywhere, so that no two transactions wait for each other.
    locked = wanted.where(COMPLAINT.c.id.in_(due)).order_by(COMPLAINT.c.id).with_for_update(of=COMPLAINT)
    for row in session.execute(locked).all() if due else ():
        store.save_supplement(hidden(store.complaint(row.id), whole=row.protected))
