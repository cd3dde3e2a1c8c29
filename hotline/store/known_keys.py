"""Which complaints are known by the key they came under: office, channel, external id."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from hotline.store.crypto import binding
from hotline.store.dialect import is_postgresql
from hotline.store.kept import ask, many, one_of_many
from hotline.store.tables import COMPLAINT, RAW_SUBMISSION

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Select
    from sqlmodel import Session

    from hotline.store.crypto import Keyring

Found = tuple[str, str, str]
"""Complaint id, case id and content digest."""


@cache
def _found(on_postgresql: bool) -> Select[Any]:  # noqa: FBT001 - a cache's key.
    joined = RAW_SUBMISSION.join(COMPLAINT, COMPLAINT.c.submission_id == RAW_SUBMISSION.c.id)
    came = (RAW_SUBMISSION.c.id.label("raw_id"), RAW_SUBMISSION.c.digest, RAW_SUBMISSION.c.external_id)
    return (
        select(COMPLAINT.c.id, COMPLAINT.c.case_id, *came)
        .select_from(joined)
        .where(RAW_SUBMISSION.c.office_id == bindparam("office_id"))
        .where(RAW_SUBMISSION.c.channel == bindparam("channel"))
        .where(one_of_many(RAW_SUBMISSION.c.external_id, "external_ids", on_postgresql=on_postgresql))
        .order_by(COMPLAINT.c.id)
    )


def find_submissions(
    session: Session, keyring: Keyring, office_id: str, channel: str, external_ids: Collection[str]
) -> dict[str, Found]:
    """What came first under each of these keys of one channel, by external id; keys that are new are left out."""
    asked = {"office_id": office_id, "channel": channel, "external_ids": many(session, external_ids)}
    found: dict[str, Found] = {}
    for complaint_id, case_id, raw_id, digest, external_id in ask(session, _found(is_postgresql(session)), asked):
        if external_id not in found:
            sealed, bound = bytes.fromhex(digest), binding("raw_submission", "digest", raw_id)
            found[external_id] = (complaint_id, case_id, keyring.open_text(sealed, bound))
    return found
