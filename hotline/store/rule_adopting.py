"""Versions of the calendar and of policies adopted by events, never edited in place.

Days are days in Asia/Shanghai.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from hotline.casework.rule_assembly import StoredRule
from hotline.errors import ConflictError, InvalidInputError
from hotline.store.rule_stream import NOTE_LIMIT, STALE, record_change, stream_of
from hotline.store.tables import RULE_VERSION

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlmodel import Session

    from hotline.records import Actor, Json
    from hotline.store.casestore import CaseStore


@dataclass(frozen=True, slots=True)
class RuleProposal:
    """A version that somebody wants to adopt; `content` is what `rule_assembly` reads."""

    kind: str
    subject: str
    effective_from: date
    content: str
    note: str
    office_id: str | None = None
    region: str = ""
    trial: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    def stored(self, version: int) -> StoredRule:
        """As it would be kept."""
        return StoredRule(
            self.kind, version, self.subject, self.office_id, self.region, self.effective_from, self.content
        )


def adopt_rule(store: CaseStore, proposal: RuleProposal, *, by: Actor, now: datetime) -> int:
    """Keep a version that was checked and tried; return its number.

    Raises:
        InvalidInputError: The reason is missing, or nothing would change.
        ConflictError: Somebody else adopted something of this kind at the same moment.
    """
    check_rule(store.session, proposal)
    last = select(func.max(RULE_VERSION.c.version)).where(RULE_VERSION.c.kind == proposal.kind)
    version = int(store.session.execute(last).scalar() or 0) + 1
    row = {name: getattr(proposal, name) for name in RuleProposal.__dataclass_fields__}
    row |= {"version": version, "digest": proposal.digest, "withdrawn_note": ""}
    row |= {"adopted_by": by.account_id, "adopted_at": now}
    try:
        store.session.execute(insert(RULE_VERSION), [row])
    except IntegrityError:
        raise ConflictError(STALE) from None
    data: dict[str, Json] = {
        "what": "rule_adopted",
        "subject": proposal.subject,
        "version": version,
        "office_id": proposal.office_id,
        "region": proposal.region,
        "effective_from": proposal.effective_from.isoformat(),
        "digest": proposal.digest,
    }
    record_change(store, stream_of(proposal.kind, proposal.subject), data, proposal.note, by=by, now=now)
    return version


def check_rule(session: Session, proposal: RuleProposal) -> None:
    """What stands against adopting, whatever the content says.

    Raises:
        InvalidInputError: See `adopt_rule`.
    """
    if not proposal.note.strip() or len(proposal.note) > NOTE_LIMIT:
        message = f"没有采用。请写明理由，不超过 {NOTE_LIMIT} 字。"
        raise InvalidInputError(message, note="请写明理由")
    same = select(RULE_VERSION.c.digest, RULE_VERSION.c.effective_from).where(
        RULE_VERSION.c.kind == proposal.kind,
        RULE_VERSION.c.subject == proposal.subject,
        RULE_VERSION.c.office_id.is_not_distinct_from(proposal.office_id),
        RULE_VERSION.c.region == proposal.region,
        RULE_VERSION.c.withdrawn_at.is_(None),
    )
    newest = session.execute(same.order_by(RULE_VERSION.c.version.desc()).limit(1)).first()
    if newest and newest.digest == proposal.digest and newest.effective_from <= proposal.effective_from:
        message = "没有采用。内容与最新版本相同，没有改动。"
        raise InvalidInputError(message, content="内容与最新版本相同")
