"""Whether each file of evidence is what was uploaded."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.errors import KeyringError
from hotline.store.askept import as_kept
from hotline.store.crypto import binding
from hotline.store.tables import EVENT, EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

    from hotline.store.audit_faults import Broken
    from hotline.store.crypto import Keyring


def evidence_faults(session: Session, keyring: Keyring) -> Iterator[Broken]:
    """Files whose content is not what was uploaded, and files that no event knows."""
    known = select(EVIDENCE.c.id, EVIDENCE.c.case_id).order_by(EVIDENCE.c.case_id, EVIDENCE.c.id)
    columns = [column for column in as_kept(session, EVIDENCE) if column.name in {"content", "sha256"}]
    for evidence_id, case_id in session.execute(known).all():
        row = session.execute(select(*columns).where(EVIDENCE.c.id == evidence_id)).one()
        if reason := _evidence_fault(session, keyring, (evidence_id, case_id), row.content, row.sha256):
            yield {"stream": str(case_id), "seq": 0, "reason": reason}


def _evidence_fault(session: Session, keyring: Keyring, key: tuple[str, str], sealed: Any, sha256: Any) -> str:  # noqa: ANN401 - whatever the row holds.
    """What is wrong with one file, by its id and its case's; empty where nothing is."""
    evidence_id, case_id = key
    if not isinstance(sealed, bytes) or not isinstance(sha256, str):
        return "证据数据无法读取：被改动"
    try:
        content = keyring.open(sealed, binding("evidence", "content", evidence_id))
    except KeyringError:
        return "证据文件无法解密：被改动或被调换"
    if hashlib.sha256(content).hexdigest() != sha256:
        return "证据文件与其摘要不符：被改动"
    uploads = select(EVENT.c.data).where(EVENT.c.stream == case_id)
    if not any(sha256 in str(data) for data in session.execute(uploads).scalars()):
        return "证据文件没有对应的上传事件"
    return ""
