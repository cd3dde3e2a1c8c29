"""Whether the keys at hand fit the database: one value per key was kept when it was first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from hotline.errors import KeyringError
from hotline.store.blind_indexes import FIRST_INDEX, index_with
from hotline.store.crypto import binding
from hotline.store.key_files import INDEX
from hotline.store.tables import KEY_CHECK

if TYPE_CHECKING:
    from sqlmodel import Session

    from hotline.store.crypto import Keyring

_WORD = "hotline"


def has_keys(session: Session) -> bool:
    """Whether the database was ever used with keys, so that they must not be made anew."""
    return session.execute(select(KEY_CHECK.c.name).limit(1)).first() is not None


def check_keyring(session: Session, keyring: Keyring) -> None:
    """Refuse keys that do not fit what the database holds; a database without any check fits all keys.

    Raises:
        KeyringError: A key is missing or is another one.
    """
    for name, value in session.execute(select(KEY_CHECK.c.name, KEY_CHECK.c.value)).all():
        if not _fits(keyring, name, value):
            message = f"密钥“{name}”与数据库不符或已缺失。请检查 HOTLINE_KEYS 的位置，或从备份恢复密钥。"
            raise KeyringError(message)


def remember_keyring(session: Session, keyring: Keyring) -> None:
    """Check the keys and keep a check value for each that has none yet.

    Raises:
        KeyringError: The keys do not fit.
    """
    check_keyring(session, keyring)
    known = set(session.execute(select(KEY_CHECK.c.name)).scalars())
    made = {"events": keyring.sign(_WORD.encode()).encode()}
    made |= {index_name(number): _indexed(keyring, number) for number in keyring.index_keys}
    # The active key seals; the others need no check of their own, as what they sealed is bound and authenticated.
    made[f"data:{keyring.active}"] = keyring.seal(_WORD, binding("key_check", "value", f"data:{keyring.active}"))
    fresh = [{"name": name, "value": value} for name, value in made.items() if name not in known]
    if fresh:
        session.execute(insert(KEY_CHECK), fresh)


def _fits(keyring: Keyring, name: str, value: bytes) -> bool:
    if name == INDEX or name.startswith(f"{INDEX}:"):
        number = int(name.partition(":")[2] or FIRST_INDEX)
        return number in keyring.index_keys and value == _indexed(keyring, number)
    if name == "events":
        return value == keyring.sign(_WORD.encode()).encode()
    try:
        return keyring.open_text(value, binding("key_check", "value", name)) == _WORD
    except KeyringError:
        return False


def forget_check(session: Session, name: str) -> None:
    """Ask no more for a key that nothing needs."""
    session.execute(delete(KEY_CHECK).where(KEY_CHECK.c.name == name))


def index_name(number: int) -> str:
    """What the check of a blind index's key is called."""
    return INDEX if number == FIRST_INDEX else f"{INDEX}:{number}"


def _indexed(keyring: Keyring, number: int) -> bytes:
    return index_with(keyring.index_keys[number], number, "check", _WORD).encode()
