"""The keys of a deployment and what is done with them: sealing values, blind indexes, signing events.

A sealed value carries its cipher and the id of its key, so that both can change, and is bound to its table, column and
row, so that it cannot be moved to another. A process that runs takes up a new key when the folder changes: rotation
stops nobody (`store.rekeying`).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag

from hotline.errors import KeyringError
from hotline.store.blind_indexes import index_with, keyed_digest, number_in
from hotline.store.ciphers import AES_256_GCM, CIPHERS, cipher_of
from hotline.store.key_files import DATA_PREFIX, EVENTS, INDEX, SUFFIX, age_of, index_number_of, read_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The keys of a deployment. It has no repr, so that no log can show them.

    `index_keys` are the blind indexes' keys by number. With a `folder` it follows what the folder holds now.
    """

    data_keys: Mapping[str, bytes]
    active: str
    index_keys: Mapping[int, bytes]
    event_key: bytes
    cipher: int = AES_256_GCM
    folder: Path | None = None

    def now(self) -> Keyring:
        """The keys as they are at this moment: of a running process the folder may have got new ones."""
        if self.folder is None:
            return self
        try:
            changed = self.folder.stat().st_mtime_ns
        except OSError:  # What was read once serves on while the folder is away.
            return self
        return _read_once(self.folder, changed, self.cipher)

    def held(self) -> Keyring:
        """The keys as they are now, for a unit of work: it need not look after each value whether there are new ones.

        A key that came meanwhile is taken from the next one on; the old one still opens what is sealed here.
        """
        return replace(self.now(), folder=None)

    @property
    def mark(self) -> bytes:
        """How every value begins that is sealed now: cipher, length of the key's id, the id."""
        key_id = self.now().active.encode()
        return bytes((self.cipher, len(key_id))) + key_id

    def seal(self, value: bytes | str, aad: str) -> bytes:
        """Encrypt under the active key, bound to `aad` (`binding(table, column, row id)`)."""
        plain = value.encode() if isinstance(value, str) else value
        nonce, ring = secrets.token_bytes(NONCE_BYTES), self.now()
        key_id = ring.active.encode()
        sealed = cipher_of(self.cipher, ring.data_keys[ring.active]).encrypt(nonce, plain, aad.encode())
        return bytes((self.cipher, len(key_id))) + key_id + nonce + sealed

    def open(self, sealed: bytes, aad: str) -> bytes:
        """Decrypt a sealed value.

        Raises:
            KeyringError: Its key is not here, or the value was altered or moved to another row.
        """
        start = 2 + sealed[1] if len(sealed) > 1 else 2
        key_id = sealed[2:start].decode("ascii", "replace")
        key = self.data_keys.get(key_id) or self.now().data_keys.get(key_id)
        if key is None or sealed[0] not in CIPHERS.values():
            message = "缺少解密这条数据的密钥。请把原来的密钥文件放回密钥目录后重试。"
            raise KeyringError(message)
        try:
            nonce, body = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
            return cipher_of(sealed[0], key).decrypt(nonce, body, aad.encode())
        except (InvalidTag, ValueError):
            message = "加密数据无法解开：密钥不符，或数据被改动过。请核对密钥目录并运行 hotline audit verify。"
            raise KeyringError(message) from None

    def open_text(self, sealed: bytes, aad: str) -> str:
        """Decrypt a sealed text."""
        return self.open(sealed, aad).decode()

    @property
    def index_number(self) -> int:
        """The number of the key that blind indexes are made with now."""
        return max(self.now().index_keys)

    def blind_index(self, kind: str, value: str) -> str:
        """A keyed digest of a phone or ID number, equal for equal numbers however they were written.

        Empty where the value says no number (`blind_indexes.number_in`).
        """
        return next(iter(self.blind_indexes(kind, value)), "")

    def blind_indexes(self, kind: str, value: str) -> tuple[str, ...]:
        """The digest under every key, the present one first: while the key changes, rows of both kinds are found."""
        if not number_in(kind, value):
            return ()
        keys = self.now().index_keys
        return tuple(index_with(keys[number], number, kind, value) for number in sorted(keys, reverse=True))

    def sign(self, content: bytes) -> str:
        """The HMAC-SHA-256 of an event or a seal."""
        return keyed_digest(self.event_key, content)

    def __repr__(self) -> str:
        """Show the ids of the keys only."""
        return f"Keyring({sorted(self.data_keys)})"


def binding(table: str, column: str, row_id: str) -> str:
    """What a sealed value is bound to."""
    return f"{table}|{column}|{row_id}"


def load_keyring(folder: Path, cipher: int = AES_256_GCM) -> Keyring:
    """Read the keys; new values are sealed under the data key with the highest number.

    Raises:
        KeyringError: The folder or one of its keys is missing, unreadable, or open to other users.
    """
    keys = {path.stem: read_key(path) for path in sorted(folder.glob(f"*{SUFFIX}"))} if folder.is_dir() else {}
    data_keys = {name.removeprefix(DATA_PREFIX): key for name, key in keys.items() if name.startswith(DATA_PREFIX)}
    index_keys = {index_number_of(name): key for name, key in keys.items() if index_number_of(name)}
    missing = [
        name
        for name, there in ((INDEX, index_keys), (EVENTS, EVENTS in keys), (f"{DATA_PREFIX}k1", data_keys))
        if not there
    ]
    if missing:
        message = f"密钥目录里缺少：{'、'.join(missing)}。请从备份恢复密钥，或检查 HOTLINE_KEYS 的位置。"
        raise KeyringError(message)
    return Keyring(data_keys, max(data_keys, key=age_of), index_keys, keys[EVENTS], cipher, folder)


@lru_cache(maxsize=8)
def _read_once(folder: Path, _changed: int, cipher: int) -> Keyring:
    return load_keyring(folder, cipher)
