"""Versions of the calendar and of policies in the database: adopted and taken back by events, never edited in place.

Every change appends to the stream `calendar`, `policy:<id>` or `policies`, and moves the stamp `clocks`, by which the
workers and the scheduler see that there is something to take up. Days are days in Asia/Shanghai.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from hotline.casework.rule_assembly import CALENDAR, POLICY, StoredRule
from hotline.errors import ConflictError, InvalidInputError, NotFoundError
from hotline.moments import local_date
from hotline.records import NewEvent
from hotline.store import events
from hotline.store.plan_versions import bump
from hotline.store.tables import RULE_VERSION
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlmodel import Session

    from hotline.records import Actor, Json
    from hotline.store.casestore import CaseStore

STAMP = "clocks"
NOTE_LIMIT = 300
_STALE = "日历或时限策略刚刚被别人改动过。请刷新页面，看过最新情况后再操作。"


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


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A version as lists show it."""

    kind: str
    version: int
    subject: str
    office_id: str | None
    region: str
    effective_from: date
    content: str
    digest: str
    adopted_by: str
    adopted_at: datetime
    note: str
    trial: dict[str, Any] = field(hash=False)
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_note: str = ""


_LINE = [RULE_VERSION.c[name] for name in RuleLine.__dataclass_fields__]
_STORED = [RULE_VERSION.c[name] for name in StoredRule.__dataclass_fields__]


def stored_rules(session: Session) -> tuple[StoredRule, ...]:
    """Every version that was not taken back."""
    statement = select(*_STORED).where(RULE_VERSION.c.withdrawn_at.is_(None))
    rows = session.execute(statement.order_by(RULE_VERSION.c.kind, RULE_VERSION.c.version)).mappings()
    return tuple(StoredRule(**row) for row in rows)


def rule_lines(session: Session, office_id: str, kind: str, subject: str | None = None) -> tuple[RuleLine, ...]:
    """The versions of a kind that concern an office, the newest first: its own and those of no office."""
    statement = select(*_LINE).where(
        RULE_VERSION.c.kind == kind,
        (RULE_VERSION.c.office_id == office_id) | RULE_VERSION.c.office_id.is_(None),
    )
    if subject is not None:
        statement = statement.where(RULE_VERSION.c.subject == subject)
    rows = session.execute(statement.order_by(RULE_VERSION.c.version.desc())).mappings()
    return tuple(RuleLine(**row) for row in rows)


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
        raise ConflictError(_STALE) from None
    data: dict[str, Json] = {
        "what": "rule_adopted",
        "subject": proposal.subject,
        "version": version,
        "office_id": proposal.office_id,
        "region": proposal.region,
        "effective_from": proposal.effective_from.isoformat(),
        "digest": proposal.digest,
    }
    _record(store, stream_of(proposal.kind, proposal.subject), data, proposal.note, by=by, now=now)
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


def withdraw_rule(store: CaseStore, version: int, note: str, *, place: str, by: Actor, now: datetime) -> None:
    """Take back a change of a policy before its first day: the actor's own office's, or one of its region.

    `place` is the adcode of the actor's office.

    Raises:
        NotFoundError: The office has no such version, or the change serves the whole country.
        InvalidInputError: It is in force already or was taken back, or the reason is missing.
        ConflictError: Somebody else changed the policy at the same moment.
    """
    mine = [line for line in rule_lines(store.session, by.office_id, POLICY) if line.version == version]
    if not mine or not of_place(mine[0], by.office_id, place):
        message = "没有这个版本，或者它不是本办公室或本地区的。请从时限页面重新打开。"
        raise NotFoundError(message)
    if mine[0].withdrawn_at is not None or mine[0].effective_from <= local_date(now):
        message = "只能撤回尚未生效的版本。已生效的请采用新版本替换。"
        raise InvalidInputError(message, note="不能撤回")
    if not note.strip() or len(note) > NOTE_LIMIT:
        message = f"请写明撤回理由，不超过 {NOTE_LIMIT} 字。"
        raise InvalidInputError(message, note="请写明理由")
    _withdraw(store, mine[0], note, by=by, now=now)


def of_place(line: RuleLine, office_id: str, place: str) -> bool:
    """Whether a change of a policy is the office's own, or of the district, city or province it lies in."""
    if line.office_id is not None:
        return line.office_id == office_id
    return bool(line.region) and place.startswith(line.region.rstrip("0"))


def calendar_line(session: Session, version: int, note: str) -> RuleLine:
    """The version of the calendar that may be taken back for this reason; it may be in force.

    Raises:
        NotFoundError: There is no such version.
        InvalidInputError: It was taken back already, or the reason is missing.
    """
    found = session.execute(
        select(*_LINE).where(RULE_VERSION.c.kind == CALENDAR, RULE_VERSION.c.version == version)
    ).mappings()
    row = found.first()
    if row is None:
        message = f"没有第 {version} 版日历。请从工作日历页面核对版本号。"
        raise NotFoundError(message)
    line = RuleLine(**row)
    if line.withdrawn_at is not None:
        message = f"第 {version} 版日历已经撤回，不必再撤。"
        raise InvalidInputError(message, note="已经撤回")
    if not note.strip() or len(note) > NOTE_LIMIT:
        message = f"请写明撤回理由，不超过 {NOTE_LIMIT} 字。"
        raise InvalidInputError(message, note="请写明理由")
    return line


def withdraw_calendar(store: CaseStore, version: int, note: str, *, by: Actor, now: datetime) -> None:
    """Take back a version of the calendar; the one before it serves again.

    Raises:
        NotFoundError, InvalidInputError: See `calendar_line`.
        ConflictError: Somebody else changed the calendar at the same moment.
    """
    _withdraw(store, calendar_line(store.session, version, note), note, by=by, now=now)


def _withdraw(store: CaseStore, line: RuleLine, note: str, *, by: Actor, now: datetime) -> None:
    row = RULE_VERSION.c.kind == line.kind, RULE_VERSION.c.version == line.version
    open_still = RULE_VERSION.c.withdrawn_at.is_(None)
    taken = {"withdrawn_by": by.account_id, "withdrawn_at": now, "withdrawn_note": note}
    changed = update(RULE_VERSION).where(*row, open_still).values(taken).returning(RULE_VERSION.c.version)
    if store.session.execute(changed).first() is None:
        raise ConflictError(_STALE)
    data: dict[str, Json] = {"what": "rule_withdrawn", "subject": line.subject, "version": line.version}
    _record(store, stream_of(line.kind, line.subject), data, note, by=by, now=now)


def stream_of(kind: str, subject: str) -> str:
    """The stream of events that a version belongs to."""
    return f"{POLICY}:{subject}" if kind == POLICY else CALENDAR if kind == CALENDAR else kind


def _record(store: CaseStore, stream: str, data: dict[str, Json], text: str, *, by: Actor, now: datetime) -> None:
    """Append to the stream and tell the workers; the reason stands beside the event and is not chained."""
    expected = events.last_seq(store.session, stream)
    try:
        store.append(
            stream, [NewEvent(Action.NOTE, data, text)], expected_seq=expected, actor=by, at=now, recorded_at=now
        )
    except ConflictError:
        raise ConflictError(_STALE) from None
    bump(store.session, STAMP)
