"""Blind indexes: keyed digests by which equal phones and ID numbers are found without being read."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from hotline.intake.phones import find_phones, spoken_digits

FIRST_INDEX = 1
PHONE, ID_NUMBER = "phone", "id_number"
SHORTEST = 7
"""Digits of the shortest number that belongs to somebody: a local one without its area code."""
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_HIDDEN = {PHONE: re.compile(r"[*＊xX×●]"), ID_NUMBER: re.compile(r"[*＊×●]")}


def index_with(key: bytes, number: int, kind: str, value: str) -> str:
    """The blind index under one key; from the second key on it begins with the key's number."""
    digest = keyed_digest(key, f"{kind}|{number_in(kind, value)}".encode())
    return digest if number == FIRST_INDEX else f"{number}:{digest}"


def keyed_digest(key: bytes, content: bytes) -> str:
    """The HMAC-SHA-256 of some content."""
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def number_in(kind: str, value: str) -> str:
    """The number that a field says, digits (and the X of an ID number) only; of several phones the first.

    Empty where it says none (无, 不详), hides some digits, or was filled with one digit: callers without a number are
    not the same caller. An extension and a remark are no part of it.
    """
    if _MOBILE.fullmatch(value):
        return value
    number = _plain(value)
    if kind == PHONE and not _MOBILE.fullmatch(number):
        text = unicodedata.normalize("NFKC", value)
        found = find_phones(text, spoken_digits(text))
        if found:
            return found[0].digits
    hidden = kind in _HIDDEN and _HIDDEN[kind].search(value)
    told = kind not in _HIDDEN or (len(number) >= SHORTEST and len(set(number)) > 1 and not hidden)
    return number if told else ""


def _plain(value: str) -> str:
    """Digits and X only, without China's country code or the nought that long-distance callers dial."""
    text = re.sub(r"[^0-9X]", "", unicodedata.normalize("NFKC", value).upper())
    return re.sub(r"^(?:0086|86|0)(?=1[3-9][0-9]{9}$)", "", text)
