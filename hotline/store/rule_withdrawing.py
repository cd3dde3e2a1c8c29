"""Versions of the calendar and of policies taken back; the events of their adoption stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from hotline.casework.rule_assembly import CALENDAR, POLICY
from hotline.errors import ConflictError, InvalidInputError, NotFoundError
from hotline.moments import local_date
from hotline.store.rule_stream import NOTE_LIMIT, STALE, record_change, stream_of
from hotline.store.rule_versions import LINE_COLUMNS, RuleLine, rule_lines
from hotline.store.tables import RULE_VERSION

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from hotline.records import Actor, Json
    from hotline.store.casestore import CaseStore


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
        select(*LINE_COLUMNS).where(RULE_VERSION.c.kind == CALENDAR, RULE_VERSION.c.version == version)
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
        raise ConflictError(STALE)
    data: dict[str, Json] = {"what": "rule_withdrawn", "subject": line.subject, "version": line.version}
    record_change(store, stream_of(line.kind, line.subject), data, note, by=by, now=now)
