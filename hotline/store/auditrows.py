"""Whether the rows that lists read are what the events make: cases, legs, clocks, releases, evidence.

Events are the truth, and `audit.verify` proves them whole. A row changed by hand shows a false state all the same until
the case moves on; this finds it. Cases are read in blocks: memory does not grow with their number.
"""

from __future__ import annotations

import hashlib
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select

from hotline.casework.bonds import TIES
from hotline.casework.state import replay
from hotline.errors import HotlineError, KeyringError
from hotline.records import Clock
from hotline.store.clockstore import clock_row
from hotline.store.codec import restore
from hotline.store.crypto import binding
from hotline.store.engine import read_transaction
from hotline.store.events import case_event
from hotline.store.mapping import case_row, leg_row
from hotline.store.releases import release_of
from hotline.store.tables import CASE, CLOCK, EVENT, EVIDENCE, LEG, RELEASED_CASE
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Engine, Table
    from sqlmodel import Session

    from hotline.records import CaseEvent, CaseSnapshot
    from hotline.store.crypto import Keyring

    Reckon = Callable[[Sequence[CaseEvent], CaseSnapshot], tuple[str, Sequence[Clock]]]
    Rows = dict[str, list[Mapping[Any, Any]]]

Broken = dict[str, Any]
BLOCK = 500
_NOT_FROM_EVENTS = frozenset({"due_at", "announce_at", "needs_review", "doubt"})
_NO_FINGERPRINT = frozenset({"announce_at", "seq", "rules", "body"})
_WHILE_IT_RUNS = frozenset({"category", "channel"})
"""Clocks that had ended before these columns were made do not hold them; nobody reads them there."""


def verify_rows(engine: Engine, keyring: Keyring, reckon: Reckon | None = None) -> list[Broken]:
    """Every row that is not what the events of its case make: `[{stream, seq, reason}]`.

    Args:
        engine: The database.
        keyring: Opens the evidence.
        reckon: The mark of the rules in force and the clocks they give to a case, where clocks are to be reckoned
            again; those reckoned under other rules are compared with what was kept of them only.
    """
    found: list[Broken] = []
    with read_transaction(engine) as session:
        after = ""
        while True:
            wanted = select(CASE).where(CASE.c.id > after).order_by(CASE.c.id).limit(BLOCK)
            cases = session.execute(wanted).mappings().all()
            if not cases:
                break
            found += _block_faults(session, cases, reckon)
            after = cases[-1]["id"]
        found += _without_case(session)
        found += _evidence_faults(session, keyring)
    return found


def _block_faults(session: Session, cases: Sequence[Mapping[Any, Any]], reckon: Reckon | None) -> Iterator[Broken]:
    ids = [case["id"] for case in cases]
    events = _grouped(session, EVENT, "stream", ids, "seq")
    legs, clocks = _grouped(session, LEG, "case_id", ids, "id"), _grouped(session, CLOCK, "case_id", ids, "id")
    released = _grouped(session, RELEASED_CASE, "case_id", ids, "case_id")
    for case in cases:
        case_id = case["id"]
        history = tuple(case_event(row) for row in events.get(case_id, ()))
        found = (
            *_case_faults(case, history, legs.get(case_id, []), clocks.get(case_id, []), reckon),
            *_release_faults(case, history, released.get(case_id, [])),
        )
        for reason in found:
            yield {"stream": case_id, "seq": case["seq"], "reason": reason}


def _grouped(session: Session, table: Table, column: str, ids: Sequence[str], order: str) -> Rows:
    """The rows of these cases, by case."""
    statement = select(table).where(table.c[column].in_(ids)).order_by(table.c[column], table.c[order])
    rows = session.execute(statement).mappings()
    return {key: list(group) for key, group in groupby(rows, key=lambda row: str(row[column]))}


def _case_faults(
    case: Mapping[Any, Any],
    events: Sequence[CaseEvent],
    legs: Sequence[Mapping[Any, Any]],
    clocks: Sequence[Mapping[Any, Any]],
    reckon: Reckon | None,
) -> Iterator[str]:
    if not events:
        yield "工单没有事件：整条事件流被删除，或工单是手工插入的"
        return
    try:
        snapshot = replay(events)
    except HotlineError:
        yield "工单的事件不能重放：有事件被删除、调换或插入"
        return
    changed = {"changed_at": next(event.recorded_at for event in reversed(events) if event.action not in TIES)}
    own = case_row(snapshot, None, None) | changed
    wrong = _differences(own, case)
    if wrong:
        yield f"工单数据与事件不符：{'、'.join(wrong)}"
    made = {leg.id: leg_row(leg, snapshot.case_id) | changed for leg in snapshot.legs}
    kept = {row["id"]: row for row in legs}
    if made.keys() != kept.keys():
        yield "承办段与事件不符：有承办段被删除或插入"
    wrong = sorted({name for key in made.keys() & kept.keys() for name in _differences(made[key], kept[key])})
    if wrong:
        yield f"承办段数据与事件不符：{'、'.join(wrong)}"
    yield from _clock_faults(snapshot, own, events, clocks, reckon)


