"""Which complaints are known by the key they came under: office, channel, external id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from hotline.store.crypto import binding
from hotline.store.tables import COMPLAINT, RAW_SUBMISSION

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Select
    from sqlmodel import Session

    from hotline.store.crypto import Keyring

Found = tuple[str, str, str]
"""Complaint id, case id and content digest."""


def _found() -> Select[Any]:
    joined = RAW_SUBMISSION.join(COMPLAINT, COMPLAINT.c.submission_id == RAW_SUBMISSION.c.id)
    came = (RAW_SUBMISSION.c.id.label("raw_id"), RAW_SUBMISSION.c.digest, RAW_SUBMISSION.c.external_id)
    return (
        select(COMPLAINT.c.id, COMPLAINT.c.case_id, *came)
        .select_from(joined)
        .where(RAW_SUBMISSION.c.office_id == bindparam("office_id"))
        .where(RAW_SUBMISSION.c.channel == bindparam("channel"))
        .where(RAW_SUBMISSION.c.external_id.in_(bindparam("external_ids", expanding=True)))
        .order_by(COMPLAINT.c.id)
    )


_FOUND = _found()
"""Kept: building it costs more than running it."""


def find_submissions(
    session: Session, keyring: Keyring, office_id: str, channel: str, external_ids: Collection[str]
) -> dict[str, Found]:
    """What came first under each of these keys of one channel, by external id; keys that are new are left out."""
    rows = session.execute(_FOUND, {"office_id": office_id, "channel": channel, "external_ids": list(external_ids)})
    found: dict[str, Found] = {}
    for row in rows:
        if row.external_id not in found:
            sealed, bound = bytes.fromhex(row.digest), binding("raw_submission", "digest", row.raw_id)
            found[row.external_id] = (row.id, row.case_id, keyring.open_text(sealed, bound))
    return found
