"""Keys as files: in a folder outside the database, one file each, mode 0600."""

from __future__ import annotations

import os
import re
import secrets
from typing import TYPE_CHECKING

from hotline.errors import KeyringError
from hotline.store.blind_indexes import FIRST_INDEX

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 32
INDEX = "index"
DATA_PREFIX = "data-"
EVENTS = "events"
SUFFIX = ".key"
_OTHERS_MAY = 0o077


def key_file(folder: Path, *, data: str = "", index: int = 0) -> Path:
    """Where the file of a data key, or of a blind index's key, stands."""
    first = INDEX if index == FIRST_INDEX else f"{INDEX}-{index}"
    return folder / f"{f'{DATA_PREFIX}{data}' if data else first}{SUFFIX}"


def retire_file(path: Path) -> Path:
    """Put a key's file aside, not away: a backup of before may still need it. Return where it is now."""
    aside = path.parent / "retired"
    aside.mkdir(mode=0o700, exist_ok=True)
    gone = path.rename(aside / path.name)
    os.utime(path.parent)
    return gone


def write_key(path: Path) -> None:
    """Write a new key to disk, readable by its owner alone; a file that is there is an error."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_bytes(KEY_BYTES).hex() + "\n")
        file.flush()
        os.fsync(file.fileno())


def index_number_of(name: str) -> int:
    """1 for `index`, N for `index-N`, else 0."""
    if name == INDEX:
        return FIRST_INDEX
    number = name.removeprefix(f"{INDEX}-")
    return int(number) if number != name and number.isascii() and number.isdigit() else 0


def read_key(path: Path) -> bytes:
    """Read one key.

    Raises:
        KeyringError: It cannot be read, is no key, or other users may read it.
    """
    try:
        if path.stat().st_mode & _OTHERS_MAY:
            message = f"密钥文件 {path.name} 对其他用户可读。请执行 chmod 600 后重试。"
            raise KeyringError(message)
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        message = f"密钥文件 {path.name} 读不出来或内容不对。请从备份恢复。"
        raise KeyringError(message)
    return key


def age_of(key_id: str) -> tuple[int, str]:
    """What data keys are ordered by: the number in their id."""
    digits = re.sub(r"\D", "", key_id)
    return (int(digits) if digits else 0, key_id)
