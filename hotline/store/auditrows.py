"""Whether the rows that lists read are what the events make: cases, legs, clocks, releases, merges, evidence.

Events are the truth, and `audit.verify` proves them whole. A row changed by hand shows a false state all the same until
the case moves on; this finds it. Cases are read in blocks: memory does not grow with their number, only with that of
the links among them.
"""

from __future__ import annotations

import hashlib
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import exists, select

from hotline.casework.bonds import TIES
from hotline.casework.state import replay
from hotline.errors import HotlineError, KeyringError
from hotline.records import Clock
from hotline.store.askept import UNREADABLE, any_bytes_as_text, as_kept, number, unreadable
from hotline.store.clockstore import clock_row
from hotline.store.codec import restore
from hotline.store.crypto import binding
from hotline.store.engine import read_transaction
from hotline.store.events import case_event
from hotline.store.mapping import case_row, leg_row
from hotline.store.merging import parts_of, ties_of
from hotline.store.releases import release_of
from hotline.store.tables import CASE, CLOCK, EVENT, EVIDENCE, LEG, MERGED_CASE, RELEASED_CASE
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


class Kept(NamedTuple):
    """The rows of one case."""

    events: Sequence[Mapping[Any, Any]]
    legs: Sequence[Mapping[Any, Any]]
    clocks: Sequence[Mapping[Any, Any]]
    released: Sequence[Mapping[Any, Any]]


BLOCK = 500
_KEY = "key_as_it_stands"
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
        found += _merge_faults(session, ties)
        found += _without_case(session)
        found += _evidence_faults(session, keyring)
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
        for reason in _told(case, kept, reckon, ties):
            yield {"stream": case_id, "seq": number(case["seq"]), "reason": reason}


def _told(case: Mapping[Any, Any], kept: Kept, reckon: Reckon | None, ties: dict[str, frozenset[str]]) -> Iterator[str]:
    """What is wrong with one case; rows altered so that nothing can be made of them must not stop the walk."""
    for what, table, rows in (
        ("工单", CASE, [case]),
        ("承办段", LEG, kept.legs),
        ("时限", CLOCK, kept.clocks),
        ("公开名单", RELEASED_CASE, kept.released),
    ):
        if wrong := sorted({name for row in rows for name in unreadable(table, row)}):
            yield f"{what}数据无法读取：{'、'.join(wrong)}"
    if not kept.events:
        yield "工单没有事件：整条事件流被删除，或工单是手工插入的"
        return
    try:
        history = tuple(case_event(row) for row in kept.events)
        snapshot = replay(history)
    except HotlineError:
        yield "工单的事件不能重放：有事件被删除、调换或插入"
        return
    except Exception:  # noqa: BLE001 - an event altered by hand may break its reading in any way.
        yield "工单的事件不能重放：有事件被改得无法读取"
        return
    try:
        yield from _case_faults(case, snapshot, history, kept, reckon)
        yield from _release_faults(case, history, kept.released)
        if tied := ties_of(history):
            ties[snapshot.case_id] = tied
    except Exception as error:  # noqa: BLE001 - as above: what the event says may not fit where it is used.
        yield f"工单数据无法与事件比对：有内容被改得无法读取（{type(error).__name__}）"


def _grouped(session: Session, table: Table, column: str, ids: Sequence[str], order: str) -> Rows:
    """The rows of these cases, by case."""
    columns = as_kept(session, table)
    statement = select(*columns).where(table.c[column].in_(ids)).order_by(table.c[column], table.c[order])
    rows = session.execute(statement).mappings()
    return {key: list(group) for key, group in groupby(rows, key=lambda row: str(row[column]))}


def _case_faults(
    case: Mapping[Any, Any],
    snapshot: CaseSnapshot,
    events: Sequence[CaseEvent],
    kept: Kept,
    reckon: Reckon | None,
) -> Iterator[str]:
    changed = {"changed_at": next(event.recorded_at for event in reversed(events) if event.action not in TIES)}
    own = case_row(snapshot, None, None) | changed
    wrong = _differences(own, case)
    if wrong:
        yield f"工单数据与事件不符：{'、'.join(wrong)}"
    made = {leg.id: leg_row(leg, snapshot.case_id) | changed for leg in snapshot.legs}
    there = {row["id"]: row for row in kept.legs}
    if made.keys() != there.keys():
        yield "承办段与事件不符：有承办段被删除或插入"
    wrong = sorted({name for key in made.keys() & there.keys() for name in _differences(made[key], there[key])})
    if wrong:
        yield f"承办段数据与事件不符：{'、'.join(wrong)}"
    yield from _clock_faults(snapshot, own, events, kept.clocks, reckon)


