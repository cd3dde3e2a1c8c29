"""Evidence of a case: files sealed in the database, named and listed without being decrypted whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from hotline.errors import NotFoundError
from hotline.store.crypto import binding
from hotline.store.ids import new_id
from hotline.store.tables import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from sqlmodel import Session

    from hotline.store.crypto import Keyring


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file of a case without its content; `size` in bytes."""

    id: str
    case_id: str
    leg_id: str | None
    filename: str
    media_type: str
    size: int
    sha256: str
    uploaded_by: str
    at: datetime


_LISTED = [column for column in EVIDENCE.c if column.name != "content"]


class EvidenceStore:
    """The part of the unit of work that keeps files."""

    def __init__(self, session: Session, keyring: Keyring) -> None:
        """Work in this session with these keys."""
        self.session = session
        self.keyring = keyring

    def add_evidence(
        self,
        *,
        case_id: str,
        leg_id: str | None,
        filename: str,
        media_type: str,
        content: bytes,
        uploaded_by: str,
        at: datetime,
        evidence_id: str | None = None,
    ) -> Evidence:
        """Seal and keep a file; size and SHA-256 are those of the content as uploaded."""
        kept = Evidence(
            id=evidence_id or new_id(),
            case_id=case_id,
            leg_id=leg_id,
            filename=filename,
            media_type=media_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_by=uploaded_by,
            at=at,
        )
        row: dict[str, Any] = {name: getattr(kept, name) for name in Evidence.__dataclass_fields__}
        row["filename"] = self.keyring.seal(filename, binding("evidence", "filename", kept.id))
        row["content"] = self.keyring.seal(content, binding("evidence", "content", kept.id))
        self.session.execute(insert(EVIDENCE), [row])
        return kept

    def evidence_list(self, case_id: str) -> tuple[Evidence, ...]:
        """The files of a case in the order of their upload."""
        statement = select(*_LISTED).where(EVIDENCE.c.case_id == case_id).order_by(EVIDENCE.c.id)
        return tuple(self._evidence_of(row) for row in self.session.execute(statement).mappings())

    def evidence(self, evidence_id: str) -> tuple[Evidence, bytes]:
        """One file with its content, decrypted.

        Raises:
            NotFoundError: There is none with this id.
        """
        row = self.session.execute(select(EVIDENCE).where(EVIDENCE.c.id == evidence_id)).mappings().first()
        if row is None:
            message = "没有这份证据，或者您无权查看。请从工单页重新打开。"
            raise NotFoundError(message)
        return self._evidence_of(row), self.keyring.open(row["content"], binding("evidence", "content", evidence_id))

    def _evidence_of(self, row: Mapping[Any, Any]) -> Evidence:
        values = {name: row[name] for name in Evidence.__dataclass_fields__}
        values["filename"] = self.keyring.open_text(row["filename"], binding("evidence", "filename", row["id"]))
        return Evidence(**values)
