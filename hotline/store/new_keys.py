"""Making keys: all of them for a new deployment, and the next one when a key is changed."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from hotline.errors import KeyringError
from hotline.store.ciphers import AES_256_GCM
from hotline.store.crypto import Keyring, load_keyring
from hotline.store.key_files import DATA_PREFIX, EVENTS, INDEX, SUFFIX, age_of, write_key

if TYPE_CHECKING:
    from pathlib import Path


def create_keyring(folder: Path, cipher: int = AES_256_GCM) -> Keyring:
    """Make new keys, once.

    Raises:
        KeyringError: The folder holds something already: keys are never overwritten.
    """
    if folder.exists() and any(folder.iterdir()):
        message = "密钥目录不是空的，不会覆盖已有密钥。要沿用请直接启动，要新建请换一个空目录。"
        raise KeyringError(message)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    made.mkdir(mode=0o700)
    for name in (f"{DATA_PREFIX}k1", INDEX, EVENTS):
        write_key(made / f"{name}{SUFFIX}")
    # One rename, so that a crash leaves all keys or none.
    made.rename(folder)
    return load_keyring(folder, cipher)


def add_data_key(keyring: Keyring) -> str:
    """Make the next data key and return its id; what is written from now on is sealed under it.

    Raises:
        KeyringError: The keyring was not read from a folder.
    """
    ring = keyring.now()
    key_id = f"k{age_of(ring.active)[0] + 1}"
    _add(ring, f"{DATA_PREFIX}{key_id}")
    return key_id


def add_index_key(keyring: Keyring) -> int:
    """Make the next key of the blind indexes and return its number.

    Raises:
        KeyringError: The keyring was not read from a folder.
    """
    ring = keyring.now()
    number = max(ring.index_keys) + 1
    _add(ring, f"{INDEX}-{number}")
    return number


def _add(ring: Keyring, name: str) -> None:
    if ring.folder is None:
        message = "这些密钥不在目录里，不能更换。请检查 HOTLINE_KEYS 的位置。"
        raise KeyringError(message)
    path = ring.folder / f"{name}{SUFFIX}"
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    write_key(fresh)
    try:
        os.link(fresh, path)  # Unlike a rename it never writes over a key that somebody else made meanwhile.
    except FileExistsError:
        message = f"密钥 {name} 刚刚已被别人建立。请用 hotline keys list 查看。"
        raise KeyringError(message) from None
    finally:
        fresh.unlink()
    # The folder's own time is coarse; this one is exact, so that no process keeps what it read an instant before.
    os.utime(ring.folder)
