"""Re-encryption under the present key, in batches that may be killed at any moment and go on where they were.

Rotation stops nobody: a new key serves at once for what is written, the old ones go on opening what they sealed, and
each batch here brings one table a little further. Blind indexes are computed anew with the same walk. A key is retired
only when nothing is left that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, not_, or_, select, update

from hotline.errors import KeyringError
from hotline.store.crypto import FIRST_INDEX, binding, key_file, retire_file
from hotline.store.dialect import upsert
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.keycheck import forget_check, index_name
from hotline.store.tables import (
    COMPLAINT,
    CONTACT,
    EVENT_TEXT,
    EVIDENCE,
    QUARANTINE,
    RAW_SUBMISSION,
    REKEY_MARK,
    REPORTER,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta
    from pathlib import Path

    from sqlalchemy import ColumnElement, Engine, Table
    from sqlmodel import Session

    from hotline.store.crypto import Keyring

BATCH = 100
"""Rows in one write transaction, so that no writer waits long for it."""
DONE = "~"
"""Stands behind every id: the table is through."""
INDEXES = {"phone_index": ("phone", "phone"), "id_index": ("id_number", "id_number")}
"""Blind indexes of `reporter`: from which sealed column, and of what kind."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table with sealed columns: its key, which columns hold bytes, which the same in hex, and the batch it bears."""

    table: Table
    key: str
    columns: tuple[str, ...]
    in_hex: tuple[str, ...] = ()
    batch: int = BATCH


SEALED = (
    Sealed(RAW_SUBMISSION, "id", ("content",), ("digest",)),
    Sealed(COMPLAINT, "id", ("text", "details")),
    Sealed(REPORTER, "complaint_id", ("name", "phone", "id_number", "address")),
    Sealed(EVENT_TEXT, "event_id", ("content",)),
    Sealed(QUARANTINE, "id", ("content", "header")),
    Sealed(CONTACT, "id", ("secret",)),
    Sealed(EVIDENCE, "id", ("filename", "content"), batch=2),
)
"""Every sealed column of the database; a test compares this with the tables."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run did: values sealed anew, and whether every table is through."""

    changed: int
    finished: bool


def rekey(engine: Engine, keyring: Keyring, *, most: int | None = None, again: bool = False) -> Progress:
    """Seal everything under the present key and cipher, from where the last run stopped.

    Args:
        engine: The database; each batch is a transaction of its own.
        keyring: The keys.
        most: How many batches at most; None goes on to the end.
        again: Begin anew where every table was through, because something was written under an older key meanwhile.
    """
    behind = _behind(engine, keyring)
    if not behind and not again:
        return Progress(0, finished=True)
    if not behind:
        with write_transaction(engine) as session:
            session.execute(delete(REKEY_MARK).where(REKEY_MARK.c.name.in_([each.table.name for each in SEALED])))
    changed, batches = 0, 0
    for each in SEALED:
        while most is None or batches < most:
            with write_transaction(engine) as session:
                moved, more = _batch(session, keyring, each)
            changed += moved
            if not more:
                break
            batches += 1
        else:
            break
    return Progress(changed, not _behind(engine, keyring))


def in_use(session: Session, keyring: Keyring) -> dict[str, int]:
    """How many rows each key serves: data keys by id, blind indexes' keys as `index:N`."""
    ring = keyring.now()
    counts = {key_id: sum(_rows_under(session, each, key_id) for each in SEALED) for key_id in ring.data_keys}
    for number in ring.index_keys:
        held = [_made_with(REPORTER.c[name], number) for name in INDEXES]
        counts[f"index:{number}"] = int(
            session.execute(select(func.count()).select_from(REPORTER).where(or_(*held))).scalar_one()
        )
    return counts


