"""Keys and what is done with them: sealing values, blind indexes, signing events.

Keys live in a folder outside the database, one file each, mode 0600, made once. A sealed value carries the id of its
key, so that keys can be rotated, and is bound to its table, column and row, so that it cannot be moved to another.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hotline.errors import KeyringError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEY_BYTES = 32
NONCE_BYTES = 12
_AES_256_GCM = 1
_DATA_PREFIX = "data-"
_INDEX = "index"
_EVENTS = "events"
_SUFFIX = ".key"
_OTHERS_MAY = 0o077


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The keys of a deployment. It has no repr, so that no log can show them."""

    data_keys: Mapping[str, bytes]
    active: str
    index_key: bytes
    event_key: bytes

    def seal(self, value: bytes | str, aad: str) -> bytes:
        """Encrypt with AES-256-GCM under the active key, bound to `aad` (`binding(table, column, row id)`)."""
        plain = value.encode() if isinstance(value, str) else value
        nonce = secrets.token_bytes(NONCE_BYTES)
        key_id = self.active.encode()
        sealed = _cipher(self.data_keys[self.active]).encrypt(nonce, plain, aad.encode())
        return bytes((_AES_256_GCM, len(key_id))) + key_id + nonce + sealed

    def open(self, sealed: bytes, aad: str) -> bytes:
        """Decrypt a sealed value.

        Raises:
            KeyringError: Its key is not here, or the value was altered or moved to another row.
        """
        start = 2 + sealed[1] if len(sealed) > 1 else 2
        key = self.data_keys.get(sealed[2:start].decode("ascii", "replace"))
        if key is None or sealed[0] != _AES_256_GCM:
            message = "缺少解密这条数据的密钥。请把原来的密钥文件放回密钥目录后重试。"
            raise KeyringError(message)
        try:
            nonce, body = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
            return _cipher(key).decrypt(nonce, body, aad.encode())
        except (InvalidTag, ValueError):
            message = "加密数据无法解开：密钥不符，或数据被改动过。请核对密钥目录并运行 hotline audit verify。"
            raise KeyringError(message) from None

    def open_text(self, sealed: bytes, aad: str) -> str:
        """Decrypt a sealed text."""
        return self.open(sealed, aad).decode()

    def blind_index(self, kind: str, value: str) -> str:
        """A keyed digest of a phone or ID number, equal for equal numbers however they were written."""
        return _keyed(self.index_key, f"{kind}|{_plain_number(value)}".encode())

    def sign(self, content: bytes) -> str:
        """The HMAC-SHA-256 of an event or a seal."""
        return _keyed(self.event_key, content)

    def __repr__(self) -> str:
        """Show the ids of the keys only."""
        return f"Keyring({sorted(self.data_keys)})"


def binding(table: str, column: str, row_id: str) -> str:
    """What a sealed value is bound to."""
    return f"{table}|{column}|{row_id}"


def create_keyring(folder: Path) -> Keyring:
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
    for name in (f"{_DATA_PREFIX}k1", _INDEX, _EVENTS):
        descriptor = os.open(made / f"{name}{_SUFFIX}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_bytes(KEY_BYTES).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
    # One rename, so that a crash leaves all keys or none.
    made.rename(folder)
    return load_keyring(folder)


def load_keyring(folder: Path) -> Keyring:
    """Read the keys; new values are sealed under the data key with the highest number.

    Raises:
        KeyringError: The folder or one of its keys is missing, unreadable, or open to other users.
    """
    keys = {path.stem: _read_key(path) for path in sorted(folder.glob(f"*{_SUFFIX}"))} if folder.is_dir() else {}
    data_keys = {name.removeprefix(_DATA_PREFIX): key for name, key in keys.items() if name.startswith(_DATA_PREFIX)}
    missing = [name for name in (_INDEX, _EVENTS) if name not in keys] + ([] if data_keys else [f"{_DATA_PREFIX}k1"])
    if missing:
        message = f"密钥目录里缺少：{'、'.join(missing)}。请从备份恢复密钥，或检查 HOTLINE_KEYS 的位置。"
        raise KeyringError(message)
    return Keyring(data_keys, max(data_keys, key=_age), keys[_INDEX], keys[_EVENTS])


def _read_key(path: Path) -> bytes:
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


def _age(key_id: str) -> tuple[int, str]:
    digits = re.sub(r"\D", "", key_id)
    return (int(digits) if digits else 0, key_id)


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def _keyed(key: bytes, content: bytes) -> str:
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def _plain_number(value: str) -> str:
    """Digits (and the X of an ID number) only, without China's country code."""
    text = re.sub(r"[^0-9X]", "", unicodedata.normalize("NFKC", value).upper())
    return re.sub(r"^(?:0086|86)(?=1\d{10}$)", "", text)