def _clock_faults(
    snapshot: CaseSnapshot,
    case: Mapping[str, Any],
    events: Sequence[CaseEvent],
    rows: Sequence[Mapping[Any, Any]],
    reckon: Reckon | None,
) -> Iterator[str]:
    wrong: set[str] = set()
    for row in rows:
        own = clock_row(restore(Clock, row["body"]), case)
        left_out = _NO_FINGERPRINT if row["stopped_at"] is None else _NO_FINGERPRINT | _WHILE_IT_RUNS
        wrong |= {name for name in own.keys() - left_out if own[name] != row[name]}
    if wrong:
        yield f"时限数据与其推算结果不符：{'、'.join(sorted(wrong))}"
    if any(row["seq"] not in {0, snapshot.seq} for row in rows):
        yield "时限不是按最后一条事件推算的"
    if reckon is None:
        return
    mark, clocks = reckon(events, snapshot)
    if all(row["rules"] == mark for row in rows):
        again = {clock.id: (clock.started_at, clock.due.due_at, clock.stopped_at) for clock in clocks}
        if again != {row["id"]: (row["started_at"], row["due_at"], row["stopped_at"]) for row in rows}:
            yield "时限与按事件重新推算的不同"


def _release_faults(
    case: Mapping[Any, Any], events: Sequence[CaseEvent], rows: Sequence[Mapping[Any, Any]]
) -> Iterator[str]:
    """The public list shows a case from its release until it is withheld, and no other."""
    made, kept = release_of(events, case["office_id"]), rows[0] if rows else None
    if made is None and kept is not None:
        yield "公开名单与事件不符：没有准予公开，却列在名单里"
    elif made is not None and kept is None:
        yield "公开名单与事件不符：已准予公开，名单里却没有"
    elif made is not None and kept is not None and (wrong := _differences(made, kept)):
        yield f"公开名单与事件不符：{'、'.join(wrong)}"


def _differences(made: Mapping[str, Any], kept: Mapping[Any, Any]) -> list[str]:
    return sorted(name for name, value in made.items() if name not in _NOT_FROM_EVENTS and kept[name] != value)


def _without_case(session: Session) -> Iterator[Broken]:
    """Streams that begin as a case does and whose case is gone."""
    registered = (EVENT.c.seq == 1) & (EVENT.c.action == str(Action.REGISTER))
    gone = select(EVENT.c.stream).where(registered, ~exists().where(CASE.c.id == EVENT.c.stream))
    for stream in session.execute(gone).scalars():
        yield {"stream": stream, "seq": 1, "reason": "有事件而没有工单：工单被删除"}


def _evidence_faults(session: Session, keyring: Keyring) -> Iterator[Broken]:
    """Files whose content is not what was uploaded, and files that no event knows."""
    known = select(EVIDENCE.c.id, EVIDENCE.c.case_id).order_by(EVIDENCE.c.case_id, EVIDENCE.c.id)
    for evidence_id, case_id in session.execute(known).all():
        row = session.execute(select(EVIDENCE.c.content, EVIDENCE.c.sha256).where(EVIDENCE.c.id == evidence_id)).one()
        try:
            content = keyring.open(row.content, binding("evidence", "content", evidence_id))
        except KeyringError:
            yield {"stream": case_id, "seq": 0, "reason": "证据文件无法解密：被改动或被调换"}
            continue
        if hashlib.sha256(content).hexdigest() != row.sha256:
            yield {"stream": case_id, "seq": 0, "reason": "证据文件与其摘要不符：被改动"}
            continue
        uploads = select(EVENT.c.data).where(EVENT.c.stream == case_id)
        if not any(row.sha256 in data for data in session.execute(uploads).scalars()):
            yield {"stream": case_id, "seq": 0, "reason": "证据文件没有对应的上传事件"}
