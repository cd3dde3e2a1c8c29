"""Re-encryption under the present key, in batches that may be killed at any moment and go on where they were.

Rotation stops nobody: a new key serves at once for what is written, the old ones go on opening what they sealed, and
each batch here brings one table a little further. Blind indexes are computed anew with the same walk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from hotline.store.crypto import binding
from hotline.store.dialect import upsert
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.sealed_tables import INDEXES, SEALED, Sealed
from hotline.store.tables import REKEY_MARK, REPORTER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine
    from sqlmodel import Session

    from hotline.store.crypto import Keyring

DONE = "~"
"""Stands behind every id: the table is through."""


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


def _indexes_anew(row: Mapping[Any, Any], keyring: Keyring) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for name, (column, kind) in INDEXES.items():
        if row[name] is None or not row[column]:
            continue
        bound = binding("reporter", column, row["complaint_id"])
        fresh = keyring.blind_index(kind, keyring.open_text(row[column], bound)) or None
        if fresh != row[name]:
            values[name] = fresh
    return values