def retire(engine: Engine, keyring: Keyring, name: str, *, now: datetime, rest: timedelta) -> Path:
    """Put aside a key that nothing needs: its file goes into the folder `retired`. Return where it is.

    Args:
        engine: The database.
        keyring: The keys.
        name: A data key's id, or `index:N`.
        now: The time.
        rest: How long its successor must have served, so that no transaction begun before is still open.

    Raises:
        KeyringError: There is no such key, it is the present one, or something is still sealed with it.
    """
    ring = keyring.now()
    number = int(name.removeprefix("index:")) if name.removeprefix("index:").isdigit() and ":" in name else 0
    known = number in ring.index_keys if number else name in ring.data_keys
    if not known or ring.folder is None:
        _refuse(f"没有密钥“{name}”。请用 hotline keys list 查看现有密钥。")
    present = ring.index_number if number else ring.active
    if present in (number, name):
        _refuse(f"密钥“{name}”正在使用，不能停用。请先运行 hotline keys rotate。")
    folder = ring.folder
    assert folder is not None  # noqa: S101 - said above; this tells the type checker.
    successor = key_file(folder, index=ring.index_number) if number else key_file(folder, data=ring.active)
    if now.timestamp() - successor.stat().st_mtime < rest.total_seconds():
        _refuse(f"新密钥启用还不到 {int(rest.total_seconds() // 60)} 分钟，可能还有没写完的数据，请稍后再停用。")
    with write_transaction(engine) as session:
        left = in_use(session, keyring)[name]
        if left:
            _refuse(f"还有 {left} 行数据使用密钥“{name}”，不能停用。请先运行 hotline keys reencrypt。")
        forget_check(session, index_name(number) if number else f"data:{name}")
    return retire_file(key_file(folder, index=number) if number else key_file(folder, data=name))


def _refuse(message: str) -> None:
    raise KeyringError(message)


def _target(keyring: Keyring) -> str:
    """What everything is brought to: cipher, data key, number of the index key."""
    return f"{keyring.mark.hex()}:{keyring.index_number}"


def _behind(engine: Engine, keyring: Keyring) -> bool:
    """Whether some table is not through; what an earlier target finished counts for nothing."""
    with read_transaction(engine) as session:
        done = select(func.count()).select_from(REKEY_MARK)
        wanted = done.where(REKEY_MARK.c.target == _target(keyring), REKEY_MARK.c.last_id == DONE)
        return int(session.execute(wanted).scalar_one()) < len(SEALED)


def _batch(session: Session, keyring: Keyring, each: Sealed) -> tuple[int, bool]:
    """Bring the next rows of a table under the present key: how many values, and whether there may be more."""
    target, name = _target(keyring), each.table.name
    mark = session.execute(select(REKEY_MARK).where(REKEY_MARK.c.name == name)).first()
    after = mark.last_id if mark is not None and mark.target == target else ""
    if after == DONE:
        return 0, False
    key = each.table.c[each.key]
    statement = select(each.table).where(key > after).order_by(key).limit(each.batch).with_for_update()
    rows = session.execute(statement).mappings().all()
    changed = 0
    for row in rows:
        values = _anew(row, each, keyring)
        if values:
            session.execute(update(each.table).where(key == row[each.key]).values(**values))
            changed += len(values)
    last = rows[-1][each.key] if len(rows) == each.batch else DONE
    upsert(session, REKEY_MARK, [{"name": name, "target": target, "last_id": last}], key=("name",))
    return changed, last != DONE


def _anew(row: Mapping[Any, Any], each: Sealed, keyring: Keyring) -> dict[str, Any]:
    """The columns of a row that change."""
    mark, table, row_id = keyring.mark, each.table.name, row[each.key]
    values: dict[str, Any] = {}
    for column in (*each.columns, *each.in_hex):
        held = row[column]
        if not held:  # Nothing there, or deleted for good.
            continue
        sealed = bytes.fromhex(held) if column in each.in_hex else held
        if not sealed.startswith(mark):
            bound = binding(table, column, row_id)
            fresh = keyring.seal(keyring.open(sealed, bound), bound)
            values[column] = fresh.hex() if column in each.in_hex else fresh
    if each.table is REPORTER:
        values |= _indexes_anew(row, keyring)
    return values


def _indexes_anew(row: Mapping[Any, Any], keyring: Keyring) -> dict[str, str]:
    values = {}
    for name, (column, kind) in INDEXES.items():
        if row[name] is None or not row[column]:
            continue
        bound = binding("reporter", column, row["complaint_id"])
        fresh = keyring.blind_index(kind, keyring.open_text(row[column], bound))
        if fresh != row[name]:
            values[name] = fresh
    return values


def _rows_under(session: Session, each: Sealed, key_id: str) -> int:
    """How many rows hold a value under this key, whatever the cipher: byte 2 is the length of the id that follows."""
    named = bytes((len(key_id),)) + key_id.encode()
    held = [func.substr(each.table.c[column], 2, len(named)) == named for column in each.columns]
    held += [func.substr(each.table.c[column], 3, 2 * len(named)) == named.hex() for column in each.in_hex]
    return int(session.execute(select(func.count()).select_from(each.table).where(or_(*held))).scalar_one())


def _made_with(column: ColumnElement[Any], number: int) -> ColumnElement[bool]:
    return not_(column.contains(":")) if number == FIRST_INDEX else column.startswith(f"{number}:")
