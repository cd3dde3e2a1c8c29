"""The ciphers that values are sealed with: AES-256-GCM, and SM4-GCM (GB/T 32907, GB/T 36624) where a setting asks.

A key file holds 256 bits. AES takes them as they are; SM4's 128 bits are derived from them (HKDF-SHA-256, RFC 5869), so
that one file serves either and neither learns the other's key.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

AES_256_GCM = 1
SM4_GCM = 2
CIPHERS = {"aes-256-gcm": AES_256_GCM, "sm4-gcm": SM4_GCM}
"""By the name in the settings; the number is the first byte of what was sealed."""
TAG_BYTES = 16
_SM4_BYTES = 16


class Aead(Protocol):
    """An authenticated cipher under one key."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """The ciphertext with its tag behind it."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """The plain value; `InvalidTag` where it was altered, `ValueError` where it is no ciphertext."""


class Sm4Gcm:
    """SM4 in Galois/Counter mode with a tag of 128 bits."""

    def __init__(self, key: bytes) -> None:
        """Derive SM4's key from the 256 bits of a key file."""
        derived = HKDF(SHA256(), _SM4_BYTES, salt=None, info=b"hotline sm4-gcm").derive(key)
        self._algorithm = algorithms.SM4(derived)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """The ciphertext with its tag behind it."""
        working = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        working.authenticate_additional_data(associated_data)
        return working.update(data) + working.finalize() + working.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """The plain value.

        Raises:
            InvalidTag: The value was altered.
            ValueError: It is too short to be one.
        """
        tag = data[-TAG_BYTES:]
        working = Cipher(self._algorithm, modes.GCM(nonce, tag, TAG_BYTES)).decryptor()
        working.authenticate_additional_data(associated_data)
        return working.update(data[:-TAG_BYTES]) + working.finalize()


@lru_cache(maxsize=64)
def cipher_of(number: int, key: bytes) -> Aead:
    """The cipher with this number under this key."""
    return Sm4Gcm(key) if number == SM4_GCM else AESGCM(key)
