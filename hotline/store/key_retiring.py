"""How many rows each key serves; one is retired only when nothing is left that needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, not_, or_, select

from hotline.errors import KeyringError
from hotline.store.blind_indexes import FIRST_INDEX
from hotline.store.engine import write_transaction
from hotline.store.key_files import key_file, retire_file
from hotline.store.keycheck import forget_check, index_name
from hotline.store.sealed_tables import INDEXES, SEALED, Sealed
from hotline.store.tables import REPORTER

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from pathlib import Path

    from sqlalchemy import ColumnElement, Engine
    from sqlmodel import Session

    from hotline.store.crypto import Keyring


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


def _rows_under(session: Session, each: Sealed, key_id: str) -> int:
    """How many rows hold a value under this key, whatever the cipher: byte 2 is the length of the id that follows."""
    named = bytes((len(key_id),)) + key_id.encode()
    held = [func.substr(each.table.c[column], 2, len(named)) == named for column in each.columns]
    held += [func.substr(each.table.c[column], 3, 2 * len(named)) == named.hex() for column in each.in_hex]
    return int(session.execute(select(func.count()).select_from(each.table).where(or_(*held))).scalar_one())


def _made_with(column: ColumnElement[Any], number: int) -> ColumnElement[bool]:
    return not_(column.contains(":")) if number == FIRST_INDEX else column.startswith(f"{number}:")
