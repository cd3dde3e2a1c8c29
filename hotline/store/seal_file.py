"""The file of seals outside the database: read, and what it lacks appended durably."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.store.engine import read_transaction
from hotline.store.tables import SEAL
from hotline.store.types import canonical_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Engine


def seal_record(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A seal as the file holds it, without its signature."""
    return {
        "id": row["id"],
        "at": row["at"].isoformat(timespec="microseconds"),
        "count": row["count"],
        "ranges": json.loads(row["ranges"]),
        "root": row["root"],
        "prev_root": row["prev_root"],
    }


def read_seal_file(seal_file: Path) -> list[dict[str, Any] | None]:
    """The seals of the file in order; a line that cannot be read is None."""
    if not seal_file.exists():
        return []
    content = seal_file.read_text(encoding="utf-8", errors="replace")
    return [_parsed(line) for line in content.splitlines() if line.strip()]


def write_missing(engine: Engine, seal_file: Path) -> None:
    """Append to the file, durably, every seal of the database that it lacks at its end."""
    _end_last_line(seal_file)
    written = max((seal["id"] for seal in read_seal_file(seal_file) if seal), default=0)
    with read_transaction(engine) as session:
        rows = session.execute(select(SEAL).where(SEAL.c.id > written).order_by(SEAL.c.id)).mappings().all()
    if not rows:
        return
    with seal_file.open("a", encoding="utf-8") as file:
        file.writelines(canonical_text(seal_record(row) | {"hmac": row["hmac"]}) + "\n" for row in rows)
        file.flush()
        os.fsync(file.fileno())


def _end_last_line(seal_file: Path) -> None:
    """Cut off the last line where a crash left it half written; its seal is in the database and is written again."""
    if not seal_file.exists():
        return
    content = seal_file.read_bytes()
    if content and not content.endswith(b"\n"):
        with seal_file.open("r+b") as file:
            file.truncate(content.rfind(b"\n") + 1)


@contextmanager
def held(seal_file: Path) -> Iterator[None]:
    """Let one process of this machine at a time write the file."""
    seal_file.parent.mkdir(parents=True, exist_ok=True)
    with seal_file.with_name(seal_file.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        seal = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return seal if isinstance(seal, dict) and isinstance(seal.get("id"), int) else None
