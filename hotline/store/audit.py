"""Verifying every stream and every seal: what was altered, removed, reordered, inserted or cut off."""

from __future__ import annotations

import hmac
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hotline.errors import KeyringError
from hotline.store.askept import UNREADABLE, any_bytes_as_text, as_kept, number, unreadable
from hotline.store.engine import read_transaction
from hotline.store.events import chained_bytes, open_text, text_digest
from hotline.store.sealing import read_seal_file, root_of, seal_record
from hotline.store.tables import EVENT, EVENT_TEXT, SEAL
from hotline.store.types import canonical_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlmodel import Session

    from hotline.store.crypto import Keyring

Broken = dict[str, Any]
_FETCH = 1_000
_SEALS = "seals"
_SPAN = 3


def verify(engine: Engine, keyring: Keyring, seal_file: Path) -> dict[str, Any]:
    """Walk all chains and seals: `{ok, events, seals, unsealed, broken: [{stream, seq, reason}]}`.

    A fault of a seal itself stands under the stream `seals` with the seal's number. Memory does not grow with the
    number of events.
    """
    with read_transaction(engine) as session, any_bytes_as_text(session):
        events = int(session.execute(select(func.count()).select_from(EVENT)).scalar_one())
        unsealed_count = select(func.count()).select_from(EVENT).where(EVENT.c.seal_id.is_(None))
        unsealed = int(session.execute(unsealed_count).scalar_one())
        ordered = select(*as_kept(session, SEAL)).order_by(SEAL.c.id)
        seals = [dict(row) for row in session.execute(ordered).mappings()]
        broken = [*_chain_faults(session, keyring), *_seal_faults(session, keyring, seals, seal_file)]
    return {"ok": not broken, "events": events, "seals": len(seals), "unsealed": unsealed, "broken": broken}


def _chain_faults(session: Session, keyring: Keyring) -> Iterator[Broken]:
    joined = EVENT.outerjoin(EVENT_TEXT, EVENT_TEXT.c.event_id == EVENT.c.id)
    texts = [column for column in as_kept(session, EVENT_TEXT) if column.name in {"salt", "content"}]
    statement = (
        select(*as_kept(session, EVENT), *texts)
        .select_from(joined)
        .order_by(EVENT.c.stream, EVENT.c.seq)
        .execution_options(yield_per=_FETCH)
    )
    rows = session.execute(statement).mappings()
    for stream, events in groupby(rows, key=lambda row: row["stream"]):
        seq, mac = 0, ""
        for row in events:
            own = number(row["seq"], seq + 1)
            wrong = unreadable(EVENT, row)
            reason = f"事件无法读取：{'、'.join(wrong)} 被改动" if wrong else _event_fault(row, seq, mac, keyring)
            if reason:
                yield _fault(stream, own, reason)
            seq, mac = own, row["hmac"]


def _event_fault(row: Mapping[Any, Any], seq: int, mac: str, keyring: Keyring) -> str:
    """What is wrong with one event that follows number `seq` with HMAC `mac`; empty where nothing is."""
    if not _equal(keyring.sign(chained_bytes(row)), row["hmac"]):
        return "内容与签名不符：这条事件被改动、移动或伪造"
    if row["seq"] != seq + 1:
        return "序号不连续：此前的事件被删除"
    if row["prev_hmac"] != mac:
        return "与前一条事件不衔接：前面有事件被替换、插入或调换"
    return _text_fault(row, keyring)


def _text_fault(row: Mapping[Any, Any], keyring: Keyring) -> str:
    """A text that was deleted is no fault; one that is there must be the one that was written."""
    if row["content"] is None:
        return ""
    if UNREADABLE in {row["content"], row["salt"]}:
        return "正文无法读取：被改动"
    try:
        text = open_text(row["id"], row["content"], keyring)
    except KeyringError:
        return "正文无法解密：被改动或被调换"
    return "" if text_digest(row["salt"], text) == row["text_digest"] else "正文与摘要不符：被改动或被添加"