def _clock_faults(
    snapshot: CaseSnapshot,
    case: Mapping[str, Any],
    events: Sequence[CaseEvent],
    rows: Sequence[Mapping[Any, Any]],
    reckon: Reckon | None,
) -> Iterator[str]:
    wrong: set[str] = set()
    for row in rows:
        try:
            own = clock_row(restore(Clock, row["body"]), case)
        except Exception:  # noqa: BLE001 - whatever a clock was altered to must not stop the walk.
            wrong.add("body")
            continue
        left_out = _NO_FINGERPRINT if row["stopped_at"] is None else _NO_FINGERPRINT | _WHILE_IT_RUNS
        wrong |= {name for name in own.keys() - left_out if _differ(own[name], row[name])}
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


def _merge_faults(session: Session, ties: Mapping[str, frozenset[str]]) -> Iterator[Broken]:
    """Cases that lists and figures count as one matter are those that their events tie, and no others."""
    made = {each: min(part) for part in parts_of(ties) if len(part) > 1 for each in part}
    columns = (MERGED_CASE.c.case_id, MERGED_CASE.c.group_id, MERGED_CASE.c.office_id, CASE.c.office_id.label("own"))
    rows = session.execute(select(*columns).select_from(MERGED_CASE.join(CASE, CASE.c.id == MERGED_CASE.c.case_id)))
    kept = {row.case_id: row for row in rows}
    for case_id in sorted(made.keys() | kept.keys(), key=str):
        row = kept.get(case_id)
        if row is None:
            reason = "并案与事件不符：已关联为重复，却没有并入"
        elif case_id not in made:
            reason = "并案与事件不符：没有关联为重复，却并在一起"
        elif row.group_id != made[case_id] or row.office_id != row.own:
            reason = "并案与事件不符：并到了别的工单"
        else:
            continue
        yield {"stream": str(case_id), "seq": 0, "reason": reason}


def _differences(made: Mapping[str, Any], kept: Mapping[Any, Any]) -> list[str]:
    return sorted(name for name, value in made.items() if name not in _NOT_FROM_EVENTS and _differ(value, kept[name]))


def _differ(made: object, kept: object) -> bool:
    """Whether they do; what cannot be read at all has been told of by itself."""
    return kept is not UNREADABLE and made != kept


def _without_case(session: Session) -> Iterator[Broken]:
    """Streams that begin as a case does and whose case is gone."""
    registered = (EVENT.c.seq == 1) & (EVENT.c.action == str(Action.REGISTER))
    gone = select(EVENT.c.stream).where(registered, ~exists().where(CASE.c.id == EVENT.c.stream))
    for stream in session.execute(gone).scalars():
        yield {"stream": str(stream), "seq": 1, "reason": "有事件而没有工单：工单被删除"}


def _evidence_faults(session: Session, keyring: Keyring) -> Iterator[Broken]:
    """Files whose content is not what was uploaded, and files that no event knows."""
    known = select(EVIDENCE.c.id, EVIDENCE.c.case_id).order_by(EVIDENCE.c.case_id, EVIDENCE.c.id)
    columns = [column for column in as_kept(session, EVIDENCE) if column.name in {"content", "sha256"}]
    for evidence_id, case_id in session.execute(known).all():
        row = session.execute(select(*columns).where(EVIDENCE.c.id == evidence_id)).one()
        if reason := _evidence_fault(session, keyring, (evidence_id, case_id), row.content, row.sha256):
            yield {"stream": str(case_id), "seq": 0, "reason": reason}


def _evidence_fault(session: Session, keyring: Keyring, key: tuple[str, str], sealed: Any, sha256: Any) -> str:  # noqa: ANN401 - whatever the row holds.
    """What is wrong with one file, by its id and its case's; empty where nothing is."""
    evidence_id, case_id = key
    if not isinstance(sealed, bytes) or not isinstance(sha256, str):
        return "证据数据无法读取：被改动"
    try:
        content = keyring.open(sealed, binding("evidence", "content", evidence_id))
    except KeyringError:
        return "证据文件无法解密：被改动或被调换"
    if hashlib.sha256(content).hexdigest() != sha256:
        return "证据文件与其摘要不符：被改动"
    uploads = select(EVENT.c.data).where(EVENT.c.stream == case_id)
    if not any(sha256 in str(data) for data in session.execute(uploads).scalars()):
        return "证据文件没有对应的上传事件"
    return ""
