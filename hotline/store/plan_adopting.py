"""Versions of plans adopted by events, or ended by an empty one, never edited in place.

Days are days in Asia/Shanghai.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hotline.errors import InvalidInputError
from hotline.moments import local_date
from hotline.store.plan_stream import NOTE_LIMIT, Proposal, digest_of, keep_version
from hotline.store.plan_versions import VersionLine, version_lines
from hotline.store.rule_stamps import PLANS, bump
from hotline.store.tables import PLAN_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from hotline.records import Actor
    from hotline.store.casestore import CaseStore


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
        keep_version(store, proposal, 1, office_id=None, by=by, now=now)
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
    keep_version(store, proposal, version, office_id=by.office_id, by=by, now=now)
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