def _seal_faults(session: Session, keyring: Keyring, seals: list[dict[str, Any]], seal_file: Path) -> Iterator[Broken]:
    kept = read_seal_file(seal_file)
    records = {seal["id"]: _record(seal) for seal in seals}
    yield from _file_faults(seals, records, kept)
    prev_root = ""
    for place, seal in enumerate(seals, start=1):
        record = records[seal["id"]]
        if record is None:
            yield _fault(_SEALS, seal["id"], "封存记录无法读取：被改动")
            prev_root = seal["root"]
            continue
        if not _equal(keyring.sign(canonical_bytes(record)), seal["hmac"]):
            yield _fault(_SEALS, seal["id"], "封存记录与签名不符：被改动或伪造")
        elif seal["id"] != place or seal["prev_root"] != prev_root:
            yield _fault(_SEALS, seal["id"], "封存记录不连续：有封存被删除或调换")
        yield from _content_faults(session, seal, record)
        prev_root = seal["root"]
    # The file's seals whose rows are gone still know which events there were.
    known = {seal["id"] for seal in seals}
    for line in kept:
        if line is not None and line["id"] not in known and _signed(line, keyring):
            yield from _range_faults(session, line)


def _record(seal: Mapping[str, Any]) -> dict[str, Any] | None:
    """A seal as the file holds it, without its signature; None where it cannot be read."""
    if unreadable(SEAL, seal):
        return None
    try:
        record = seal_record(seal)
        canonical_bytes(record)
    except (ValueError, RecursionError):
        return None
    return record


def _file_faults(
    seals: list[dict[str, Any]],
    records: Mapping[int, dict[str, Any] | None],
    kept: list[dict[str, Any] | None],
) -> Iterator[Broken]:
    """Where database and file differ. The last seal alone may still be missing in the file, after a crash."""
    rows = {seal["id"]: (records[seal["id"]] or {}) | {"hmac": seal["hmac"]} for seal in seals}
    lines: dict[int, dict[str, Any]] = {}
    for place, line in enumerate(kept, start=1):
        if line is None:
            yield _fault(_SEALS, place, "封存文件有一行读不出来")
        elif rows.get(line["id"]) != line:
            yield _fault(_SEALS, line["id"], "数据库里的封存与封存文件不同或已缺失")
        if line is not None:
            lines[line["id"]] = line
    for seal_id in sorted(set(rows) - set(lines)):
        if seal_id != max(rows):
            yield _fault(_SEALS, seal_id, "封存文件缺少这次封存：文件被截断或删除")


def _content_faults(session: Session, seal: Mapping[str, Any], record: Mapping[str, Any]) -> Iterator[Broken]:
    """Whether the events under a seal are still those that were sealed."""
    columns = [column for column in as_kept(session, EVENT) if column.name in {"stream", "seq", "hmac"}]
    statement = select(*columns).where(EVENT.c.seal_id == seal["id"])
    rows = session.execute(statement).all()
    events = sorted((str(row.stream), number(row.seq), str(row.hmac)) for row in rows)
    if len(events) == seal["count"] and root_of(seal["prev_root"], events) == seal["root"]:
        return
    found = list(_range_faults(session, record))
    yield from found or [_fault(_SEALS, seal["id"], "封存的事件与封存时不同：被改动或替换")]


def _range_faults(session: Session, record: Mapping[str, Any]) -> Iterator[Broken]:
    """Which sealed events are no longer there, or no longer under this seal."""
    for stream, first, last in filter(_is_span, record["ranges"] if isinstance(record["ranges"], list) else ()):
        statement = select(EVENT.c.seq).where(EVENT.c.stream == stream, EVENT.c.seal_id == record["id"])
        there = set(session.execute(statement).scalars())
        missing = [seq for seq in range(first, last + 1) if seq not in there]
        if missing:
            yield _fault(stream, missing[0], f"已封存的事件缺失 {len(missing)} 条：被删除或截断")


def _is_span(span: object) -> bool:
    """Whether it is a stream with the first and the last number sealed: a record may be forged."""
    if not isinstance(span, list) or len(span) != _SPAN:
        return False
    return isinstance(span[0], str) and all(isinstance(each, int) for each in span[1:])


def _signed(line: Mapping[str, Any], keyring: Keyring) -> bool:
    record = {name: value for name, value in line.items() if name != "hmac"}
    try:
        return _equal(keyring.sign(canonical_bytes(record)), str(line.get("hmac", "")))
    except ValueError:  # NaN, or half a character: the program wrote no such line.
        return False


def _equal(made: str, kept: str) -> bool:
    """Whether two signatures are equal; one that was altered may hold any character."""
    return hmac.compare_digest(made.encode(), kept.encode("utf-8", "surrogatepass"))


def _fault(stream: object, seq: int, reason: str) -> Broken:
    return {"stream": str(stream), "seq": seq, "reason": reason}
