"""Keys and what is done with them: sealing values, blind indexes, signing events.

Keys live in a folder outside the database, one file each, mode 0600. A sealed value carries its cipher and the id of
its key, so that both can change, and is bound to its table, column and row, so that it cannot be moved to another. A
process that runs takes up a new key when the folder changes: rotation stops nobody (`store.rekeying`).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag

from hotline.errors import KeyringError
from hotline.store.ciphers import AES_256_GCM, CIPHERS, cipher_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEY_BYTES = 32
NONCE_BYTES = 12
INDEX = "index"
FIRST_INDEX = 1
_DATA_PREFIX = "data-"
_EVENTS = "events"
_SUFFIX = ".key"
_OTHERS_MAY = 0o077


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
        """A keyed digest of a phone or ID number, equal for equal numbers however they were written."""
        return self.blind_indexes(kind, value)[0]

    def blind_indexes(self, kind: str, value: str) -> tuple[str, ...]:
        """The digest under every key, the present one first: while the key changes, rows of both kinds are found."""
        keys = self.now().index_keys
        return tuple(index_with(keys[number], number, kind, value) for number in sorted(keys, reverse=True))

    def sign(self, content: bytes) -> str:
        """The HMAC-SHA-256 of an event or a seal."""
        return _keyed(self.event_key, content)

    def __repr__(self) -> str:
        """Show the ids of the keys only."""
        return f"Keyring({sorted(self.data_keys)})"


def index_with(key: bytes, number: int, kind: str, value: str) -> str:
    """The blind index under one key; from the second key on it begins with the key's number."""
    digest = _keyed(key, f"{kind}|{_plain_number(value)}".encode())
    return digest if number == FIRST_INDEX else f"{number}:{digest}"


def binding(table: str, column: str, row_id: str) -> str:
    """What a sealed value is bound to."""
    return f"{table}|{column}|{row_id}"


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
    for name in (f"{_DATA_PREFIX}k1", INDEX, _EVENTS):
        _write_key(made / f"{name}{_SUFFIX}")
    # One rename, so that a crash leaves all keys or none.
    made.rename(folder)
    return load_keyring(folder, cipher)


def load_keyring(folder: Path, cipher: int = AES_256_GCM) -> Keyring:
    """Read the keys; new values are sealed under the data key with the highest number.

    Raises:
        KeyringError: The folder or one of its keys is missing, unreadable, or open to other users.
    """
    keys = {path.stem: _read_key(path) for path in sorted(folder.glob(f"*{_SUFFIX}"))} if folder.is_dir() else {}
    data_keys = {name.removeprefix(_DATA_PREFIX): key for name, key in keys.items() if name.startswith(_DATA_PREFIX)}
    index_keys = {_index_number(name): key for name, key in keys.items() if _index_number(name)}
    missing = [
        name
        for name, there in ((INDEX, index_keys), (_EVENTS, _EVENTS in keys), (f"{_DATA_PREFIX}k1", data_keys))
        if not there
    ]
    if missing:
        message = f"密钥目录里缺少：{'、'.join(missing)}。请从备份恢复密钥，或检查 HOTLINE_KEYS 的位置。"
        raise KeyringError(message)
    return Keyring(data_keys, max(data_keys, key=_age), index_keys, keys[_EVENTS], cipher, folder)


def add_data_key(keyring: Keyring) -> str:
    """Make the next data key and return its id; what is written from now on is sealed under it.

    Raises:
        KeyringError: The keyring was not read from a folder.
    """
    ring = keyring.now()
    key_id = f"k{_age(ring.active)[0] + 1}"
    _add(ring, f"{_DATA_PREFIX}{key_id}")
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


def key_file(folder: Path, *, data: str = "", index: int = 0) -> Path:
    """Where the file of a data key, or of a blind index's key, stands."""
    first = INDEX if index == FIRST_INDEX else f"{INDEX}-{index}"
    return folder / f"{f'{_DATA_PREFIX}{data}' if data else first}{_SUFFIX}"


def retire_file(path: Path) -> Path:
    """Put a key's file aside, not away: a backup of before may still need it. Return where it is now."""
    aside = path.parent / "retired"
    aside.mkdir(mode=0o700, exist_ok=True)
    gone = path.rename(aside / path.name)
    os.utime(path.parent)
    return gone


def _add(ring: Keyring, name: str) -> None:
    if ring.folder is None:
        message = "这些密钥不在目录里，不能更换。请检查 HOTLINE_KEYS 的位置。"
        raise KeyringError(message)
    path = ring.folder / f"{name}{_SUFFIX}"
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    _write_key(fresh)
    try:
        os.link(fresh, path)  # Unlike a rename it never writes over a key that somebody else made meanwhile.
    except FileExistsError:
        message = f"密钥 {name} 刚刚已被别人建立。请用 hotline keys list 查看。"
        raise KeyringError(message) from None
    finally:
        fresh.unlink()
    # The folder's own time is coarse; this one is exact, so that no process keeps what it read an instant before.
    os.utime(ring.folder)


def _write_key(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_bytes(KEY_BYTES).hex() + "\n")
        file.flush()
        os.fsync(file.fileno())


@lru_cache(maxsize=8)
def _read_once(folder: Path, _changed: int, cipher: int) -> Keyring:
    return load_keyring(folder, cipher)


def _index_number(name: str) -> int:
    """1 for `index`, N for `index-N`, else 0."""
    if name == INDEX:
        return FIRST_INDEX
    number = name.removeprefix(f"{INDEX}-")
    return int(number) if number != name and number.isascii() and number.isdigit() else 0


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


def _keyed(key: bytes, content: bytes) -> str:
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def _plain_number(value: str) -> str:
    """Digits (and the X of an ID number) only, without China's country code."""
    text = re.sub(r"[^0-9X]", "", unicodedata.normalize("NFKC", value).upper())
    return re.sub(r"^(?:0086|86)(?=1\d{10}$)", "", text)
