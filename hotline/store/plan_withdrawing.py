"""A version of a plan taken back before its first day; the event of its adoption stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from hotline.errors import InvalidInputError, NotFoundError
from hotline.moments import local_date
from hotline.store.plan_stream import NOTE_LIMIT, record_change
from hotline.store.plan_versions import version_lines
from hotline.store.rule_stamps import PLANS, bump
from hotline.store.tables import PLAN_VERSION

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.records import Actor
    from hotline.store.casestore import CaseStore


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
    record_change(store, plan_id, {"what": "version_withdrawn", "version": version}, note, by=by, now=now)
    bump(store.session, PLANS)
