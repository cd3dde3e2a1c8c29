"""Whether the rows that lists read are what the events make: cases, legs, clocks, releases, merges, evidence.

Events are the truth, and `audit.verify` proves them whole. A row changed by hand shows a false state all the same until
the case moves on; this finds it. Cases are read in blocks: memory does not grow with their number, only with that of
the links among them.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select

from hotline.store.askept import any_bytes_as_text, as_kept, number
from hotline.store.audit_case import faults_of
from hotline.store.audit_differences import Kept
from hotline.store.audit_evidence import evidence_faults
from hotline.store.audit_merges import merge_faults
from hotline.store.engine import read_transaction
from hotline.store.tables import CASE, CLOCK, EVENT, LEG, RELEASED_CASE
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Engine, Table
    from sqlmodel import Session

    from hotline.store.audit_differences import Reckon
    from hotline.store.audit_faults import Broken
    from hotline.store.crypto import Keyring

    Rows = dict[str, list[Mapping[Any, Any]]]

BLOCK = 500
_KEY = "key_as_it_stands"


def verify_rows(engine: Engine, keyring: Keyring, reckon: Reckon | None = None) -> list[Broken]:
    """Every row that is not what the events of its case make: `[{stream, seq, reason}]`.

    Args:
        engine: The database.
        keyring: Opens the evidence.
        reckon: The mark of the rules in force and the clocks they give to a case, where clocks are to be reckoned
            again; those reckoned under other rules are compared with what was kept of them only.
    """
    found: list[Broken] = []
    with read_transaction(engine) as session, any_bytes_as_text(session):
        after, ties = "", dict[str, frozenset[str]]()
        columns = as_kept(session, CASE)
        while True:
            # The key is read as it stands too: the next block begins behind it, whatever it was altered to.
            block = select(*columns, CASE.c.id.label(_KEY)).where(CASE.c.id > after)
            wanted = block.order_by(CASE.c.id).limit(BLOCK)
            cases = session.execute(wanted).mappings().all()
            if not cases:
                break
            found += _block_faults(session, cases, reckon, ties)
            after = cases[-1][_KEY]
        found += merge_faults(session, ties)
        found += _without_case(session)
        found += evidence_faults(session, keyring)
    return found


def _block_faults(
    session: Session, cases: Sequence[Mapping[Any, Any]], reckon: Reckon | None, ties: dict[str, frozenset[str]]
) -> Iterator[Broken]:
    """What is wrong with these cases; `ties` gathers which others they are linked to as duplicates."""
    ids = [case[_KEY] for case in cases]
    events = _grouped(session, EVENT, "stream", ids, "seq")
    legs, clocks = _grouped(session, LEG, "case_id", ids, "id"), _grouped(session, CLOCK, "case_id", ids, "id")
    released = _grouped(session, RELEASED_CASE, "case_id", ids, "case_id")
    for case in cases:
        case_id = str(case["id"])
        kept = Kept(*(rows.get(case_id, []) for rows in (events, legs, clocks, released)))
        for reason in faults_of(case, kept, reckon, ties):
            yield {"stream": case_id, "seq": number(case["seq"]), "reason": reason}


def _grouped(session: Session, table: Table, column: str, ids: Sequence[str], order: str) -> Rows:
    """The rows of these cases, by case."""
    columns = as_kept(session, table)
    statement = select(*columns).where(table.c[column].in_(ids)).order_by(table.c[column], table.c[order])
    rows = session.execute(statement).mappings()
    return {key: list(group) for key, group in groupby(rows, key=lambda row: str(row[column]))}


def _without_case(session: Session) -> Iterator[Broken]:
    """Streams that begin as a case does and whose case is gone."""
    registered = (EVENT.c.seq == 1) & (EVENT.c.action == str(Action.REGISTER))
    gone = select(EVENT.c.stream).where(registered, ~exists().where(CASE.c.id == EVENT.c.stream))
    for stream in session.execute(gone).scalars():
        yield {"stream": str(stream), "seq": 1, "reason": "有事件而没有工单：工单被删除"}
