"""Versions of plans in the database: adopted, ended and taken back by events, never edited in place.

Every change appends to the stream `plan:<id>` and moves the stamp `plans`, by which workers see that there is something
to take up. Days are days in Asia/Shanghai.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from hotline.errors import ConflictError, InvalidInputError, NotFoundError
from hotline.moments import local_date
from hotline.records import NewEvent
from hotline.store import events
from hotline.store.dialect import insert_for
from hotline.store.tables import PLAN_VERSION, RULES_STAMP
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlmodel import Session

    from hotline.records import Actor, Json
    from hotline.store.casestore import CaseStore

STREAM = "plan:"
PLANS = "plans"
NOTE_LIMIT = 300
_STALE = "这个方案刚刚被别人改动过。请刷新页面，看过最新情况后再操作。"


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version without its text: what lists show."""

    plan_id: str
    version: int
    office_id: str | None
    effective_from: date
    digest: str
    uploaded_by: str | None
    uploaded_at: datetime
    note: str
    replay: dict[str, Any] = field(hash=False)
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_note: str = ""

    @property
    def ends(self) -> bool:
        """Whether it ends the plan and brings no new wording."""
        return not self.digest


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """What routing needs of a version; an empty `content` ends the plan."""

    plan_id: str
    version: int
    office_id: str | None
    effective_from: date
    content: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A version that somebody wants to adopt; an empty `content` ends the plan from that day on."""

    plan_id: str
    content: str
    effective_from: date
    note: str
    replay: dict[str, Any]


_LINE = [PLAN_VERSION.c[name] for name in VersionLine.__dataclass_fields__]
_STORED = [PLAN_VERSION.c[name] for name in StoredVersion.__dataclass_fields__]


def digest_of(content: str) -> str:
    """SHA-256 of a plan file, empty for no file."""
    return hashlib.sha256(content.encode()).hexdigest() if content else ""


def load_shipped(store: CaseStore, shipped: Iterable[tuple[str, str, date]], *, by: Actor, now: datetime) -> int:
    """Keep the plans (id, text, first day) that travel with the program as version 1, where there is none yet.

    A file that has changed since with the program is not laid over what is in use; return how many were new.
    """
    known = set(store.session.execute(select(PLAN_VERSION.c.plan_id).where(PLAN_VERSION.c.version == 1)).scalars())
    count = 0
    for plan_id, content, begins in shipped:
        if plan_id in known:
            continue
        proposal = Proposal(plan_id, content, begins, "随程序发布", {})
        _insert(store, proposal, 1, office_id=None, by=by, now=now)
        count += 1
    if count:
        bump(store.session, PLANS)
    return count


def adopt(store: CaseStore, proposal: Proposal, *, by: Actor, now: datetime) -> int:
    """Adopt a new version for the actor's office, or end the plan for it; return the version's number.

    Raises:
        InvalidInputError: The day is in the past or before that of a version that waits, or the reason is missing.
        ConflictError: Somebody else changed the plan at the same moment.
    """
    lines = version_lines(store.session, proposal.plan_id, by.office_id)
    check_adoption(lines, proposal, now=now)
    last = select(func.max(PLAN_VERSION.c.version)).where(PLAN_VERSION.c.plan_id == proposal.plan_id)
    version = int(store.session.execute(last).scalar() or 0) + 1
    _insert(store, proposal, version, office_id=by.office_id, by=by, now=now)
    bump(store.session, PLANS)
    return version


def check_adoption(lines: Iterable[VersionLine], proposal: Proposal, *, now: datetime) -> None:
    """What stands against adopting, whatever the file says.

    Raises:
        InvalidInputError: See `adopt`.
    """
    wrong = {}
    live = [line for line in lines if line.withdrawn_at is None]
    waiting = [line for line in live if line.effective_from > local_date(now) and line.office_id is not None]
    latest = max((line.effective_from for line in waiting), default=None)
    if proposal.effective_from < local_date(now):
        wrong["effective"] = "生效日期不能早于今天"
    elif latest and proposal.effective_from < latest:
        wrong["effective"] = f"已有版本自 {latest.isoformat()} 起生效；请选不早于它的日期，或先撤回它"
    if not proposal.note.strip():
        wrong["note"] = "请写明理由"
    elif len(proposal.note) > NOTE_LIMIT:
        wrong["note"] = f"理由请不超过 {NOTE_LIMIT} 字"
    newest = max(live, key=lambda line: line.version, default=None)
    if newest and newest.digest == digest_of(proposal.content):
        wrong["content"] = "这个方案已经停用" if newest.ends else "内容与最新版本相同，没有改动"
    if wrong:
        message = f"没有采用。{'；'.join(wrong.values())}。"
        raise InvalidInputError(message, **wrong)


def withdraw(store: CaseStore, plan_id: str, version: int, note: str, *, by: Actor, now: datetime) -> None:
    """Take back a version of the actor's office before its first day.

    Raises:
        NotFoundError: The office has no such version.
        InvalidInputError: It is in force already or was taken back, or the reason is missing.
        ConflictError: Somebody else changed the plan at the same moment.
    """
    mine = [line for line in version_lines(store.session, plan_id, by.office_id) if line.version == version]
    if not mine or mine[0].office_id is None:
        message = "没有这个版本，或者它不是本办公室采用的。请从方案页面重新打开。"
        raise NotFoundError(message)
    if mine[0].withdrawn_at is not None or mine[0].effective_from <= local_date(now):
        message = "只能撤回尚未生效的版本。已生效的请采用新版本替换。"
        raise InvalidInputError(message, note="不能撤回")
    if not note.strip() or len(note) > NOTE_LIMIT:
        message = f"请写明撤回理由，不超过 {NOTE_LIMIT} 字。"
        raise InvalidInputError(message, note="请写明理由")
    row = PLAN_VERSION.c.plan_id == plan_id, PLAN_VERSION.c.version == version
    changed = {"withdrawn_by": by.account_id, "withdrawn_at": now, "withdrawn_note": note}
    store.session.execute(update(PLAN_VERSION).where(*row).values(changed))
    _record(store, plan_id, {"what": "version_withdrawn", "version": version}, note, by=by, now=now)
    bump(store.session, PLANS)


def version_lines(session: Session, plan_id: str | None, office_id: str) -> tuple[VersionLine, ...]:
    """The versions of one plan, or of all, that concern an office: the shipped ones and its own, the oldest first."""
    statement = select(*_LINE).where((PLAN_VERSION.c.office_id == office_id) | PLAN_VERSION.c.office_id.is_(None))
    if plan_id is not None:
        statement = statement.where(PLAN_VERSION.c.plan_id == plan_id)
    rows = session.execute(statement.order_by(PLAN_VERSION.c.plan_id, PLAN_VERSION.c.version)).mappings()
    return tuple(VersionLine(**row) for row in rows)


def version_text(session: Session, plan_id: str, version: int, office_id: str) -> str:
    """The file of one version that concerns an office.

    Raises:
        NotFoundError: There is none, or it ends the plan and has no file.
    """
    statement = select(PLAN_VERSION.c.content).where(
        PLAN_VERSION.c.plan_id == plan_id,
        PLAN_VERSION.c.version == version,
        (PLAN_VERSION.c.office_id == office_id) | PLAN_VERSION.c.office_id.is_(None),
    )
    found = session.execute(statement).scalar()
    if not found:
        message = "没有这个版本的方案文件，请从方案页面重新打开。"
        raise NotFoundError(message)
    return str(found)


def stored_versions(session: Session) -> tuple[StoredVersion, ...]:
    """Every version of every office that was not taken back, for the rulebook."""
    statement = select(*_STORED).where(PLAN_VERSION.c.withdrawn_at.is_(None))
    rows = session.execute(statement.order_by(PLAN_VERSION.c.plan_id, PLAN_VERSION.c.version)).mappings()
    return tuple(StoredVersion(**row) for row in rows)


def read_stamps(session: Session) -> dict[str, int]:
    """The stamps of all kinds of rules: one small read."""
    return {row.name: row.value for row in session.execute(select(RULES_STAMP.c.name, RULES_STAMP.c.value))}


def bump(session: Session, name: str) -> None:
    """Tell the workers that rules of this kind have changed."""
    statement = insert_for(session, RULES_STAMP).values(name=name, value=1)
    moved = statement.on_conflict_do_update(index_elements=["name"], set_={"value": RULES_STAMP.c.value + 1})
    session.execute(moved)


def _insert(
    store: CaseStore, proposal: Proposal, version: int, *, office_id: str | None, by: Actor, now: datetime
) -> None:
    digest = digest_of(proposal.content)
    row = {
        "plan_id": proposal.plan_id,
        "version": version,
        "office_id": office_id,
        "effective_from": proposal.effective_from,
        "content": proposal.content,
        "digest": digest,
        "uploaded_by": by.account_id if office_id else None,
        "uploaded_at": now,
        "note": proposal.note,
        "replay": proposal.replay,
        "withdrawn_note": "",
    }
    try:
        store.session.execute(insert(PLAN_VERSION), [row])
    except IntegrityError:
        raise ConflictError(_STALE) from None
    data: dict[str, Json] = {
        "what": "version_loaded" if office_id is None else "version_adopted" if digest else "plan_ended",
        "version": version,
        "office_id": office_id,
        "effective_from": proposal.effective_from.isoformat(),
        "digest": digest,
    }
    _record(store, proposal.plan_id, data, proposal.note if office_id else "", by=by, now=now)


def _record(store: CaseStore, plan_id: str, data: dict[str, Json], text: str, *, by: Actor, now: datetime) -> None:
    """Append to the plan's stream; the reason stands beside the event and is not chained."""
    stream = f"{STREAM}{plan_id}"
    try:
        store.append(
            stream,
            [NewEvent(Action.NOTE, data, text)],
            expected_seq=events.last_seq(store.session, stream),
            actor=by,
            at=now,
            recorded_at=now,
        )
    except ConflictError:
        raise ConflictError(_STALE) from None
