"""Where sealed values and blind indexes stand: tables, columns, and in which form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.store.tables import COMPLAINT, CONTACT, EVENT_TEXT, EVIDENCE, QUARANTINE, RAW_SUBMISSION, REPORTER

if TYPE_CHECKING:
    from sqlalchemy import Table

BATCH = 100
"""Rows in one write transaction, so that no writer waits long for it."""
INDEXES = {"phone_index": ("phone", "phone"), "id_index": ("id_number", "id_number")}
"""Blind indexes of `reporter`: from which sealed column, and of what kind."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table with sealed columns: its key, which columns hold bytes, which the same in hex, and the batch it bears."""

    table: Table
    key: str
    columns: tuple[str, ...]
    in_hex: tuple[str, ...] = ()
    batch: int = BATCH


SEALED = (
    Sealed(RAW_SUBMISSION, "id", ("content",), ("digest",)),
    Sealed(COMPLAINT, "id", ("text", "details")),
    Sealed(REPORTER, "complaint_id", ("name", "phone", "id_number", "address")),
    Sealed(EVENT_TEXT, "event_id", ("content",)),
    Sealed(QUARANTINE, "id", ("content", "header")),
    Sealed(CONTACT, "id", ("secret",)),
    Sealed(EVIDENCE, "id", ("filename", "content"), batch=2),
)
"""Every sealed column of the database; a test compares this with the tables."""
