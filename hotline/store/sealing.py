"""Seals: one root over all events not sealed yet and the seal before, kept in the database and in a file outside it.

Once sealed, an event cannot be cut off its chain unnoticed, nor a whole chain removed: the file remembers it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from hotline.store.dialect import lock_for_sealing
from hotline.store.engine import write_transaction
from hotline.store.seal_file import held, seal_record, write_missing
from hotline.store.tables import EVENT, SEAL
from hotline.store.types import canonical_bytes, canonical_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlmodel import Session

    from hotline.store.crypto import Keyring

BATCH = 2_000
"""Events under one seal: a batch bounds how long the write lock is held."""

_UPDATE_CHUNK = 500


def seal_pending(engine: Engine, keyring: Keyring, now: datetime, seal_file: Path) -> int:
    """Seal every event that has no seal yet and return how many there were.

    A seal is committed first and then written to the file; a crash between the two is made up for by the next call,
    which begins by writing what the file lacks.
    """
    sealed = 0
    with held(seal_file):
        write_missing(engine, seal_file)
        while (count := _seal_batch(engine, keyring, now)) > 0:
            write_missing(engine, seal_file)
            sealed += count
            if count < BATCH:
                break
    return sealed


def root_of(prev_root: str, events: Iterable[tuple[str, int, str]]) -> str:
    """The root over (stream, seq, HMAC) in order of stream and seq, and over the root before."""
    digest = hashlib.sha256(f"{prev_root}\n".encode())
    for stream, seq, mac in events:
        digest.update(f"{stream}|{seq}|{mac}\n".encode())
    return digest.hexdigest()


def _seal_batch(engine: Engine, keyring: Keyring, now: datetime) -> int:
    with write_transaction(engine) as session:
        lock_for_sealing(session)
        pending = session.execute(
            select(EVENT.c.id, EVENT.c.stream, EVENT.c.seq, EVENT.c.hmac)
            .where(EVENT.c.seal_id.is_(None))
            .order_by(EVENT.c.stream, EVENT.c.seq)
            .limit(BATCH)
        ).all()
        if not pending:
            return 0
        # The database's collation may sort otherwise than Python; the root needs one order everywhere.
        events = sorted((str(row.stream), int(row.seq), str(row.hmac)) for row in pending)
        seal_id = _insert_seal(session, keyring, now, events)
        ids = [row.id for row in pending]
        for start in range(0, len(ids), _UPDATE_CHUNK):
            chunk = ids[start : start + _UPDATE_CHUNK]
            session.execute(update(EVENT).where(EVENT.c.id.in_(chunk)).values(seal_id=seal_id))
        return len(ids)


def _insert_seal(session: Session, keyring: Keyring, now: datetime, events: list[tuple[str, int, str]]) -> int:
    last = session.execute(select(SEAL.c.id, SEAL.c.root).order_by(SEAL.c.id.desc()).limit(1)).first()
    prev_root = str(last.root) if last else ""
    row: dict[str, Any] = {
        "id": int(last.id) + 1 if last else 1,
        "at": now,
        "count": len(events),
        "ranges": canonical_text(_ranges(events)),
        "root": root_of(prev_root, events),
        "prev_root": prev_root,
    }
    row["hmac"] = keyring.sign(canonical_bytes(seal_record(row)))
    session.execute(insert(SEAL), [row])
    return int(row["id"])


def _ranges(events: list[tuple[str, int, str]]) -> list[tuple[str, int, int]]:
    """Per stream the first and the last number sealed; in between there is no gap."""
    spans: dict[str, tuple[int, int]] = {}
    for stream, seq, _ in events:
        first, _last = spans.get(stream, (seq, seq))
        spans[stream] = (first, seq)
    return [(stream, first, last) for stream, (first, last) in spans.items()]
