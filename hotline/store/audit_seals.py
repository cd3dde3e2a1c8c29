"""Whether the seals of the database are those of the file, and what they seal is still there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.store.askept import as_kept, number, unreadable
from hotline.store.audit_faults import Broken, equal, fault
from hotline.store.seal_file import read_seal_file, seal_record
from hotline.store.sealing import root_of
from hotline.store.tables import EVENT, SEAL
from hotline.store.types import canonical_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlmodel import Session

    from hotline.store.crypto import Keyring

_SEALS = "seals"
_SPAN = 3


def seal_faults(session: Session, keyring: Keyring, seals: list[dict[str, Any]], seal_file: Path) -> Iterator[Broken]:
    """What is wrong with the seals, in the database and in the file."""
    kept = read_seal_file(seal_file)
    records = {seal["id"]: _record(seal) for seal in seals}
    yield from _file_faults(seals, records, kept)
    prev_root = ""
    for place, seal in enumerate(seals, start=1):
        record = records[seal["id"]]
        if record is None:
            yield fault(_SEALS, seal["id"], "封存记录无法读取：被改动")
            prev_root = seal["root"]
            continue
        if not equal(keyring.sign(canonical_bytes(record)), seal["hmac"]):
            yield fault(_SEALS, seal["id"], "封存记录与签名不符：被改动或伪造")
        elif seal["id"] != place or seal["prev_root"] != prev_root:
            yield fault(_SEALS, seal["id"], "封存记录不连续：有封存被删除或调换")
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
            yield fault(_SEALS, place, "封存文件有一行读不出来")
        elif rows.get(line["id"]) != line:
            yield fault(_SEALS, line["id"], "数据库里的封存与封存文件不同或已缺失")
        if line is not None:
            lines[line["id"]] = line
    for seal_id in sorted(set(rows) - set(lines)):
        if seal_id != max(rows):
            yield fault(_SEALS, seal_id, "封存文件缺少这次封存：文件被截断或删除")


def _content_faults(session: Session, seal: Mapping[str, Any], record: Mapping[str, Any]) -> Iterator[Broken]:
    """Whether the events under a seal are still those that were sealed."""
    columns = [column for column in as_kept(session, EVENT) if column.name in {"stream", "seq", "hmac"}]
    statement = select(*columns).where(EVENT.c.seal_id == seal["id"])
    rows = session.execute(statement).all()
    events = sorted((str(row.stream), number(row.seq), str(row.hmac)) for row in rows)
    if len(events) == seal["count"] and root_of(seal["prev_root"], events) == seal["root"]:
        return
    found = list(_range_faults(session, record))
    yield from found or [fault(_SEALS, seal["id"], "封存的事件与封存时不同：被改动或替换")]


def _range_faults(session: Session, record: Mapping[str, Any]) -> Iterator[Broken]:
    """Which sealed events are no longer there, or no longer under this seal."""
    for stream, first, last in filter(_is_span, record["ranges"] if isinstance(record["ranges"], list) else ()):
        statement = select(EVENT.c.seq).where(EVENT.c.stream == stream, EVENT.c.seal_id == record["id"])
        there = set(session.execute(statement).scalars())
        missing = [seq for seq in range(first, last + 1) if seq not in there]
        if missing:
            yield fault(stream, missing[0], f"已封存的事件缺失 {len(missing)} 条：被删除或截断")


def _is_span(span: object) -> bool:
    """Whether it is a stream with the first and the last number sealed: a record may be forged."""
    if not isinstance(span, list) or len(span) != _SPAN:
        return False
    return isinstance(span[0], str) and all(isinstance(each, int) for each in span[1:])


def _signed(line: Mapping[str, Any], keyring: Keyring) -> bool:
    record = {name: value for name, value in line.items() if name != "hmac"}
    try:
        return equal(keyring.sign(canonical_bytes(record)), str(line.get("hmac", "")))
    except ValueError:  # NaN, or half a character: the program wrote no such line.
        return False
